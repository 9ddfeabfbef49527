package provider

import "github.com/guardai/terraform-provider-guardai/internal/guardai"

const whereCredentialsComeFrom = "Set api_key_id and api_key (GUARDAI_API_KEY_ID and GUARDAI_API_KEY), token (GUARDAI_TOKEN), " +
	"or config_file (GUARDAI_CONFIG_FILE)."

// credentials decides between an API key and a token, then finds its values. The
// block decides if it names either; next the environment, where a token goes
// before an API key since it is set for the occasion.
func (r *resolver) credentials(block model, cfg *guardai.Config) {
	keyInBlock := !block.APIKeyID.IsNull() || !block.APIKey.IsNull()
	if !keyInBlock {
		before := len(r.unknown)
		cfg.Token, _ = r.text("token", block.Token, "GUARDAI_TOKEN", "")
		if cfg.Token != "" || len(r.unknown) > before {
			return
		}
	}
	before := len(r.unknown)
	cfg.APIKeyID, _ = r.text("api_key_id", block.APIKeyID, "GUARDAI_API_KEY_ID", r.file.APIKeyID)
	cfg.APIKey, _ = r.text("api_key", block.APIKey, "GUARDAI_API_KEY", r.file.APIKey)
	if len(r.unknown) == before && !block.ConfigFile.IsUnknown() && !r.diags.HasError() {
		r.checkAPIKey(cfg)
	}
}

func (r *resolver) checkAPIKey(cfg *guardai.Config) {
	switch {
	case cfg.APIKeyID == "" && cfg.APIKey == "":
		r.fail("api_key", "There are no credentials for the platform. %s", whereCredentialsComeFrom)
	case cfg.APIKeyID == "":
		r.fail("api_key_id", "There is an API key, but not its id. Set api_key_id or GUARDAI_API_KEY_ID too.")
	case cfg.APIKey == "":
		r.fail("api_key", "There is the id of an API key, but not the key. Set api_key or GUARDAI_API_KEY too.")
	}
}
