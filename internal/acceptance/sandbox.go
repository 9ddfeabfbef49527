// Package acceptance lets tests run the provider with a real CLI against a
// sandbox of their own. It is imported by tests only.
package acceptance

import (
	"fmt"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
	"github.com/guardai/terraform-provider-guardai/internal/sandbox/contracttest"
)

// modeVariable names an environment variable by which the tests run against a
// platform that responds in another way: see mode.
const modeVariable = "GUARDAI_TEST_SANDBOX"

// mode returns the configuration of all sandboxes for a value of modeVariable:
// "always-200", "omit" or "null", or several with commas in between.
func mode(value string) (sandbox.Config, error) {
	cfg := sandbox.Config{}
	for name := range strings.SplitSeq(value, ",") {
		switch name {
		case "":
		case "always-200":
			cfg.Always200 = true
		default:
			cfg.EmptyFields = sandbox.EmptyFields(name)
			if err := cfg.EmptyFields.Validate(); err != nil {
				return cfg, fmt.Errorf("%s %w", modeVariable, err)
			}
		}
	}
	return cfg, nil
}

// Sandbox is a GuardAI API that is one test's own. Every request and every response
// is checked against the contract's OpenAPI document; a violation fails the test.
type Sandbox struct {
	*sandbox.Server
	// URL is the base URL of the API.
	URL string
}

// NewSandbox starts a sandbox on a free port of the loopback interface. It ends with the test.
func NewSandbox(t testing.TB, change ...func(*sandbox.Config)) *Sandbox {
	t.Helper()
	cfg, err := mode(os.Getenv(modeVariable))
	if err != nil {
		t.Fatal(err)
	}
	// Tests have the sandbox send nulls, to see what the provider makes of them. What
	// it was sent, the provider may send back.
	allowed := []contracttest.Null{contracttest.NullInResponses}
	if cfg.EmptyFields == sandbox.EmptyNull {
		allowed = append(allowed, contracttest.NullInRequests)
	}
	cfg.Middleware = contracttest.Middleware(t.Errorf, allowed...)
	for _, c := range change {
		c(&cfg)
	}
	server, err := sandbox.New(cfg)
	if err != nil {
		t.Fatalf("sandbox: %v", err)
	}
	listener := httptest.NewServer(server)
	t.Cleanup(func() {
		listener.CloseClientConnections()
		listener.Close()
		if err := server.Close(); err != nil {
			t.Errorf("sandbox: %v", err)
		}
	})
	return &Sandbox{Server: server, URL: listener.URL}
}

// Provider returns a provider block for the sandbox with an administrator's API key. Lines are added to it. Unless
// they say otherwise, it retries less than by default, so that no test waits for a minute.
func (s *Sandbox) Provider(lines ...string) string {
	return s.providerBlock(sandbox.AdminKeyID, sandbox.AdminKey, lines)
}

// UserProvider is Provider for a user who isn't an administrator.
func (s *Sandbox) UserProvider(lines ...string) string {
	return s.providerBlock(sandbox.UserKeyID, sandbox.UserKey, lines)
}

func (s *Sandbox) providerBlock(keyID, key string, lines []string) string {
	added := strings.Join(lines, "\n  ")
	if !strings.Contains(added, "max_retries") {
		added = "max_retries = 3\n  " + added
	}
	return fmt.Sprintf(`
provider "guardai" {
  host       = %q
  api_key_id = %q
  api_key    = %q
  %s
}
`, s.URL, keyID, key, added)
}

// Environ are the environment variables with the sandbox's address and an administrator's API key.
func (s *Sandbox) Environ() []string {
	return []string{"GUARDAI_HOST=" + s.URL, "GUARDAI_API_KEY_ID=" + sandbox.AdminKeyID, "GUARDAI_API_KEY=" + sandbox.AdminKey}
}

// EmptyFieldsShown has a sandbox show empty texts and lists, whatever the mode, for tests that expect them.
func EmptyFieldsShown(cfg *sandbox.Config) { cfg.EmptyFields = "" }

// MustOrganization returns an organization that must be there.
func (s *Sandbox) MustOrganization(t testing.TB, id int64) sandbox.Organization {
	t.Helper()
	org, ok := s.Organization(id)
	if !ok {
		t.Fatalf("organization %d is not in the sandbox", id)
	}
	return org
}
