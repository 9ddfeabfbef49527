package sandbox_test

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/go-cmp/cmp"

	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

const loginURL = "/api/v1/login"

func credentials(keyID, key string) string {
	return fmt.Sprintf(`{"apiKeyId":%q,"apiKey":%q}`, keyID, key)
}

func TestLogin(t *testing.T) {
	t.Parallel()
	b := newSandboxTest(t, sandbox.Config{TokenLifetime: 10 * time.Minute})
	b.token = ""
	got := b.send("POST", loginURL, credentials(sandbox.AdminKeyID, sandbox.AdminKey)).want(http.StatusOK).object()
	token, _ := got["jwt"].(string)
	delete(got, "jwt")
	want := map[string]any{
		"name": "Anna de Boer", "email": "anna.deboer@example.com", "uid": sandbox.AdminUID,
		"roles": "ROLE_ADMIN,ROLE_USER", "registered": true, "autoEnrol": false,
		"settings": map[string]any{"favoriteProjects": []any{}, "notifications": true},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	claims := jwt.MapClaims{}
	if _, _, err := jwt.NewParser().ParseUnverified(token, claims); err != nil {
		t.Fatal(err)
	}
	expires, err := claims.GetExpirationTime()
	if left := time.Until(expires.Time); err != nil || left < 9*time.Minute || left > 11*time.Minute {
		t.Errorf("the token expires in %s: %v", left, err)
	}
	b.token = token
	b.send("GET", organizationsURL, nil).want(http.StatusOK)

	b.token = b.send("POST", loginURL, credentials(sandbox.UserKeyID, sandbox.UserKey)).want(http.StatusOK).field("jwt")
	b.send("GET", organizationsURL, nil).want(http.StatusForbidden)
	b.send("POST", organizationsURL, `{"name":"mine"}`).want(http.StatusCreated)
}

func TestLoginRefused(t *testing.T) {
	t.Parallel()
	b := newSandboxTest(t, sandbox.Config{})
	b.token = ""
	for _, body := range []string{
		credentials(sandbox.AdminKeyID, "wrong"), credentials(sandbox.AdminKeyID, sandbox.UserKey),
		credentials("wrong", sandbox.AdminKey),
	} {
		b.send("POST", loginURL, body).want(http.StatusUnauthorized)
	}
	for _, body := range []string{
		`{}`, `{`, `[]`, ``, `{"apiKeyId":"a"}`, `{"apiKey":"a"}`, `{"apiKeyId":1,"apiKey":"a"}`, credentials("", ""),
	} {
		b.send("POST", loginURL, body).want(http.StatusBadRequest)
	}
	if got := b.send("GET", loginURL, nil).want(http.StatusMethodNotAllowed).header.Get("Allow"); got != "POST" {
		t.Errorf("Allow is %q", got)
	}
}

func TestInvalidTokens(t *testing.T) {
	t.Parallel()
	b := newSandboxTest(t, sandbox.Config{})
	header, claims, _ := cutToken(b.AdminToken())
	unsigned := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none","typ":"JWT"}`))
	foreign, err := sandbox.New(sandbox.Config{})
	if err != nil {
		t.Fatal(err)
	}
	tokens := map[string]string{
		"none":      "",
		"no JWT":    "x",
		"unsigned":  unsigned + "." + claims + ".",
		"forged":    header + "." + claims + "." + base64.RawURLEncoding.EncodeToString([]byte("signature")),
		"another's": foreign.AdminToken(),
		"expired":   newSandboxTest(t, sandbox.Config{TokenLifetime: -time.Minute}).AdminToken(),
	}
	for name, token := range tokens {
		b.token = token
		got := b.send("GET", organizationsURL, nil)
		if got.status != http.StatusUnauthorized || got.header.Get("WWW-Authenticate") != "Bearer" {
			t.Errorf("%s: got %d %v", name, got.status, got.header)
		}
	}
}

func cutToken(token string) (header, claims, signature string) {
	parts := strings.Split(token, ".")
	return parts[0], parts[1], parts[2]
}

func TestRevokeTokens(t *testing.T) {
	t.Parallel()
	b := newSandboxTest(t, sandbox.Config{})
	user := b.asUser()
	b.send("GET", organizationsURL, nil).want(http.StatusOK)
	b.RevokeTokens()
	b.send("GET", organizationsURL, nil).want(http.StatusUnauthorized)
	user.send("POST", organizationsURL, `{"name":"a"}`).want(http.StatusUnauthorized)
	b.token = b.AdminToken()
	b.send("GET", organizationsURL, nil).want(http.StatusOK)
}

// calls returns every call but login, for an organization and a file.
func calls(t *testing.T, id, ref string) map[string]func(*sandboxTest) *result {
	t.Helper()
	path := organizationsURL + "/" + id
	file := "?type=classmapping&ref=" + ref
	send := func(method, url string, body any) func(*sandboxTest) *result {
		return func(b *sandboxTest) *result { return b.send(method, url, body) }
	}
	return map[string]func(*sandboxTest) *result{
		"get_organization":            send("GET", path, nil),
		"update_organization":         send("PUT", path, `{"name":"Other"}`),
		"delete_organization":         send("DELETE", path, nil),
		"copy_organization":           send("POST", path+"/copy", `{"name":"Other"}`),
		"update_org_stats":            send("GET", path+"/stat", nil),
		"get_members":                 send("GET", path+"/members", nil),
		"get_asset_definitions":       send("GET", path+"/assets", nil),
		"get_defined_transforms":      send("GET", path+"/transforms", nil),
		"get_defined_hpo":             send("GET", path+"/hpo", nil),
		"upload_organization_file":    send("POST", path+"/file"+file, csv(t, "a.csv", "new")),
		"download_organization_file":  send("GET", path+"/file"+file, nil),
		"rename_organization_file":    send("PUT", path+"/file"+file+"&name=new", nil),
		"delete_organization_file":    send("DELETE", path+"/file"+file, nil),
		"get_organization_file_usage": send("GET", path+"/file/usage"+file, nil),
	}
}

func TestEveryCallChecksAccess(t *testing.T) {
	t.Parallel()
	b := newSandboxTest(t, sandbox.Config{})
	org := b.AddOrganization(sandbox.Organization{Name: "Cars"})
	file := b.AddFile(org.ID, sandbox.File{Name: "a.csv"})
	org, _ = b.Organization(org.ID)
	id := fmt.Sprint(org.ID)
	anonymous, user := *b, b.asUser()
	anonymous.token = ""
	for _, call := range calls(t, id, file.Ref) {
		call(&anonymous).want(http.StatusUnauthorized)
		call(user).want(http.StatusForbidden)
	}
	for _, call := range calls(t, "777", file.Ref) {
		call(b).want(http.StatusNotFound)
	}
	for _, call := range calls(t, "seven", file.Ref) {
		call(b).want(http.StatusBadRequest)
	}
	for name, call := range calls(t, id, "unknown") {
		if strings.Contains(name, "file") {
			call(b).want(http.StatusNotFound)
		}
	}
	if got, _ := b.Organization(org.ID); !cmp.Equal(org, got) || len(b.Files(org.ID)) != 1 || len(b.Organizations()) != 1 {
		t.Errorf("a refused call changed something: %s", cmp.Diff(org, got))
	}
}

func TestUnknownPathsAndMethods(t *testing.T) {
	t.Parallel()
	b := newSandboxTest(t, sandbox.Config{})
	org := b.AddOrganization(sandbox.Organization{Name: "Cars"})
	for _, path := range []string{
		"/page", "/api", "/api/v1", "/api/v2/organizations", "/api/v1/organizations/", "/api/v1//organizations",
		"/api/v1/./organizations", organizationURL(org.ID, "/"), organizationURL(org.ID, "/files"), "/prefix" + organizationsURL,
	} {
		b.send("GET", path, nil).want(http.StatusNotFound)
	}
	for call, allow := range map[string]string{
		"PATCH " + organizationURL(org.ID, ""):         "GET, PUT, DELETE",
		"PUT " + organizationsURL:                      "GET, POST",
		"GET " + organizationURL(org.ID, "/copy"):      "POST",
		"POST " + organizationURL(org.ID, "/members"):  "GET",
		"PATCH " + organizationURL(org.ID, "/file"):    "POST, GET, PUT, DELETE",
		"PUT " + organizationURL(org.ID, "/stat"):      "GET",
		"DELETE " + organizationURL(org.ID, "/assets"): "GET",
	} {
		method, path, _ := strings.Cut(call, " ")
		if got := b.send(method, path, nil).want(http.StatusMethodNotAllowed).header.Get("Allow"); got != allow {
			t.Errorf("%s: Allow is %q, want %q", call, got, allow)
		}
	}
	b.token = ""
	b.send("GET", "/api/v1/unknown", nil).want(http.StatusUnauthorized)
}
