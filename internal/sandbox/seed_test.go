package sandbox_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

const usersURL = "/api/v1/users"

// readAll makes every read-only call about organizations and returns the responses by path.
func (b *sandboxTest) readAll() map[string]string {
	b.t.Helper()
	paths := []string{organizationsURL, usersURL, usersURL + "/me", usersURL + "/2", "/api/v1/projects", "/api/v1/models", "/api/v1/transforms", "/api/v1/metrics"}
	for _, org := range b.Organizations() {
		for _, suffix := range []string{"", "/members", "/assets", "/transforms", "/hpo", "/stat"} {
			paths = append(paths, organizationURL(org.ID, suffix))
		}
		paths = append(paths, fmt.Sprintf("/api/v1/datasets/%d", org.ID))
		for _, f := range b.Files(org.ID) {
			paths = append(paths, fileURL(org.ID, "", f.Ref), fileURL(org.ID, "/usage", f.Ref))
		}
	}
	responses := map[string]string{"login": string(b.send("POST", loginURL, credentials(sandbox.UserKeyID, sandbox.UserKey)).want(http.StatusOK).body)}
	for _, path := range paths {
		responses[path] = string(b.send("GET", path, nil).want(http.StatusOK).body)
	}
	return responses
}

func TestSeedMatchesContract(t *testing.T) {
	t.Parallel()
	b := newSandboxTest(t, sandbox.Config{Seed: true})
	organizations := b.Organizations()
	if len(organizations) != 5 || organizations[3].Name != organizations[4].Name || organizations[2].Settings["retentionDays"] == nil {
		t.Fatalf("the seed is %+v", organizations)
	}
	b.readAll()
	b.asUser().send("GET", organizationURL(1, ""), nil).want(http.StatusOK)
	b.asUser().send("GET", organizationURL(5, ""), nil).want(http.StatusForbidden)
	unusual := newSandboxTest(t, sandbox.Config{Seed: true, Unusual: true})
	if nulls := strings.Count(fmt.Sprint(unusual.readAll()), ":null"); nulls < 20 {
		t.Errorf("an unusual platform sends %d nulls", nulls)
	}
}
