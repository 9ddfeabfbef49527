package sandbox_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

func TestDefinitions(t *testing.T) {
	t.Parallel()
	for kind, idField := range map[sandbox.DefinitionKind]string{sandbox.Transform: "id", sandbox.Metric: "uid"} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			cfg := sandbox.Config{StateDir: filepath.Join(t.TempDir(), "state")}
			b := newSandboxTest(t, cfg)
			org := b.AddOrganization(sandbox.Organization{Name: "Cars"})
			other := b.AddDefinition(kind, org.ID, sandbox.Definition{Fields: map[string]any{"id": 1001, "name": "other"}})
			list := fmt.Sprintf("/api/v1/%ss", kind)
			tom := b.asUser()

			added := b.send("POST", fmt.Sprintf("%s?id=%d&name=fog", list, org.ID), nil).want(http.StatusCreated)
			if added.field("name") != "fog" || added.field("enabled") != "true" || added.field(idField) == other.ID { // An id that was chosen is not given again.
				t.Errorf("added is %s", added.body)
			}
			path := list + "/" + added.field(idField)
			b.send("GET", path, nil).want(http.StatusOK)
			b.send("GET", list, nil).wantNames("other", "fog")
			tom.send("GET", list, nil).wantNames()
			tom.send("GET", path, nil).want(http.StatusForbidden)

			got := b.send("PUT", path, `{"name":"snow","tasks":["A"],"params":[{"n":1e2}],"more":1}`).want(http.StatusOK).object()
			want := map[string]any{
				idField: added.object()[idField], "name": "snow", "tasks": []any{"A"},
				"params": []any{map[string]any{"n": json.Number("1e2")}}, "more": json.Number("1"),
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
			got = b.send("PUT", path, `{"enabled":false}`).want(http.StatusOK).object()
			want = map[string]any{idField: want[idField], "name": "snow", "enabled": false}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
			b.send("PUT", path, `{"enabled":1}`).want(http.StatusBadRequest)

			b.send("GET", path+"/data", nil).want(http.StatusNotFound)
			b.send("POST", path, csv(t, "fog.py", "code")).want(http.StatusCreated)
			if got := b.send("GET", path+"/data", nil).want(http.StatusOK); string(got.body) != "code" {
				t.Errorf("the code is %q", got.body)
			}
			b.send("POST", list+"/404", csv(t, "fog.py", "x")).want(http.StatusNotFound)

			again := newSandboxTest(t, cfg)
			if diff := cmp.Diff(want, again.send("GET", path, nil).want(http.StatusOK).object()); diff != "" {
				t.Errorf("after a restart: %s", diff)
			}
			if got := again.send("GET", path+"/data", nil).want(http.StatusOK); string(got.body) != "code" {
				t.Errorf("after a restart, the code is %q", got.body)
			}
			b.send("DELETE", path, nil).want(http.StatusNoContent)
			b.send("DELETE", path, nil).want(http.StatusNotFound)
			wantContents(t, cfg.StateDir, 0)
			b.send("POST", list+"?id=404&name=x", nil).want(http.StatusNotFound)
			b.send("POST", list+"?id=1", nil).want(http.StatusBadRequest)
		})
	}
}

func TestCatalogHasCustomTransforms(t *testing.T) {
	t.Parallel()
	b := newSandboxTest(t, sandbox.Config{})
	org := b.AddOrganization(sandbox.Organization{Name: "Cars"})
	b.SetCatalog(org.ID, sandbox.Catalog{Transforms: []map[string]any{{"id": 1, "name": "platform"}}})
	b.AddDefinition(sandbox.Transform, org.ID, sandbox.Definition{Fields: map[string]any{"name": "own"}})
	b.send("GET", organizationURL(org.ID, "/transforms"), nil).wantNames("platform", "own")
}
