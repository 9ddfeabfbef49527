package organization_test

import (
	"testing"

	"github.com/guardai/terraform-provider-guardai/internal/acceptance"
	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

// changeOutsideTerraform changes the only organization of a sandbox.
func changeOutsideTerraform(s *acceptance.Sandbox, what func(id int64)) func() {
	return func() {
		for _, org := range s.Organizations() {
			what(org.ID)
		}
	}
}

func holding(name string) []map[string]any { return []map[string]any{{"id": 5, "name": name}} }

// Everything that an organization holds prevents its destruction, until force_destroy is applied.
func TestDestroyRefusesContents(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		fill func(s *acceptance.Sandbox, id int64)
		want string
	}{
		// The platform updates its stats only on request.
		"data": {func(s *acceptance.Sandbox, id int64) {
			s.SetPendingStats(id, sandbox.Stats{DatasetStorage: 11, ProjectStorage: 22})
		}, `datasetStorage: 11.*projectStorage: 22`},
		"file": {func(s *acceptance.Sandbox, id int64) {
			s.AddFile(id, sandbox.File{Type: "classmapping", Name: "map.csv", Ref: "the-ref"})
		}, `map\.csv.*the-ref`},
		"project": {func(s *acceptance.Sandbox, id int64) { s.SetProjects(id, holding("Lanes")) }, `project "Lanes" \(id 5\)`},
		"model":   {func(s *acceptance.Sandbox, id int64) { s.SetModels(id, holding("Lanes")) }, `model "Lanes" \(id 5\)`},
		"dataset": {func(s *acceptance.Sandbox, id int64) { s.SetDatasets(id, holding("Lanes")) }, `dataset "Lanes" \(id 5\)`},
		"transform": {func(s *acceptance.Sandbox, id int64) {
			s.AddDefinition(sandbox.Transform, id, sandbox.Definition{Fields: map[string]any{"name": "fog"}})
		}, `transform "fog" \(id \d+\)`},
		"member": {func(s *acceptance.Sandbox, id int64) {
			s.AddMember(id, sandbox.UserID)
		}, `member "tom\.ferreira@example\.com"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := acceptance.NewSandbox(t)
			config, forced := s.Provider()+organization(`name = "x"`), s.Provider()+organization("name = \"x\"\nforce_destroy = true")
			d := acceptance.NewDirect(t)
			d.Apply(config).Must()
			test.fill(s, 1)
			d.Destroy(config).MustFail(`Organization 1 is not empty.*` + test.want + `.*force_destroy`)
			d.Apply(forced).Must("update")
			d.Destroy(forced).Must()
			if left := s.Organizations(); len(left) != 0 {
				t.Errorf("left: %+v", left)
			}
		})
	}
}

// The user that the provider acts as, predefined datasets, and what other organizations hold don't count.
func TestDestroyOfAnEmptyOrganization(t *testing.T) {
	t.Parallel()
	s := acceptance.NewSandbox(t)
	other := s.AddOrganization(sandbox.Organization{Name: "other"})
	s.SetModels(other.ID, holding("Theirs"))
	s.SetProjects(other.ID, holding("Theirs"))
	config := s.Provider() + organization(`name = "x"`)
	d := acceptance.NewDirect(t)
	d.Apply(config).Must()
	s.AddMember(2, sandbox.AdminID)
	d.Destroy(config).Must()
	if got := s.Count("get_members"); got == 0 || len(s.Organizations()) != 1 {
		t.Errorf("left: %+v", s.Organizations())
	}
}

// A check that fails prevents the destruction, whatever the reason, unless the platform itself forbids the call.
func TestDestroyRefusesWhatItCannotCheck(t *testing.T) {
	t.Parallel()
	const notFound = `{"timestamp":"2022-03-01T12:00:00.000+00:00","status":404,"error":"Not Found","message":"no","path":"/"}`
	status := func(operation, body string, status int) sandbox.Fault {
		return sandbox.Fault{Operation: operation, Kind: sandbox.FaultStatus, Status: status, Body: body, ContentType: "application/json"}
	}
	org := func(rest string) sandbox.Fault {
		return sandbox.Fault{Operation: "get_organization", Kind: sandbox.FaultGarbage, Body: `{"id":1,"name":"x"` + rest + `}`}
	}
	for name, test := range map[string]struct {
		fault sandbox.Fault
		want  string
	}{
		"stats 404":        {status("update_org_stats", notFound, 404), `stored data.*/stat`},
		"projects 404":     {status("get_projects", notFound, 404), `its projects`},
		"models 400":       {status("get_models", "", 400), `its models`},
		"datasets null":    {status("get_datasets", "null", 200), `its datasets.*null`},
		"transforms null":  {status("get_transforms", "null", 200), `its transforms.*null`},
		"members null":     {status("get_members", "null", 200), `its members.*null`},
		"model of no one":  {status("get_models", `[{"id":4}]`, 200), `organization of the model`},
		"no stats":         {org(`,"settings":{}`), `stored data.*no datasetStorage`},
		"no list of files": {org(`,"settings":{"classMappingFiles":{}},"stats":{"datasetStorage":0,"projectStorage":0}`), `classMappingFiles`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := acceptance.NewSandbox(t)
			config := s.Provider() + organization(`name = "x"`)
			d := acceptance.NewDirect(t)
			d.Apply(config).Must()
			s.Inject(test.fault)
			d.Destroy(config).MustFail(`Unable to check whether organization 1 is empty.*` + test.want + `.*force_destroy`)
			d.Destroy(config).Must()
			if got := s.Count("delete_organization"); got != 1 {
				t.Errorf("got %d deletes, want 1 in the end", got)
			}
		})
	}
}

// Without administrator rights, the recorded stats count, and the error says what wasn't checked.
func TestDestroyWithoutAdminRights(t *testing.T) {
	t.Parallel()
	s := acceptance.NewSandbox(t)
	config := s.UserProvider() + organization(`name = "x"`)
	d := acceptance.NewDirect(t)
	d.Apply(config).Must()
	storing := func(size int64) {
		s.UpdateOrganization(1, func(o *sandbox.Organization) { o.Stats.ProjectStorage = size })
	}
	storing(5)
	d.Destroy(config).MustFail(`projectStorage: 5.*isn't allowed to list the organization's members,`)
	storing(0)
	d.Destroy(config).Must()
}

func TestDestroyOfADeletedOrganization(t *testing.T) {
	t.Parallel()
	for _, line := range []string{"force_destroy = false", "force_destroy = true"} {
		s := acceptance.NewSandbox(t)
		config := s.Provider() + organization("name = \"x\"\n"+line)
		d := acceptance.NewDirect(t)
		d.Apply(config).Must()
		s.DeleteOrganization(1)
		d.Destroy(config).Must()
	}
}
