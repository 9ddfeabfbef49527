// Package acceptance lets tests run the provider with a real CLI against a
// sandbox of their own. It is imported by tests only.
package acceptance

import (
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
	"github.com/guardai/terraform-provider-guardai/internal/sandbox/contracttest"
)

// Sandbox is a GuardAI API that is one test's own. Every request and every answer
// is checked against the contract's OpenAPI document; a violation fails the test.
type Sandbox struct {
	*sandbox.Server
	// URL is the base URL of the API.
	URL string
}

// NewSandbox starts a sandbox on a free port of the loopback interface. It ends
// with the test.
func NewSandbox(t testing.TB, change ...func(*sandbox.Config)) *Sandbox {
	t.Helper()
	cfg := sandbox.Config{Middleware: contracttest.Middleware(t.Errorf)}
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

// Provider returns a provider block for the sandbox with an administrator's API
// key. Lines are added to it. Unless they say otherwise, it retries less than by
// default, so that no test waits for a minute.
func (s *Sandbox) Provider(lines ...string) string {
	return s.providerBlock(sandbox.AdminKeyID, sandbox.AdminKey, lines)
}

// UserProvider is Provider for a user who is no administrator.
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

// MustOrganization returns an organization that must be there.
func (s *Sandbox) MustOrganization(t testing.TB, id int64) sandbox.Organization {
	t.Helper()
	org, ok := s.Organization(id)
	if !ok {
		t.Fatalf("organization %d is not in the sandbox", id)
	}
	return org
}
