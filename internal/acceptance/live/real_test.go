//go:build live

package live_test

import (
	"os"
	"testing"

	"github.com/guardai/terraform-provider-guardai/internal/guardai"
)

// TestLive uses the platform that the environment names. It creates and deletes organizations there, so only
// make testacc-live builds it.
func TestLive(t *testing.T) {
	p := &platform{
		config: guardai.Config{
			Host: os.Getenv("GUARDAI_HOST"), APIKeyID: os.Getenv("GUARDAI_API_KEY_ID"), APIKey: os.Getenv("GUARDAI_API_KEY"),
			Token: os.Getenv("GUARDAI_TOKEN"), MaxRetries: 3,
		},
		providerBlock: "provider \"guardai\" {}\n",
	}
	if p.config.Token != "" {
		// The provider prefers a token too.
		p.config.APIKeyID, p.config.APIKey = "", ""
	}
	p.run(t)
}
