package sandbox_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

// readAll makes every read-only call about organizations and returns the responses by path.
func (b *sandboxTest) readAll() map[string]string {
	b.t.Helper()
	paths := []string{organizationsURL, usersURL, usersURL + "/me", userURL(2), "/api/v1/projects", "/api/v1/models", "/api/v1/transforms", "/api/v1/metrics"}
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

func TestUnusualFieldsWithoutValue(t *testing.T) {
	t.Parallel()
	b := newSandboxTest(t, sandbox.Config{Unusual: true})
	org := b.AddOrganization(sandbox.Organization{
		Name: "a", CreatedAt: time.Date(2022, time.March, 1, 12, 0, 0, 0, time.UTC), Settings: map[string]any{"disabledFeatures": []any{}, "custom": []any{}},
	})
	b.AddFile(org.ID, sandbox.File{Ref: "r", Name: "b"})
	b.AddMember(org.ID, sandbox.UserID)
	b.UpdateUser(sandbox.UserID, func(u *sandbox.User) { u.Settings, u.Roles, u.Email = map[string]any{}, "", "" })
	b.SetCatalog(org.ID, sandbox.Catalog{Transforms: []map[string]any{{"id": 1, "params": []any{map[string]any{"empty": ""}}, "tasks": []any{}}}})
	for suffix, want := range map[string]string{
		"": `{"creationDateTime":"2022-03-01T12:00:00.000+00:00","id":1,"name":"a","settings":{"classMappingFiles":[{"contentType":null,"datasetId":null,"fileName":"b","ref":"r"}],` +
			`"custom":[],"maxItemCount":null,"maxTimeAllocated":null,"maxTimePerTask":null},"stats":{"datasetStorage":0,"projectStorage":0},"timeUsed":0}`,
		"/members": `[{"avatar":null,"email":null,"id":2,"lastLoginDateTime":null,"licenseAccepted":true,"name":"Tom Ferreira","organizations":[{"creationDateTime":null,"id":1,"name":"a","timeUsed":null}],` +
			`"registered":true,"roles":null,"timeUsed":0,"uid":"user"}]`,
		"/assets":     `{"adversarialAttacks":null,"datasetFormats":null,"defenses":null,"domainAdaptations":null,"metaAttacks":null,"metrics":null,"noises":null}`,
		"/transforms": `[{"codebase_name":null,"converted_target_format":null,"description":null,"enabled":null,"id":1,"name":null,"params":[{"empty":""}]}]`,
		"/hpo":        `[]`,
	} {
		if diff := cmp.Diff(want, string(b.send("GET", organizationURL(org.ID, suffix), nil).want(http.StatusOK).body)); diff != "" {
			t.Error(suffix, diff)
		}
	}
}

func TestUnusualOrganizations(t *testing.T) {
	t.Parallel()
	b := newSandboxTest(t, sandbox.Config{Unusual: true})
	added := b.send("POST", organizationsURL, `{"name":"a","settings":null}`).want(http.StatusOK)
	if stored, _ := b.Organization(1); len(stored.Settings) > 0 || !strings.Contains(string(added.body), `"settings":{`) {
		t.Errorf("the settings are %v in %s", stored.Settings, added.body)
	}
	path := organizationURL(1, "")
	b.send("PUT", path, `{"name":null,"settings":{"maxItemCount":null,"disabledFeatures":["NEW"],"custom":null}}`).want(http.StatusOK)
	want := map[string]any{"disabledFeatures": []any{"NEW"}, "custom": nil}
	if stored, _ := b.Organization(1); stored.Name != "a" || !cmp.Equal(want, stored.Settings) {
		t.Errorf("the organization is %+v", stored)
	}
	b.send("POST", path+"/copy", `{}`).want(http.StatusOK)
	b.send("DELETE", path, nil).want(http.StatusOK)
}

func TestUnusualUploads(t *testing.T) {
	t.Parallel()
	b := newSandboxTest(t, sandbox.Config{Unusual: true})
	org := b.AddOrganization(sandbox.Organization{Name: "Cars"})
	created := b.send("POST", uploadURL(org.ID), csv(t, "a.csv", "old")).want(http.StatusOK)
	old := string(created.body)
	if !strings.HasPrefix(created.header.Get("Content-Type"), "text/plain") || strings.ContainsAny(old, `"`) {
		t.Errorf("the response is %q with %v", old, created.header)
	}
	ref := string(b.send("POST", fileURL(org.ID, "", old), csv(t, "b.csv", "new")).want(http.StatusOK).body)
	b.send("GET", fileURL(org.ID, "", old), nil).want(http.StatusNotFound)
	if got := b.send("GET", fileURL(org.ID, "", ref), nil).want(http.StatusOK); string(got.body) != "new" {
		t.Errorf("the content is %q", got.body)
	}
	if got, _ := b.File(org.ID, "classmapping", ref); got.Name != "a.csv" || got.Unlisted {
		t.Errorf("the file is %+v", got)
	}
	b.UpdateFile(org.ID, "classmapping", ref, func(f *sandbox.File) { f.Unlisted = true })
	ref = string(b.send("POST", fileURL(org.ID, "", ref), csv(t, "a.csv", "newer")).want(http.StatusOK).body)
	if got, _ := b.File(org.ID, "classmapping", ref); string(got.Content) != "newer" || !got.Unlisted {
		t.Errorf("the file is %+v", got)
	}
	b.send("DELETE", fileURL(org.ID, "", ref), nil).want(http.StatusOK)
}
