package sandbox_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

// page returns the text of the page, with elements and white space replaced by single spaces, and its HTML.
func (b *sandboxTest) page(query string) (text, html string) {
	b.t.Helper()
	b.token = "" // The page requires no credentials.
	html = string(b.send("GET", "/"+query, nil).want(http.StatusOK).body)
	_, body, _ := strings.Cut(html, "<body>")
	return strings.Join(strings.Fields(regexp.MustCompile(`<[^>]*>`).ReplaceAllString(body, " ")), " "), html
}

func TestPageShowsState(t *testing.T) {
	t.Parallel()
	b := newSandboxTest(t, sandbox.Config{Seed: true})
	b.AddDefinition(sandbox.Transform, 2, sandbox.Definition{Fields: map[string]any{"name": "fog"}, Content: []byte("x")})
	b.AddDefinition(sandbox.Metric, 2, sandbox.Definition{Fields: map[string]any{"name": "<recall>"}})
	b.Inject(sandbox.Fault{Operation: "login", Kind: sandbox.FaultSlow, Delay: time.Second, Times: -1, Every: 3})
	b.Inject(sandbox.Fault{Kind: sandbox.FaultStatus, Status: http.StatusTooManyRequests})
	b.send("GET", organizationURL(2, ""), nil).want(http.StatusTooManyRequests)
	text, _ := b.page("")
	for _, want := range []string{
		"press Ctrl-C", "Organizations (5)", "Driver Monitoring id 2", "disabledFeatures = [ROBUSTNESS]", "maxItemCount = 250",
		"Files kitti-classes.csv (classmapping, dataset 7)", "Transforms fog Metrics &lt;recall&gt; (no code)", "Projects Night driving Rain",
		"slow 1s, login, one in 3 calls, until removed", "Requests (1)", "GET /api/v1/organizations/2 429", "fault: status",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in:\n%s", want, text)
		}
	}
	if strings.Contains(text, "status 429, any call") {
		t.Error("a fault that is over is still shown")
	}
}

func TestPageShowsMembers(t *testing.T) {
	t.Parallel()
	b := newSandboxTest(t, sandbox.Config{})
	org := b.AddOrganization(sandbox.Organization{Name: "Cars"})
	b.AddMember(org.ID, sandbox.UserID)
	if text, _ := b.page(""); !strings.Contains(text, "Members Tom Ferreira &lt;tom.ferreira@example.com&gt;") {
		t.Error(text)
	}
}

func TestPageShowsNoSecrets(t *testing.T) {
	t.Parallel()
	b := newSandboxTest(t, sandbox.Config{Seed: true})
	token := b.token
	jwt := b.send("POST", loginURL, credentials(sandbox.AdminKeyID, sandbox.AdminKey)).want(http.StatusOK).field("jwt")
	b.send("GET", organizationURL(1, "?key=query-secret"), nil)
	b.Inject(sandbox.Fault{Kind: sandbox.FaultStatus, Status: 500, Body: "body-secret", Location: "https://location-secret.example"})
	_, html := b.page("")
	for _, secret := range []string{
		token, jwt, sandbox.AdminKeyID, sandbox.AdminKey, sandbox.UserKeyID, sandbox.UserKey, "query-secret", "body-secret", "location-secret",
	} {
		if strings.Contains(html, secret) {
			t.Errorf("the page shows %q", secret)
		}
	}
}

func TestPageIsLimitedAndNotLogged(t *testing.T) {
	t.Parallel()
	b := newSandboxTest(t, sandbox.Config{})
	for range 52 {
		b.AddOrganization(sandbox.Organization{Name: "Cars"})
	}
	text, _ := b.page("")
	if !strings.Contains(text, "2 older ones are not shown") || strings.Contains(text, "Cars id 2 ") || !strings.Contains(text, "Cars id 3 ") {
		t.Error(text)
	}
	if got := b.Count(); got != 0 {
		t.Errorf("the page itself is among the %d requests in the log", got)
	}
}

func TestPageCanBePaused(t *testing.T) {
	t.Parallel()
	b := newSandboxTest(t, sandbox.Config{})
	const refresh = `http-equiv="refresh"`
	if _, html := b.page(""); !strings.Contains(html, refresh) {
		t.Error("the page isn't refreshed")
	}
	if text, html := b.page("?paused"); strings.Contains(html, refresh) || !strings.Contains(text, "Resume") {
		t.Error("the page is refreshed although it is paused")
	}
}
