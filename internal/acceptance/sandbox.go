// Package acceptance runs the provider with a real CLI against a sandbox. Only tests import it.
package acceptance

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
	"github.com/guardai/terraform-provider-guardai/internal/sandbox/contracttest"
)

// modeEnvVar is an environment variable that makes all sandboxes unusual if it is "unusual".
const modeEnvVar = "GUARDAI_TEST_SANDBOX"

// Sandbox is a GuardAI API for one test. Requests or responses that violate the OpenAPI document fail the test.
type Sandbox struct{ *sandbox.Local }

// NewSandbox starts a sandbox on a free port of the loopback interface. It ends with the test.
func NewSandbox(t testing.TB, change ...func(*sandbox.Config)) *Sandbox {
	t.Helper()
	mode := os.Getenv(modeEnvVar)
	if mode != "" && mode != "unusual" {
		t.Fatalf("%s must be empty or \"unusual\", not %q", modeEnvVar, mode)
	}
	// Some tests let a usual sandbox send null too.
	cfg := sandbox.Config{Unusual: mode != "", Middleware: contracttest.Middleware(t.Errorf, true)}
	for _, c := range change {
		c(&cfg)
	}
	local, err := sandbox.NewLocal(cfg)
	if err != nil {
		t.Fatalf("sandbox: %v", err)
	}
	t.Cleanup(func() {
		if err := local.Close(); err != nil {
			t.Errorf("sandbox: %v", err)
		}
	})
	return &Sandbox{local}
}

// Provider returns a provider block with the sandbox's address and an administrator's API key, plus the given lines. By
// default, max_retries is low to keep tests fast.
func (s *Sandbox) Provider(lines ...string) string {
	return s.providerBlock(sandbox.AdminKeyID, sandbox.AdminKey, lines)
}

// UserProvider is Provider with an ordinary user's API key.
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

// Usual overrides the mode for tests of what a usual platform does.
func Usual(cfg *sandbox.Config) { cfg.Unusual = false }

// Unusual overrides the mode for tests of what an unusual platform does.
func Unusual(cfg *sandbox.Config) { cfg.Unusual = true }

// MustOrganization returns an organization, and fails the test if it doesn't exist.
func (s *Sandbox) MustOrganization(t testing.TB, id int64) sandbox.Organization {
	t.Helper()
	org, ok := s.Organization(id)
	if !ok {
		t.Fatalf("organization %d is not in the sandbox", id)
	}
	return org
}

// NewSeededSandbox is NewSandbox with example organizations.
func NewSeededSandbox(t testing.TB) *Sandbox {
	t.Helper()
	return NewSandbox(t, func(cfg *sandbox.Config) { cfg.Seed = true })
}

// MustOrganizationNamed returns the first organization with a name, and fails the test if there is none.
func (s *Sandbox) MustOrganizationNamed(t testing.TB, name string) sandbox.Organization {
	t.Helper()
	for _, org := range s.Organizations() {
		if org.Name == name {
			return org
		}
	}
	t.Fatalf("there is no organization %q", name)
	return sandbox.Organization{}
}
