package provider

import "github.com/guardai/terraform-provider-guardai/internal/guardai"

// credentials decides between an API key and a token, then finds its values. The block decides if it names either;
// next the environment, where a token goes before an API key since it is set for the occasion. Whether they are
// complete is for the client to say.
func (r *resolver) credentials(block model, cfg *guardai.Config) {
	if block.APIKeyID.IsNull() && block.APIKey.IsNull() {
		before := len(r.unknown)
		cfg.Token = r.text("token", block.Token, "GUARDAI_TOKEN", "")
		if cfg.Token != "" || len(r.unknown) > before {
			return
		}
	}
	cfg.APIKeyID = r.text("api_key_id", block.APIKeyID, "GUARDAI_API_KEY_ID", r.file.APIKeyID)
	cfg.APIKey = r.text("api_key", block.APIKey, "GUARDAI_API_KEY", r.file.APIKey)
}
