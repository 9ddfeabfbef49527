package token_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/guardai/terraform-provider-guardai/internal/acceptance"
	"github.com/guardai/terraform-provider-guardai/internal/cli"
	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

const ephemeral = `ephemeral "guardai_token" "test" {}
`

// withPostcondition opens the ephemeral resource and fails unless a condition holds. The condition isn't in the
// ephemeral resource itself, because Terraform 1.11 crashes when it shows such a plan.
func withPostcondition(condition string) string {
	return ephemeral + fmt.Sprintf(`
resource "terraform_data" "condition" {
  lifecycle {
    precondition {
      condition     = %s
      error_message = "The token is not what was expected."
    }
  }
}
`, condition)
}

// secondProvider reads an organization with the token.
func secondProvider(s *acceptance.Sandbox, id int64) string {
	return fmt.Sprintf(`
provider "guardai" {
  alias = "second"
  host  = %q
  token = ephemeral.guardai_token.test.token
}
data "guardai_organization" "first" {
  id = "%[2]d"
}
data "guardai_organization" "second" {
  provider = guardai.second
  id       = data.guardai_organization.first.id
}
resource "terraform_data" "test" {
  input = data.guardai_organization.second.name
}
`, s.URL, id)
}

const notExpired = `timecmp(ephemeral.guardai_token.test.expires_at, timestamp()) > 0`

func TestTokenWithAPIKey(t *testing.T) {
	t.Parallel()
	s := acceptance.NewSandbox(t)
	org := s.AddOrganization(sandbox.Organization{Name: "org"})
	w := acceptance.NewWorkspace(t, map[string]string{"main.tf": s.Provider() + withPostcondition(notExpired) + secondProvider(s, org.ID)})
	acceptance.EphemeralResources.Need(t)
	w.MustRun(t, "init")
	if plan := w.MustRun(t, "plan").Stdout; !strings.Contains(plan, `"org"`) {
		t.Errorf("the token was not used:\n%s", plan)
	}
	if got := s.Count("login"); got != 1 {
		t.Errorf("got %d logins in one run, want 1", got)
	}
}

func TestConfiguredToken(t *testing.T) {
	t.Parallel()
	acceptance.EphemeralResources.Need(t)
	s := acceptance.NewSandbox(t)
	w := acceptance.NewWorkspace(t, map[string]string{"main.tf": s.Provider()})
	w.MustRun(t, "init")
	for token, condition := range map[string]string{
		signedJWT(t, time.Now().Add(time.Hour)): notExpired + ` && startswith(ephemeral.guardai_token.test.token, "eyJ")`,
		"opaque-token":                          `ephemeral.guardai_token.test.token == "opaque-token" && ephemeral.guardai_token.test.expires_at == null`,
	} {
		w.Write(t, "main.tf", withToken(s, token)+withPostcondition(condition))
		w.MustRun(t, "plan")
	}
	if got := s.Count(); got != 0 {
		t.Errorf("the platform was asked %d times", got)
	}
}

func withToken(s *acceptance.Sandbox, token string) string {
	return fmt.Sprintf("provider \"guardai\" {\n host = %q\n token = %q\n}\n", s.URL, token)
}

// signedJWT returns a JWT that expires at the given time.
func signedJWT(t *testing.T, expires time.Time) string {
	t.Helper()
	claims := jwt.RegisteredClaims{ExpiresAt: jwt.NewNumericDate(expires)}
	token, err := jwt.NewWithClaims(jwt.SigningMethodHS256, claims).SignedString([]byte("test"))
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func TestTokenErrors(t *testing.T) {
	t.Parallel()
	acceptance.EphemeralResources.Need(t)
	s := acceptance.NewSandbox(t)
	w := acceptance.NewWorkspace(t, map[string]string{"main.tf": s.Provider()})
	w.MustRun(t, "init")
	for block, want := range map[string]string{
		withToken(s, signedJWT(t, time.Date(2022, 3, 1, 12, 0, 0, 0, time.UTC))):                             `token has expired.*2022-03-01T12:00:00Z.*api_key_id`,
		fmt.Sprintf("provider \"guardai\" {\n host = %q\n}\n", s.URL):                                        `No credentials for GuardAI.*api_key_id`,
		fmt.Sprintf("provider \"guardai\" {\n host = %q\n api_key_id = \"x\"\n api_key = \"y\"\n}\n", s.URL): `Unable to get a token.*POST \S+/api/v1/login returned 401.*api_key_id`,
	} {
		w.Write(t, "main.tf", block+ephemeral)
		if text := strings.Join(cli.Lines(w.RunTo(t, 1, "plan").Text()), " "); !regexp.MustCompile(want).MatchString(text) {
			t.Errorf("%q isn't in: %s", want, text)
		}
	}
}
