package sandbox_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
	"github.com/guardai/terraform-provider-guardai/internal/sandbox/contracttest"
)

// read makes every read-only call for every organization and returns the responses by path.
func (b *sandboxTest) read() map[string]string {
	b.t.Helper()
	paths := []string{organizationsURL}
	for _, org := range b.Organizations() {
		for _, suffix := range []string{"", "/members", "/assets", "/transforms", "/hpo", "/stat"} {
			paths = append(paths, organizationURL(org.ID, suffix))
		}
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

// The document allows null in no field, and clients generated from the vendor's document don't accept it either.
func TestSeedMatchesContract(t *testing.T) {
	t.Parallel()
	b := newSandboxTest(t, sandbox.Config{Seed: true})
	organizations := b.Organizations()
	if len(organizations) != 5 || organizations[3].Name != organizations[4].Name || organizations[2].Settings["retentionDays"] == nil {
		t.Fatalf("the seed is %+v", organizations)
	}
	responses := b.read()
	if usage := responses[fileURL(1, "/usage", b.Files(1)[0].Ref)]; usage != "[11,12]" {
		t.Errorf("usage is %s", usage)
	}
	b.asUser().send("GET", organizationURL(1, ""), nil).want(http.StatusOK)
	b.asUser().send("GET", organizationURL(5, ""), nil).want(http.StatusForbidden)
}

func TestSeededMembersShowTheirOrganizations(t *testing.T) {
	t.Parallel()
	b := newSandboxTest(t, sandbox.Config{Seed: true})
	var members []struct {
		UID           string
		Organizations []map[string]any
	}
	b.send("GET", organizationURL(2, "/members"), nil).want(http.StatusOK).decode(&members)
	got := map[string]string{}
	for _, member := range members {
		for _, org := range member.Organizations {
			got[member.UID] += strings.TrimSpace(" " + org["name"].(string) + ";") //nolint:forcetypeassert // A panic fails the test as well.
		}
	}
	want := map[string]string{sandbox.UserUID: "Car Perception;Driver Monitoring;", "mei.tanaka": "Driver Monitoring;"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestEmptyFields(t *testing.T) {
	t.Parallel()
	for mode, want := range map[sandbox.EmptyFields][]string{
		"": {
			`{"creationDateTime":"2022-03-01T12:00:00.000+00:00","id":1,"name":"a","settings":{"classMappingFiles":[{"contentType":"","fileName":"b","ref":"r"}],"custom":[]},"stats":{"datasetStorage":0,"projectStorage":0},"timeUsed":0}`,
			`[{"uid":"u"}]`, `{}`, `[{"id":1,"params":[{"empty":""}]}]`, `[]`,
		},
		sandbox.EmptyOmitted: {
			`{"creationDateTime":"2022-03-01T12:00:00.000+00:00","id":1,"name":"a","settings":{"classMappingFiles":[{"fileName":"b","ref":"r"}],"custom":[]},"stats":{"datasetStorage":0,"projectStorage":0},"timeUsed":0}`,
			`[{"uid":"u"}]`, `{}`, `[{"id":1,"params":[{"empty":""}]}]`, `[]`,
		},
		sandbox.EmptyNull: {
			`{"creationDateTime":"2022-03-01T12:00:00.000+00:00","id":1,"name":"a","settings":{"classMappingFiles":[{"contentType":"","datasetId":null,"fileName":"b","ref":"r"}],"custom":[],"disabledFeatures":null,"maxItemCount":null,"maxTimeAllocated":null,"maxTimePerTask":null},"stats":{"datasetStorage":0,"projectStorage":0},"timeUsed":0}`,
			`[{"avatar":null,"email":null,"id":null,"lastLoginDateTime":null,"licenseAccepted":null,"name":null,"organizations":null,"registered":null,"roles":null,"settings":null,"timeUsed":null,"uid":"u"}]`,
			`{"adversarialAttacks":null,"datasetFormats":null,"defenses":null,"domainAdaptations":null,"metaAttacks":null,"metrics":null,"noises":null}`,
			`[{"apply_mapping":null,"codebase_name":null,"converted_target_format":null,"description":null,"enabled":null,"id":1,"name":null,"params":[{"empty":""}],"target_format":null,"tasks":null}]`, `[]`,
		},
	} {
		t.Run(string(mode), func(t *testing.T) {
			t.Parallel()
			b := newSandboxTest(t, sandbox.Config{EmptyFields: mode, Middleware: contracttest.Middleware(t.Errorf, contracttest.NullInResponses)})
			org := b.AddOrganization(sandbox.Organization{
				Name: "a", CreatedAt: time.Date(2022, time.March, 1, 12, 0, 0, 0, time.UTC), Settings: map[string]any{"disabledFeatures": nil, "custom": []any{}},
			})
			b.UpdateOrganization(org.ID, func(o *sandbox.Organization) { delete(o.Settings, "disabledFeatures") })
			b.AddFile(org.ID, sandbox.File{Ref: "r", Name: "b"})
			b.SetMembers(org.ID, []map[string]any{{"uid": "u"}})
			b.SetCatalog(org.ID, sandbox.Catalog{Transforms: []map[string]any{{"id": 1, "params": []any{map[string]any{"empty": ""}}}}})
			for i, suffix := range []string{"", "/members", "/assets", "/transforms", "/hpo"} {
				if diff := cmp.Diff(want[i], string(b.send("GET", organizationURL(org.ID, suffix), nil).want(http.StatusOK).body)); diff != "" {
					t.Error(suffix, diff)
				}
			}
			if ref := b.send("POST", uploadURL(org.ID), csv(t, "a.csv", "x")).want(http.StatusCreated).text(); ref == "" {
				t.Error("the upload gave no ref")
			}
		})
	}
	if _, err := sandbox.New(sandbox.Config{EmptyFields: "none"}); err == nil {
		t.Error("an unknown way to show empty fields is accepted")
	}
}

// With EmptyNull, seeded responses contain nulls but are otherwise unchanged.
func TestSeedWithNulls(t *testing.T) {
	t.Parallel()
	b := newSandboxTest(t, sandbox.Config{Seed: true, EmptyFields: sandbox.EmptyNull, Middleware: contracttest.Middleware(t.Errorf, contracttest.NullInResponses)})
	nulls := 0
	for _, response := range b.read() {
		nulls += strings.Count(response, ":null")
	}
	if nulls < 20 {
		t.Errorf("there are %d nulls", nulls)
	}
}

func TestAlways200(t *testing.T) {
	t.Parallel()
	b := newSandboxTest(t, sandbox.Config{Always200: true})
	id := b.send("POST", organizationsURL, `{"name":"a"}`).want(http.StatusOK).field("id")
	path := organizationsURL + "/" + id
	b.send("POST", path+"/copy", `{}`).want(http.StatusOK)
	ref := b.send("POST", uploadURL(1), csv(t, "a.csv", "x")).want(http.StatusOK).text()
	b.send("DELETE", fileURL(1, "", ref), nil).want(http.StatusOK)
	b.send("DELETE", path, nil).want(http.StatusOK)
	b.send("DELETE", path, nil).want(http.StatusNotFound)
}
