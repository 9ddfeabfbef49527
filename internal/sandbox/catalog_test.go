package sandbox_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

func TestDefaultCatalog(t *testing.T) {
	t.Parallel()
	b := newSandboxTest(t, sandbox.Config{})
	org := b.AddOrganization(sandbox.Organization{Name: "Cars"})
	for call, digits := range map[string]string{
		"/assets": `"metaAttacks"`, "/transforms": "9007199254740993", "/hpo": "12345678901234567890",
	} {
		got := b.send("GET", organizationURL(org.ID, call), nil).want(http.StatusOK)
		if !strings.Contains(string(got.body), digits) {
			t.Errorf("%s holds no %s: %s", call, digits, got.body)
		}
	}
}

func TestSetCatalog(t *testing.T) {
	t.Parallel()
	b := newSandboxTest(t, sandbox.Config{})
	org, other := b.AddOrganization(sandbox.Organization{Name: "Cars"}), b.AddOrganization(sandbox.Organization{Name: "Vans"})
	shared := b.send("GET", organizationURL(other.ID, "/assets"), nil).object()
	b.SetCatalog(org.ID, sandbox.Catalog{
		Assets:         map[string]any{"noises": "Fog"},
		Transforms:     []map[string]any{{"id": 1, "params": []any{map[string]any{"a": 0.1}}}},
		HPODefinitions: []map[string]any{{"id": 2, "more": true}},
	})
	for call, want := range map[string]string{
		"/assets":     `{"noises":"Fog"}`,
		"/transforms": `[{"id":1,"params":[{"a":0.1}]}]`,
		"/hpo":        `[{"id":2,"more":true}]`,
	} {
		if got := b.send("GET", organizationURL(org.ID, call), nil).want(http.StatusOK); string(got.body) != want {
			t.Errorf("%s is %s", call, got.body)
		}
	}
	if got := b.send("GET", organizationURL(other.ID, "/assets"), nil).object(); !cmp.Equal(shared, got) {
		t.Error("another organization's catalog changed")
	}
	b.SetCatalog(org.ID, sandbox.Catalog{})
	for call, want := range map[string]string{"/assets": `{}`, "/transforms": `[]`, "/hpo": `[]`} {
		if got := b.send("GET", organizationURL(org.ID, call), nil).want(http.StatusOK); string(got.body) != want {
			t.Errorf("%s is %s", call, got.body)
		}
	}
}

func TestMembers(t *testing.T) {
	t.Parallel()
	b := newSandboxTest(t, sandbox.Config{})
	org := b.AddOrganization(sandbox.Organization{Name: "Cars"})
	path := organizationURL(org.ID, "/members")
	if got := b.send("GET", path, nil).want(http.StatusOK); string(got.body) != "[]" {
		t.Errorf("members are %s", got.body)
	}
	b.SetMembers(org.ID, []map[string]any{{"id": 7, "avatar": "AAE=", "unknown": []int{1}}, {"uid": "b", "organizations": []any{}}})
	if got := b.send("GET", path, nil).want(http.StatusOK); string(got.body) != `[{"avatar":"AAE=","id":7,"unknown":[1]},{"organizations":[],"uid":"b"}]` {
		t.Errorf("members are %s", got.body)
	}
}

func TestCatalogAndMembersKeepDigits(t *testing.T) {
	t.Parallel()
	b := newSandboxTest(t, sandbox.Config{})
	org := b.AddOrganization(sandbox.Organization{Name: "Cars"})
	digits := []any{json.Number("1.10"), json.Number("12345678901234567890"), json.Number("1E+3")}
	b.SetCatalog(org.ID, sandbox.Catalog{
		Transforms:     []map[string]any{{"params": []any{map[string]any{"a": digits}}}},
		HPODefinitions: []map[string]any{{"params": []any{map[string]any{"a": digits}}}},
	})
	b.SetMembers(org.ID, []map[string]any{{"timeUsed": int64(9223372036854775807), "unknown": digits}})
	for call, want := range map[string]string{
		"/transforms": `[{"params":[{"a":[1.10,12345678901234567890,1E+3]}]}]`,
		"/hpo":        `[{"params":[{"a":[1.10,12345678901234567890,1E+3]}]}]`,
		"/members":    `[{"timeUsed":9223372036854775807,"unknown":[1.10,12345678901234567890,1E+3]}]`,
	} {
		if got := b.send("GET", organizationURL(org.ID, call), nil).want(http.StatusOK); string(got.body) != want {
			t.Errorf("%s is %s", call, got.body)
		}
	}
}
