package definition_test

import (
	"fmt"
	"path/filepath"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/knownvalue"

	"github.com/guardai/terraform-provider-guardai/internal/acceptance"
	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

func TestImports(t *testing.T) {
	t.Parallel()
	ofBothKinds(t, func(t *testing.T, p *platform) {
		t.Helper()
		add := func(name string) string {
			return p.AddDefinition(p.kind, p.organization, sandbox.Definition{Fields: map[string]any{"name": name}, Content: []byte("print(1)")}).ID
		}
		id := add("blur/2")
		add("twice")
		add("twice")
		config := p.config(`name = "blur/2"`)
		for _, name := range []string{id, "blur/2"} {
			d := acceptance.NewDirect(t)
			d.Import(config, fmt.Sprintf("%d/%s", p.organization, name)).MustHave(map[string]knownvalue.Check{
				"id": knownvalue.StringExact(id), "name": knownvalue.StringExact("blur/2"), "size": knownvalue.Int64Exact(8), "content": knownvalue.Null(),
			})
			d.Plan(config).Must("no-op")
		}
		source := filepath.Join(t.TempDir(), "blur.py")
		write(t, source, "print(1)")
		d := acceptance.NewDirect(t)
		d.Import(config, fmt.Sprintf("%d/%s?source=%s", p.organization, id, source)).Must()
		d.Plan(p.config(`name = "blur/2"`, fmt.Sprintf("source = %q", source))).Must("no-op")
		for wrong, want := range map[string]string{
			"": "is not an id", "blur": "is not an id", "1/": "names no", "1/twice": "2 .*twice.*1/", "1/none": "None of the 3",
			"1/blur?source=": "names no path",
		} {
			acceptance.NewDirect(t).Import(config, wrong).MustFail(want)
		}
	})
	p := newPlatform(t, sandbox.Transform)
	other := p.AddOrganization(sandbox.Organization{Name: "Other"}).ID
	added := p.AddDefinition(p.kind, p.organization, sandbox.Definition{Fields: map[string]any{"name": "blur"}})
	acceptance.NewDirect(t).Import(p.config(`name = "blur"`), fmt.Sprintf("%d/%s", other, added.ID)).MustFail("None of the 0")
	available, err := p.client.ListTransforms(t.Context(), p.organization)
	if err != nil || *available[0].ID == 1001 {
		t.Fatalf("the platform has no transform of its own: %v", err)
	}
	acceptance.NewDirect(t).Import(p.config(`name = "x"`), fmt.Sprintf("%d/%d", p.organization, *available[0].ID)).MustFail("None of the 1")
	acceptance.NewDirect(t).Import(p.config(`name = "blur"`), fmt.Sprintf("%d/blur", other)).MustFail("None of the 0")
}

func TestUnusualIDs(t *testing.T) {
	t.Parallel()
	p := newPlatform(t, sandbox.Metric)
	for _, uid := range []string{"a b+c", "100%", "ü?#"} {
		p.AddDefinition(p.kind, p.organization, sandbox.Definition{Fields: map[string]any{"uid": uid, "name": "blur"}, Content: []byte("x")})
		config := p.config(`name = "blur"`, `description = "x"`, `content = "y"`)
		d := acceptance.NewDirect(t)
		d.Import(config, fmt.Sprintf("%d/%s", p.organization, uid)).Must()
		d.Apply(config).Must("update")
		if changed := p.only(t); changed.Fields["description"] != "x" || string(changed.Content) != "y" {
			t.Errorf("%s is %v", uid, changed)
		}
		d.Destroy(config).Must()
	}
}

// A list may have only a part of each definition.
func TestPartialList(t *testing.T) {
	t.Parallel()
	ofBothKinds(t, func(t *testing.T, p *platform) {
		t.Helper()
		config := p.config(`name = "blur"`, `description = "x"`, `tasks = []`)
		d := acceptance.NewDirect(t)
		d.Apply(config).Must("create")
		created := p.only(t)
		id := created.ID
		if p.kind == sandbox.Metric {
			id = fmt.Sprintf("%q", id)
		}
		partial := fmt.Sprintf(`[{"id":%[1]s,"uid":%[1]s,"name":"blur"}]`, id)
		for _, list := range []string{"get_transforms", "get_metrics", "get_defined_transforms"} {
			p.Inject(sandbox.Fault{Operation: list, Kind: sandbox.FaultGarbage, Body: partial, ContentType: "application/json", Times: -1})
		}
		d.Plan(config).Must("no-op")
		imported := acceptance.NewDirect(t)
		imported.Import(config, fmt.Sprintf("%d/blur", p.organization)).MustHave(map[string]knownvalue.Check{"description": knownvalue.StringExact("x")})
	})
}

// N definitions are refreshed with one list and their downloads, and found by a query.
func TestQuery(t *testing.T) {
	t.Parallel()
	p := newPlatform(t, sandbox.Transform)
	other := p.AddOrganization(sandbox.Organization{Name: "Other"}).ID
	for i := range 5 {
		p.AddDefinition(p.kind, p.organization, sandbox.Definition{Fields: map[string]any{"name": fmt.Sprint("t", i)}, Content: []byte("x")})
	}
	p.AddDefinition(p.kind, other, sandbox.Definition{Fields: map[string]any{"name": "elsewhere"}})
	config := func(organization int64) string {
		return p.Provider() + fmt.Sprintf("list \"guardai_transform\" \"all\" {\n provider = guardai\n config {\n organization_id = \"%d\"\n }\n}\n", organization)
	}
	found, outcome := acceptance.NewDirect(t).List(config(p.organization), 3, true)
	outcome.Must()
	if len(found) != 3 || found[0].Name != "t0" || found[0].Values["size"] == nil || p.Count("get_transform") != 0 {
		t.Errorf("found %v with %d single reads", found, p.Count("get_transform"))
	}
	if found, outcome = acceptance.NewDirect(t).List(config(p.organization), 100, false); len(found) != 5 || outcome.Failed {
		t.Errorf("found %v: %s", found, outcome.Text)
	}
	_, outcome = acceptance.NewDirect(t).List(config(999), 100, false)
	outcome.MustFail("Unable to list the transforms of organization 999: organization_id")
}

// A list that the platform doesn't have is no sign that a definition is gone.
func TestMissingList(t *testing.T) {
	t.Parallel()
	ofBothKinds(t, func(t *testing.T, p *platform) {
		t.Helper()
		config := p.config(`name = "blur"`)
		d := acceptance.NewDirect(t)
		d.Apply(config).Must("create")
		for _, list := range []string{"get_transforms", "get_metrics"} {
			p.Inject(sandbox.Fault{Operation: list, Kind: sandbox.FaultStatus, Status: 404, Times: -1})
		}
		d.Plan(config).Must("no-op")
	})
}
