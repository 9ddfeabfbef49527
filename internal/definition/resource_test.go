package definition_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/knownvalue"

	"github.com/guardai/terraform-provider-guardai/internal/acceptance"
	"github.com/guardai/terraform-provider-guardai/internal/guardai"
	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

// platform is a sandbox with an organization, for one kind of definition.
type platform struct {
	*acceptance.Sandbox
	kind         sandbox.DefinitionKind
	organization int64
	client       *guardai.Client
}

var resourceTypes = map[sandbox.DefinitionKind]string{sandbox.Transform: "guardai_transform", sandbox.Metric: "guardai_metric"}

// ofBothKinds runs a test for transforms and for metrics.
func ofBothKinds(t *testing.T, test func(*testing.T, *platform)) {
	t.Helper()
	for _, kind := range []sandbox.DefinitionKind{sandbox.Transform, sandbox.Metric} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			test(t, newPlatform(t, kind))
		})
	}
}

func newPlatform(t *testing.T, kind sandbox.DefinitionKind, change ...func(*sandbox.Config)) *platform {
	t.Helper()
	p := &platform{Sandbox: acceptance.NewSandbox(t, change...), kind: kind}
	p.organization = p.AddOrganization(sandbox.Organization{Name: "Cars"}).ID
	var err error
	p.client, err = guardai.New(guardai.Config{Host: p.URL, APIKeyID: sandbox.AdminKeyID, APIKey: sandbox.AdminKey})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// config returns the configuration of a definition in the organization.
func (p *platform) config(lines ...string) string {
	return p.Provider() + p.resource(lines...)
}

func (p *platform) resource(lines ...string) string {
	return fmt.Sprintf("resource %q \"main\" {\n organization_id = \"%d\"\n %s\n}\n", resourceTypes[p.kind], p.organization, strings.Join(lines, "\n"))
}

// only returns the organization's only definition.
func (p *platform) only(t *testing.T) sandbox.Definition {
	t.Helper()
	all := p.Definitions(p.kind, p.organization)
	if len(all) != 1 {
		t.Fatalf("there are %d definitions: %v", len(all), all)
	}
	return all[0]
}

func (p *platform) key(id string) guardai.DefinitionKey {
	return guardai.DefinitionKey{Kind: guardai.DefinitionKind(p.kind), OrganizationID: p.organization, ID: id}
}

// checkField fails the test unless a field of the only definition has a value, in JSON.
func (p *platform) checkField(t *testing.T, name, want string) {
	t.Helper()
	got, err := json.Marshal(p.only(t).Fields[name])
	if err != nil || string(got) != want {
		t.Errorf("%s is %s, want %s (%v)", name, got, want, err)
	}
}

const full = `name = "blur"
 description   = "Blurs an image."
 codebase_name = "vision"
 enabled       = false
 tasks         = ["DETECTION", "CLASSIFICATION"]
 params        = "[{ \"sigma\": 0.123456789012345678, \"name\": \"sigma\" }]"
`

func TestLifecycle(t *testing.T) {
	t.Parallel()
	ofBothKinds(t, func(t *testing.T, p *platform) {
		t.Helper()
		own := map[sandbox.DefinitionKind]string{
			sandbox.Transform: "target_format = [\"COCO\"]\n converted_target_format = \"YOLO\"\n apply_mapping = \"{\\\"a\\\": {\\\"b\\\": 1}}\"",
			sandbox.Metric:    `metric_type = "regression"`,
		}[p.kind]
		source := filepath.Join(t.TempDir(), "blur.py")
		write(t, source, "print(1)")
		config := p.config(full, own, fmt.Sprintf("source = %q", source))
		d := acceptance.NewDirect(t)
		d.Apply(config).Must("create")
		created := p.only(t)
		if string(created.Content) != "print(1)" {
			t.Errorf("the code file is %q", created.Content)
		}
		p.checkField(t, "params", `[{"name":"sigma","sigma":0.123456789012345678}]`)
		p.checkField(t, "enabled", "false")
		d.Refresh(config).MustHave(map[string]knownvalue.Check{
			"id": knownvalue.StringExact(created.ID), "size": knownvalue.Int64Exact(8), "codebase_name": knownvalue.StringExact("vision"),
			"tasks": knownvalue.SetExact([]knownvalue.Check{knownvalue.StringExact("CLASSIFICATION"), knownvalue.StringExact("DETECTION")}),
		})
		d.Plan(config).Must("no-op")

		write(t, source, "print(22)")
		config = strings.Replace(config, `"blur"`, `"Blur 2"`, 1)
		d.Apply(config).Must("update")
		if changed := p.only(t); changed.ID != created.ID || string(changed.Content) != "print(22)" || changed.Fields["name"] != "Blur 2" {
			t.Errorf("after the update: %v", changed)
		}
		d.Plan(config).Must("no-op")
		d.Destroy(config).Must()
		if left := p.Definitions(p.kind, p.organization); len(left) != 0 {
			t.Errorf("left after destroy: %v", left)
		}
	})
}

func write(t *testing.T, name, content string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

// The update replaces the whole definition, so it must send back what the configuration doesn't set.
func TestOmittedAndUnknownFieldsStay(t *testing.T) {
	t.Parallel()
	ofBothKinds(t, func(t *testing.T, p *platform) {
		t.Helper()
		added := p.AddDefinition(p.kind, p.organization, sandbox.Definition{Fields: map[string]any{
			"name": "blur", "description": "old", "enabled": true, "tasks": []any{"A"}, "params": []any{map[string]any{"n": json.Number("12345678901234567890.10")}},
			"new_field": map[string]any{"n": json.Number("1e400")},
		}})
		d := acceptance.NewDirect(t)
		config := p.config(`name = "blur"`)
		d.Import(config, fmt.Sprintf("%d/%s", p.organization, added.ID)).Must()
		d.Plan(config).Must("no-op")
		config = p.config(`name = "blur"`, `description = "new"`)
		d.Apply(config).Must("update")
		p.checkField(t, "description", `"new"`)
		p.checkField(t, "tasks", `["A"]`)
		p.checkField(t, "params", `[{"n":12345678901234567890.10}]`)
		p.checkField(t, "new_field", `{"n":1e400}`)
		// A removed argument keeps its value, and is no difference.
		d.Plan(p.config(`name = "blur"`)).Must("no-op")
	})
}

func TestFormOfJSONIsNoDifference(t *testing.T) {
	t.Parallel()
	ofBothKinds(t, func(t *testing.T, p *platform) {
		t.Helper()
		config := p.config(`name = "blur"`, `params = "[ {\"b\": 1.50, \"a\": {} } ]"`)
		d := acceptance.NewDirect(t)
		d.Apply(config).Must("create")
		d.Plan(config).Must("no-op")
		d.Plan(p.config(`name = "blur"`, `params = "[{\"a\":{},\"b\":1.50}]"`)).Must("no-op")
		d.Plan(p.config(`name = "blur"`, `params = "[{\"a\":{},\"b\":1.51}]"`)).Must("update")
	})
}

// An empty value equals one that the platform omits.
func TestEmptyValues(t *testing.T) {
	t.Parallel()
	ofBothKinds(t, func(t *testing.T, p *platform) {
		t.Helper()
		config := p.config(`name = "blur"`, `description = ""`, `tasks = []`, `params = "[]"`)
		d := acceptance.NewDirect(t)
		d.Apply(config).Must("create")
		d.Plan(config).Must("no-op")
	})
}

func TestDrift(t *testing.T) {
	t.Parallel()
	ofBothKinds(t, func(t *testing.T, p *platform) {
		t.Helper()
		config := p.config(`name = "blur"`, `description = "as configured"`, `content = "print(1)"`)
		d := acceptance.NewDirect(t)
		d.Apply(config).Must("create")
		key := p.key(p.only(t).ID)
		if _, err := p.client.UpdateDefinition(t.Context(), key, map[string]json.RawMessage{"description": json.RawMessage(`"x"`), "enabled": json.RawMessage("false")}); err != nil {
			t.Fatal(err)
		}
		d.Apply(config).Must("update")
		p.checkField(t, "description", `"as configured"`)
		p.checkField(t, "enabled", "false")
		p.upload(t, key, "print(2)")
		d.Apply(config).Must("update")
		if content := string(p.only(t).Content); content != "print(1)" {
			t.Errorf("the code file is %q", content)
		}
		if err := p.client.DeleteDefinition(t.Context(), key); err != nil {
			t.Fatal(err)
		}
		refreshed := d.Refresh(config)
		if !strings.Contains(refreshed.Text, "no longer exists") {
			t.Errorf("no warning: %s", refreshed.Text)
		}
		d.Apply(config).Must("create")
	})
}

func (p *platform) upload(t *testing.T, key guardai.DefinitionKey, content string) {
	t.Helper()
	if err := p.client.UploadCode(t.Context(), key, codeOf(content)); err != nil {
		t.Fatal(err)
	}
}

func codeOf(content string) guardai.Code {
	sum := sha256.Sum256([]byte(content))
	return guardai.Code{
		Name: "x.py", ContentType: "text/x-python", Size: int64(len(content)), SHA256: hex.EncodeToString(sum[:]),
		Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(content)), nil },
	}
}

func TestWithoutVerification(t *testing.T) {
	t.Parallel()
	ofBothKinds(t, func(t *testing.T, p *platform) {
		t.Helper()
		config := p.config(`name = "blur"`, `content = "print(1)"`, `verify_content = false`)
		d := acceptance.NewDirect(t)
		d.Apply(config).Must("create")
		p.ClearRequests()
		d.Plan(config).Must("no-op")
		if n := p.Count("download_file", "download_metric_file"); n != 0 {
			t.Errorf("%d downloads", n)
		}
	})
}

func TestPlanErrors(t *testing.T) {
	t.Parallel()
	ofBothKinds(t, func(t *testing.T, p *platform) {
		t.Helper()
		for lines, want := range map[string]string{
			`name = " "`: "name is blank",
			"name = \"x\"\n source = \"a\"\n content = \"b\"": "Invalid Attribute Combination",
			"name = \"x\"\n params = \"{}\"":                  "params must be a list",
			"name = \"x\"\n params = \"[\"":                   "JSON",
			"name = \"x\"\n tasks = [null]":                   "Null",
		} {
			acceptance.NewDirect(t).Plan(p.config(lines)).MustFail(want)
		}
		invalid := strings.Replace(p.config(`name = "x"`), fmt.Sprintf("%q", fmt.Sprint(p.organization)), `"none"`, 1)
		acceptance.NewDirect(t).Plan(invalid).MustFail("organization_id.*not an id")
	})
	p := newPlatform(t, sandbox.Transform)
	for lines, want := range map[string]string{
		"name = \"x\"\n params = \"[1]\"":                  "params must be a list of objects",
		"name = \"x\"\n apply_mapping = \"{\\\"a\\\":1}\"": "apply_mapping must be an object of objects",
	} {
		acceptance.NewDirect(t).Plan(p.config(lines)).MustFail(want)
	}
}

func TestSameName(t *testing.T) {
	t.Parallel()
	ofBothKinds(t, func(t *testing.T, p *platform) {
		t.Helper()
		added := p.AddDefinition(p.kind, p.organization, sandbox.Definition{Fields: map[string]any{"name": "blur"}})
		plan := acceptance.NewDirect(t).Plan(p.config(`name = "blur"`)).Must("create")
		if want := fmt.Sprintf("%d/%s", p.organization, added.ID); !strings.Contains(plan.Text, want) {
			t.Errorf("no warning with %s: %s", want, plan.Text)
		}
		if plan := acceptance.NewDirect(t).Plan(p.config(`name = "other"`)).Must("create"); plan.Text != "" {
			t.Errorf("a warning: %s", plan.Text)
		}
	})
}

// A source that is missing or has changed must not lead to a definition without it.
func TestChangedSource(t *testing.T) {
	t.Parallel()
	ofBothKinds(t, func(t *testing.T, p *platform) {
		t.Helper()
		source := filepath.Join(t.TempDir(), "blur.py")
		config := p.config(`name = "blur"`, fmt.Sprintf("source = %q", source))
		acceptance.NewDirect(t).Apply(config).MustFail("source.*there is no such file")
		if left := p.Definitions(p.kind, p.organization); len(left) != 0 {
			t.Errorf("created: %v", left)
		}
	})
}

// If a later call of a create fails, state is true, and after untaint the next apply goes on.
func TestInterruptedCreate(t *testing.T) {
	t.Parallel()
	ofBothKinds(t, func(t *testing.T, p *platform) {
		t.Helper()
		config := p.config(`name = "blur"`, `description = "x"`, `content = "print(1)"`)
		uploads := map[sandbox.DefinitionKind]string{sandbox.Transform: "upload_file", sandbox.Metric: "upload_metric_file"}
		for _, operation := range []string{"update_" + string(p.kind), uploads[p.kind]} {
			p.Inject(sandbox.Fault{Operation: operation, Kind: sandbox.FaultStatus, Status: 400})
			d := acceptance.NewDirect(t)
			failed := d.Apply(config)
			failed.MustFail("tainted.*untaint")
			created := p.only(t)
			if failed.Values["id"] != created.ID || failed.Values["content"] != nil || failed.Values["content_sha256"] != nil {
				t.Errorf("after a failed %s, state is %v", operation, failed.Values)
			}
			d.Untaint()
			d.Apply(config).Must("update")
			if p.only(t).ID != created.ID || string(p.only(t).Content) != "print(1)" {
				t.Errorf("after a failed %s, the next apply made %v", operation, p.only(t))
			}
			d.Destroy(config).Must()
		}
	})
}

// jsonencode, and some platforms, write a number in another form.
func TestFormsOfNumbers(t *testing.T) {
	t.Parallel()
	ofBothKinds(t, func(t *testing.T, p *platform) {
		t.Helper()
		p.AddDefinition(p.kind, p.organization, sandbox.Definition{Fields: map[string]any{
			"name": "blur", "params": []any{map[string]any{"a": json.Number("1.0"), "b": json.Number("25E-1"), "c": json.Number("-1e400")}},
		}})
		d := acceptance.NewDirect(t)
		d.Import(p.config(`name = "blur"`), fmt.Sprintf("%d/blur", p.organization)).Must()
		d.Plan(p.config(`name = "blur"`, `params = "[{ \"a\": 1, \"b\": 2.5, \"c\": -1e400 }]"`)).Must("no-op")
		d.Plan(p.config(`name = "blur"`, `params = "[{ \"a\": 1, \"b\": 2.5000000000000000000000001, \"c\": -1e400 }]"`)).Must("update")
	})
}

// A value in another form than documented is null, as its warning says.
func TestFieldInAnotherForm(t *testing.T) {
	t.Parallel()
	for kind := range resourceTypes {
		p := newPlatform(t, kind, func(cfg *sandbox.Config) { cfg.Middleware = nil }) // Without the check of the contract.
		p.AddDefinition(kind, p.organization, sandbox.Definition{Fields: map[string]any{"name": "blur", "enabled": "yes", "description": 7, "codebase_name": []int{1}, "tasks": "x"}})
		imported := acceptance.NewDirect(t).Import(p.config(`name = "blur"`), fmt.Sprintf("%d/blur", p.organization)).Must()
		for _, name := range []string{"enabled", "description", "codebase_name", "tasks"} {
			if imported.Values[name] != nil {
				t.Errorf("%s is %v", name, imported.Values[name])
			}
		}
		if !strings.Contains(imported.Text, "Value not readable") {
			t.Error(imported.Text)
		}
	}
}
