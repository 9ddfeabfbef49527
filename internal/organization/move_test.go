package organization_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"github.com/guardai/terraform-provider-guardai/internal/acceptance"
	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

// genericProvider is a generic REST provider, and the form of its state.
type genericProvider struct {
	source, typeName string
	schemaVersion    int
	// attributes are the attributes of an instance, with two placeholders: the id and the path.
	attributes string
}

// restapi stores the path of the collection and the id separately.
var restapi = genericProvider{source: "mastercard/restapi", typeName: "restapi_object", attributes: `{
  "id": %q,
  "path": %q,
  "api_data": {
    "creationDateTime": "2022-03-01T12:00:00.000+00:00",
    "id": "42",
    "name": "Maps",
    "settings": "map[disabledFeatures:[EVALUATION] maxItemCount:50000]"
  },
  "api_response": "{\"id\":42,\"name\":\"Maps\",\"settings\":{\"disabledFeatures\":[\"EVALUATION\"],\"maxItemCount\":50000}}",
  "create_response": "{\"id\":42,\"name\":\"Maps\"}",
  "data": "{\"name\":\"Maps\",\"settings\":{\"disabledFeatures\":[\"EVALUATION\"],\"maxItemCount\":50000}}"
}`}

// restful uses the object's path as its id.
var restful = genericProvider{source: "magodo/restful", typeName: "restful_resource", schemaVersion: 2, attributes: `{
  "id": %q,
  "path": %q,
  "body": {
    "value": {"name": "Maps", "settings": {"maxItemCount": 50000}},
    "type": ["object", {"name": "string", "settings": ["object", {"maxItemCount": "number"}]}]
  },
  "output": {
    "value": {"id": 42, "name": "Maps", "settings": {"maxItemCount": 50000}},
    "type": ["object", {"id": "number", "name": "string", "settings": ["object", {"maxItemCount": "number"}]}]
  },
  "read_path": "$(path)/$(body.id)"
}`}

// resource returns an instance in a state file. host is the CLI's default registry host.
func (p genericProvider) resource(host, id, path string) string {
	return fmt.Sprintf(`{
    "mode": "managed",
    "type": %q,
    "name": "maps",
    "provider": "provider[\"%s/%s\"]",
    "instances": [{"schema_version": %d, "attributes": %s, "sensitive_attributes": []}]
  }`, p.typeName, host, p.source, p.schemaVersion, fmt.Sprintf(p.attributes, id, path))
}

// moved returns the configuration of a moved organization.
func (p genericProvider) moved(items int) string {
	return fmt.Sprintf(`
resource "guardai_organization" %[1]q {
  name              = "Maps"
  disabled_features = ["EVALUATION"]
  max_item_count    = %[2]d
}

moved {
  from = %[1]s.maps
  to   = guardai_organization.%[1]s
}
`, p.typeName, items)
}

// TestMovedIDs has the other forms of ids and paths.
func TestMove(t *testing.T) {
	t.Parallel()
	acceptance.MovesAcrossTypes.Need(t)
	host, mirror := registryHost(t), t.TempDir()
	install(t, filepath.Join(mirror, host), restapi, restful)
	start := func(t *testing.T, items int) (*acceptance.Sandbox, *acceptance.Workspace) {
		t.Helper()
		s := acceptance.NewSandbox(t)
		for _, id := range []int64{42, 43} {
			s.AddOrganization(sandbox.Organization{ID: id, Name: "Maps", Settings: map[string]any{
				"disabledFeatures": []any{"EVALUATION"}, "maxItemCount": 50000, "maxTimePerTask": 3600, "retentionDays": 30,
			}})
		}
		w := acceptance.NewWorkspace(t, map[string]string{
			"terraform.tfstate": fmt.Sprintf(`{
  "version": 4, "terraform_version": "1.8.0", "serial": 7, "lineage": "7b0f2a52-7a0e-4b0f-9d3c-2f6a1c7e9b10", "outputs": {}, "check_results": null,
  "resources": [%s, %s]
}`, restapi.resource(host, "42", "/api/v1/organizations"), restful.resource(host, "/api/v1/organizations/43", "/api/v1/organizations")),
			"main.tf": s.Provider() + restapi.moved(items) + restful.moved(items),
		})
		w.MustRun(t, "init", "-plugin-dir="+mirror)
		return s, w
	}
	t.Run("without a change", func(t *testing.T) {
		t.Parallel()
		s, w := start(t, 50000)
		output := w.MustRun(t, "plan").Stdout
		for _, want := range []string{
			"restapi_object.maps has moved to guardai_organization.restapi_object", "restful_resource.maps has moved to guardai_organization.restful_resource",
			"Plan: 0 to add, 0 to change, 0 to destroy.",
		} {
			acceptance.MustContain(t, output, want)
		}
		w.MustRun(t, "apply", "-auto-approve")
		w.MustRun(t, "plan", "-detailed-exitcode")
		if n := s.Count("add_organization", "update_organization", "delete_organization"); n != 0 {
			t.Errorf("%d requests wrote to the platform", n)
		}
		if state := w.Read(t, "terraform.tfstate"); strings.Contains(state, restapi.source) || strings.Contains(state, restful.source) {
			t.Error("the state still needs a generic provider")
		}
	})
	// The apply that moves an object may also change it.
	t.Run("with a change", func(t *testing.T) {
		t.Parallel()
		s, w := start(t, 60000)
		acceptance.MustContain(t, w.MustRun(t, "apply", "-auto-approve").Stdout, "0 added, 2 changed, 0 destroyed")
		settings := s.MustOrganization(t, 42).Settings
		for name, want := range map[string]string{"maxItemCount": "60000", "maxTimePerTask": "3600", "retentionDays": "30"} {
			if got := fmt.Sprint(settings[name]); got != want {
				t.Errorf("%s is %s, want %s", name, got, want)
			}
		}
	})
	// Without a refresh, the state of the moved organization holds its id alone.
	t.Run("without a refresh", func(t *testing.T) {
		t.Parallel()
		s, w := start(t, 50000)
		acceptance.MustContain(t, w.MustRun(t, "apply", "-auto-approve", "-refresh=false").Stdout, "0 added, 2 changed, 0 destroyed")
		if n := s.Count("add_organization", "update_organization", "delete_organization"); n != 0 {
			t.Errorf("%d requests wrote to the platform", n)
		}
		w.MustRun(t, "plan", "-detailed-exitcode")
	})
}

// registryHost returns the host of provider sources without one.
func registryHost(t *testing.T) string {
	t.Helper()
	w := acceptance.NewWorkspace(t, map[string]string{
		"main.tf": "terraform {\n  required_providers {\n    restapi = {\n      source = \"mastercard/restapi\"\n    }\n  }\n}\n",
	})
	found := regexp.MustCompile(`provider\[(.+)/mastercard/restapi\]`).FindStringSubmatch(w.MustRun(t, "providers").Stdout)
	if found == nil {
		t.Fatal("the CLI doesn't say where it looks for providers")
	}
	return found[1]
}

// install adds a stand-in for the generic providers to a mirror. Any provider will do: the CLI starts the provider that
// the state names, but doesn't use its schema for a moved resource.
func install(t *testing.T, mirror string, providers ...genericProvider) {
	t.Helper()
	program := filepath.Join(t.TempDir(), "provider")
	acceptance.BuildProvider(t, program)
	for _, p := range providers {
		folder := filepath.Join(mirror, p.source, "1.0.0", runtime.GOOS+"_"+runtime.GOARCH)
		if err := os.MkdirAll(folder, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.Link(program, filepath.Join(folder, "terraform-provider-"+filepath.Base(p.source)+"_v1.0.0")); err != nil {
			t.Fatal(err)
		}
	}
}
