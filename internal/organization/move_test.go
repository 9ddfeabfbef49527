package organization_test

import (
	"fmt"
	"os"
	"os/exec"
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
  "create_method": null,
  "create_path": null,
  "create_response": "{\"id\":42,\"name\":\"Maps\"}",
  "data": "{\"name\":\"Maps\",\"settings\":{\"disabledFeatures\":[\"EVALUATION\"],\"maxItemCount\":50000}}",
  "debug": null,
  "destroy_data": null,
  "destroy_method": null,
  "destroy_path": null,
  "force_new": null,
  "id_attribute": null,
  "ignore_all_server_changes": null,
  "ignore_changes_to": null,
  "object_id": null,
  "query_string": null,
  "read_data": null,
  "read_method": null,
  "read_path": null,
  "read_search": null,
  "update_data": null,
  "update_method": null,
  "update_path": null
}`}

// restful uses the object's path as its id.
var restful = genericProvider{source: "magodo/restful", typeName: "restful_resource", schemaVersion: 2, attributes: `{
  "id": %q,
  "path": %q,
  "body": {
    "value": {"name": "Maps", "settings": {"maxItemCount": 50000}},
    "type": ["object", {"name": "string", "settings": ["object", {"maxItemCount": "number"}]}]
  },
  "create_method": null,
  "create_selector": null,
  "delete_method": null,
  "delete_path": null,
  "force_new_attrs": null,
  "header": null,
  "merge_patch_disabled": null,
  "output": {
    "value": {"id": 42, "name": "Maps", "settings": {"maxItemCount": 50000}},
    "type": ["object", {"id": "number", "name": "string", "settings": ["object", {"maxItemCount": "number"}]}]
  },
  "output_attrs": null,
  "poll_create": null,
  "poll_delete": null,
  "poll_update": null,
  "precheck_create": null,
  "precheck_delete": null,
  "precheck_update": null,
  "query": null,
  "read_path": "$(path)/$(body.id)",
  "read_selector": null,
  "update_method": null,
  "update_path": null,
  "write_only_attrs": null
}`}

// state returns a state file with one instance of the provider's resource. host is the CLI's default registry host.
func (p genericProvider) state(host, id, path string) string {
	return fmt.Sprintf(`{
  "version": 4,
  "terraform_version": "1.8.0",
  "serial": 7,
  "lineage": "7b0f2a52-7a0e-4b0f-9d3c-2f6a1c7e9b10",
  "outputs": {},
  "resources": [{
    "mode": "managed",
    "type": %q,
    "name": "maps",
    "provider": "provider[\"%s/%s\"]",
    "instances": [{"schema_version": %d, "attributes": %s, "sensitive_attributes": []}]
  }],
  "check_results": null
}`, p.typeName, host, p.source, p.schemaVersion, fmt.Sprintf(p.attributes, id, path))
}

// moveTests are the tests of moves. They share the generic providers.
type moveTests struct {
	// host is the CLI's default registry host, and mirror a file system mirror with the generic providers.
	host, mirror string
}

func TestMove(t *testing.T) {
	t.Parallel()
	acceptance.MovesAcrossTypes.Need(t)
	m := moveTests{host: registryHost(t), mirror: t.TempDir()}
	m.install(t, restapi)
	m.install(t, restful)
	t.Run("without a change", m.withoutChange)
	t.Run("with a change", m.withChange)
	t.Run("without a refresh", m.withoutRefresh)
	t.Run("of something else", m.ofSomethingElse)
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

// install adds a stand-in for a generic provider to the mirror. Any provider will do: the CLI starts the provider that
// the state names, but doesn't use its schema for a moved resource.
func (m moveTests) install(t *testing.T, p genericProvider) {
	t.Helper()
	_, name, _ := strings.Cut(p.source, "/")
	program := filepath.Join(m.mirror, m.host, p.source, "1.0.0", runtime.GOOS+"_"+runtime.GOARCH, "terraform-provider-"+name+"_v1.0.0")
	build := exec.CommandContext(t.Context(), "go", "build", "-o", program, "github.com/guardai/terraform-provider-guardai") //nolint:gosec // The test names the path.
	if output, err := build.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, output)
	}
}

// workspace returns a folder with state of a generic provider and a configuration that moves it to this provider.
func (m moveTests) workspace(t *testing.T, s *acceptance.Sandbox, from genericProvider, id, path string) *acceptance.Workspace {
	t.Helper()
	w := acceptance.NewWorkspace(t, map[string]string{
		"terraform.tfstate": from.state(m.host, id, path),
		"main.tf": s.Provider() + `
resource "guardai_organization" "maps" {
  name              = "Maps"
  disabled_features = ["EVALUATION"]
  max_item_count    = 50000
}

moved {
  from = ` + from.typeName + `.maps
  to   = guardai_organization.maps
}
`,
	})
	w.MustRun(t, "init", "-plugin-dir="+m.mirror)
	return w
}

func newMoveSandbox(t *testing.T) *acceptance.Sandbox {
	t.Helper()
	s := acceptance.NewSandbox(t)
	s.AddOrganization(sandbox.Organization{ID: 42, Name: "Maps", Settings: map[string]any{
		"disabledFeatures": []any{"EVALUATION"}, "maxItemCount": 50000, "maxTimePerTask": 3600, "retentionDays": 30,
	}})
	return s
}

// A move changes nothing, whichever form of path the generic provider's configuration used.
func (m moveTests) withoutChange(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		from     genericProvider
		id, path string
	}{
		"restapi":                              {restapi, "42", "/api/v1/organizations"},
		"restapi, path without the API prefix": {restapi, "42", "organizations/"},
		"restful":                              {restful, "/api/v1/organizations/42", "/api/v1/organizations"},
		"restful, path without the API prefix": {restful, "organizations/42", "organizations"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newMoveSandbox(t)
			w := m.workspace(t, s, test.from, test.id, test.path)
			output := w.MustRun(t, "plan").Stdout
			for _, want := range []string{
				test.from.typeName + ".maps has moved to guardai_organization.maps",
				"Plan: 0 to add, 0 to change, 0 to destroy.",
			} {
				if !strings.Contains(output, want) {
					t.Errorf("%q is missing in:\n%s", want, output)
				}
			}
			w.MustRun(t, "apply", "-auto-approve")
			w.MustRun(t, "plan", "-detailed-exitcode")
			if n := s.Count("add_organization", "update_organization", "delete_organization"); n != 0 {
				t.Errorf("%d requests wrote to the platform", n)
			}
			if state := w.Read(t, "terraform.tfstate"); strings.Contains(state, test.from.source) {
				t.Error("the state still needs the generic provider")
			}
		})
	}
}

// The apply that moves an object may also change it.
func (m moveTests) withChange(t *testing.T) {
	t.Parallel()
	s := newMoveSandbox(t)
	w := m.workspace(t, s, restapi, "42", "/api/v1/organizations")
	w.Write(t, "main.tf", strings.Replace(w.Read(t, "main.tf"), "= 50000", "= 60000", 1))
	if output := w.MustRun(t, "apply", "-auto-approve").Stdout; !strings.Contains(output, "0 added, 1 changed, 0 destroyed") {
		t.Errorf("the apply did more than change the organization:\n%s", output)
	}
	settings := s.MustOrganization(t, 42).Settings
	for name, want := range map[string]string{"maxItemCount": "60000", "maxTimePerTask": "3600", "retentionDays": "30"} {
		if got := fmt.Sprint(settings[name]); got != want {
			t.Errorf("%s is %s, want %s", name, got, want)
		}
	}
}

// Without a refresh, the state of the moved organization holds its id alone.
func (m moveTests) withoutRefresh(t *testing.T) {
	t.Parallel()
	s := newMoveSandbox(t)
	w := m.workspace(t, s, restapi, "42", "/api/v1/organizations")
	if output := w.MustRun(t, "apply", "-auto-approve", "-refresh=false").Stdout; !strings.Contains(output, "0 added, 1 changed, 0 destroyed") {
		t.Errorf("the apply did more than complete the state:\n%s", output)
	}
	if n := s.Count("add_organization", "update_organization", "delete_organization"); n != 0 {
		t.Errorf("%d requests wrote to the platform", n)
	}
	w.MustRun(t, "plan", "-detailed-exitcode")
}

// An object that isn't an organization is rejected.
func (m moveTests) ofSomethingElse(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		from     genericProvider
		id, path string
	}{
		"restapi, another collection":  {restapi, "42", "/api/v1/projects"},
		"restapi, no number":           {restapi, "maps", "/api/v1/organizations"},
		"restful, another collection":  {restful, "/api/v1/projects/42", "/api/v1/projects"},
		"restful, below organizations": {restful, "/api/v1/organizations/42/members", "/api/v1/organizations/42/members"},
		"restful, the whole list":      {restful, "/api/v1/organizations", "/api/v1/organizations"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newMoveSandbox(t)
			w := m.workspace(t, s, test.from, test.id, test.path)
			output := w.Run(t, "plan")
			text := strings.Join(strings.Fields(output.Stderr), " ")
			if output.ExitCode != 1 || !strings.Contains(text, "Unable to move "+test.from.typeName+" to guardai_organization") || !strings.Contains(text, fmt.Sprintf("%q", test.path)) {
				t.Errorf("the plan ended with %d:\n%s%s", output.ExitCode, output.Stdout, output.Stderr)
			}
			if _, err := os.Stat(filepath.Join(w.Dir, "terraform.tfstate.backup")); err == nil {
				t.Error("the state was written")
			}
		})
	}
}
