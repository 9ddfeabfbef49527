package definition_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/guardai/terraform-provider-guardai/internal/acceptance"
	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

func TestDestroyOfADefinitionInUse(t *testing.T) {
	t.Parallel()
	ofBothKinds(t, func(t *testing.T, p *platform) {
		t.Helper()
		config := p.config(`name = "blur"`)
		d := acceptance.NewDirect(t)
		d.Apply(config).Must("create")
		id := p.only(t).ID
		other := p.AddOrganization(sandbox.Organization{Name: "Other"}).ID
		p.use(p.organization, "Lidar", id)
		p.use(other, "elsewhere", id)
		d.Destroy(config).MustFail(`in use.*project "Lidar" \(id 1\)`)
		if p.kind == sandbox.Transform {
			p.SetProjects(p.organization, nil)
			p.SetModels(p.organization, []map[string]any{{"id": 7, "name": "Net", "transforms": []any{map[string]any{"id": json.Number(id)}}}})
			p.SetDatasets(p.organization, []map[string]any{{"id": 8, "name": "Roads", "transforms": []any{map[string]any{"name": "blur"}}}})
			d.Destroy(config).MustFail(`model "Net" \(id 7\).*dataset "Roads" \(id 8\)`)
		}
		p.only(t)
		forced := p.config(`name = "blur"`, "force_destroy = true")
		d.Apply(forced).Must("update")
		d.Destroy(forced).Must()
	})
}

// use makes a project of an organization use a definition.
func (p *platform) use(organization int64, name, id string) {
	settings := map[string]any{"transforms": []any{map[string]any{"id": json.Number(id)}}}
	if p.kind == sandbox.Metric {
		settings = map[string]any{"headSettings": []any{map[string]any{"metrics": []any{map[string]any{"uid": id}}}}}
	}
	p.SetProjects(organization, []map[string]any{{"id": 1, "name": name, "settings": settings}})
}

// A model or a dataset names only transforms.
func TestDestroyOfAMetricWithTheNameOfATransform(t *testing.T) {
	t.Parallel()
	p := newPlatform(t, sandbox.Metric)
	config := p.config(`name = "blur"`)
	d := acceptance.NewDirect(t)
	d.Apply(config).Must("create")
	p.SetModels(p.organization, []map[string]any{{"id": 7, "name": "Net", "transforms": []any{map[string]any{"id": 9, "name": "blur"}}}})
	d.Destroy(config).Must()
}

func TestDestroyWithoutRights(t *testing.T) {
	t.Parallel()
	ofBothKinds(t, func(t *testing.T, p *platform) {
		t.Helper()
		config := p.config(`name = "blur"`)
		d := acceptance.NewDirect(t)
		d.Apply(config).Must("create")
		p.Inject(sandbox.Fault{Operation: "get_projects", Kind: sandbox.FaultStatus, Status: 500, Times: 9})
		d.Destroy(config).MustFail("Unable to check whether .* is in use.*force_destroy")
		p.ClearFaults()
		p.Inject(sandbox.Fault{Operation: "get_projects", Kind: sandbox.FaultStatus, Status: 403})
		if destroyed := d.Destroy(config).Must(); !strings.Contains(destroyed.Text, "isn't allowed to list the organization's projects") {
			t.Errorf("no warning: %s", destroyed.Text)
		}
	})
}

func TestDestroyOfWhatIsGone(t *testing.T) {
	t.Parallel()
	ofBothKinds(t, func(t *testing.T, p *platform) {
		t.Helper()
		config := p.config(`name = "blur"`)
		d := acceptance.NewDirect(t)
		d.Apply(config).Must("create")
		if !p.DeleteOrganization(p.organization) {
			t.Fatal("not deleted")
		}
		d.Destroy(config).Must()
	})
}
