package organization_test

import (
	"fmt"
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

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
	for name, test := range map[string]struct {
		fill func(s *acceptance.Sandbox, id int64)
		want string
	}{
		// The platform updates its stats only on request.
		"data": {func(s *acceptance.Sandbox, id int64) {
			s.SetPendingStats(id, sandbox.Stats{DatasetStorage: 11, ProjectStorage: 22})
		}, `datasetStorage:\s+11.*projectStorage:\s+22`},
		"file": {func(s *acceptance.Sandbox, id int64) {
			s.AddFile(id, sandbox.File{Type: "classmapping", Name: "map.csv", Ref: "the-ref"})
		}, `map\.csv.*the-ref`},
		"project": {func(s *acceptance.Sandbox, id int64) { s.SetProjects(id, holding("Lanes")) }, `project\s+"Lanes"\s+\(id\s+5\)`},
		"model":   {func(s *acceptance.Sandbox, id int64) { s.SetModels(id, holding("Lanes")) }, `model\s+"Lanes"\s+\(id\s+5\)`},
		"dataset": {func(s *acceptance.Sandbox, id int64) { s.SetDatasets(id, holding("Lanes")) }, `dataset\s+"Lanes"\s+\(id\s+5\)`},
		"member": {func(s *acceptance.Sandbox, id int64) {
			s.AddMember(id, sandbox.UserID)
		}, `member\s+"tom\.ferreira@example\.com"`},
	} {
		t.Run(name, func(t *testing.T) {
			s := acceptance.NewSandbox(t)
			const forced = "name = \"x\"\nforce_destroy = true"
			acceptance.Run(t,
				resource.TestStep{Config: s.Provider() + organization(`name = "x"`)},
				resource.TestStep{
					PreConfig: changeOutsideTerraform(s, func(id int64) { test.fill(s, id) }),
					Config:    s.Provider() + organization(`name = "x"`), Destroy: true,
					ExpectError: regexp.MustCompile(`(?s)Organization\s+1\s+is\s+not\s+empty.*` + test.want + `.*force_destroy`),
				},
				resource.TestStep{Config: s.Provider() + organization(forced)},
				resource.TestStep{Config: s.Provider() + organization(forced), Destroy: true},
			)
			if left := s.Organizations(); len(left) != 0 {
				t.Errorf("left: %+v", left)
			}
		})
	}
}

// The user that the provider acts as, predefined datasets, and what other organizations hold don't count.
func TestDestroyOfAnEmptyOrganization(t *testing.T) {
	s := acceptance.NewSandbox(t)
	t.Parallel()
	other := s.AddOrganization(sandbox.Organization{Name: "other"})
	s.SetModels(other.ID, holding("Theirs"))
	s.SetProjects(other.ID, holding("Theirs"))
	acceptance.Test(t, resource.TestCase{
		Steps: []resource.TestStep{{
			Config: s.Provider() + organization(`name = "x"`),
			Check: acceptance.ID(address, func(id int64) error {
				s.AddMember(id, sandbox.AdminID)
				return nil
			}),
		}},
		CheckDestroy: func(*terraform.State) error {
			if got := s.Count("get_members"); got == 0 || len(s.Organizations()) != 1 {
				return fmt.Errorf("left: %+v", s.Organizations())
			}
			return nil
		},
	})
}

// A check that fails prevents the destruction, whatever the reason, unless the platform itself forbids the call.
func TestDestroyRefusesWhatItCannotCheck(t *testing.T) {
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
		"stats 404":        {status("update_org_stats", notFound, 404), `stored\s+data.*/stat`},
		"projects 404":     {status("get_projects", notFound, 404), `its\s+projects`},
		"models 400":       {status("get_models", "", 400), `its\s+models`},
		"datasets null":    {status("get_datasets", "null", 200), `its\s+datasets.*null`},
		"members null":     {status("get_members", "null", 200), `its\s+members.*null`},
		"model of no one":  {status("get_models", `[{"id":4}]`, 200), `organization\s+of\s+the\s+model`},
		"no stats":         {org(`,"settings":{}`), `stored\s+data.*no\s+datasetStorage`},
		"no list of files": {org(`,"settings":{"classMappingFiles":{}},"stats":{"datasetStorage":0,"projectStorage":0}`), `classMappingFiles`},
	} {
		t.Run(name, func(t *testing.T) {
			s := acceptance.NewSandbox(t)
			acceptance.Run(t,
				resource.TestStep{Config: s.Provider() + organization(`name = "x"`)},
				resource.TestStep{
					// The refresh of the destroy reads the organization too.
					PreConfig: func() {
						if test.fault.Operation == "get_organization" {
							test.fault.Every = 2
						}
						s.Inject(test.fault)
					},
					Config: s.Provider() + organization(`name = "x"`), Destroy: true,
					ExpectError: regexp.MustCompile(`(?s)Unable\s+to\s+check\s+whether\s+organization\s+1\s+is\s+empty.*` + test.want + `.*force_destroy`),
				},
			)
			if got := s.Count("delete_organization"); got != 1 {
				t.Errorf("got %d deletes, want 1 in the end", got)
			}
		})
	}
}

// Without administrator rights, the recorded stats count, and the error says what wasn't checked.
func TestDestroyWithoutAdminRights(t *testing.T) {
	s := acceptance.NewSandbox(t)
	storing := func(size int64) func() {
		return changeOutsideTerraform(s, func(id int64) {
			s.UpdateOrganization(id, func(o *sandbox.Organization) { o.Stats.ProjectStorage = size })
		})
	}
	acceptance.Run(t,
		resource.TestStep{Config: s.UserProvider() + organization(`name = "x"`)},
		resource.TestStep{
			PreConfig: storing(5), Config: s.UserProvider() + organization(`name = "x"`), Destroy: true,
			ExpectError: regexp.MustCompile(`(?s)projectStorage:\s+5.*isn't\s+allowed\s+to\s+list\s+the\s+organization's\s+members,`),
		},
		resource.TestStep{PreConfig: storing(0), Config: s.UserProvider() + organization(`name = "x"`), Destroy: true},
	)
}

func TestDestroyOfADeletedOrganization(t *testing.T) {
	s := acceptance.NewSandbox(t)
	t.Parallel()
	acceptance.Test(t, resource.TestCase{
		Steps: []resource.TestStep{{
			Config: s.Provider() + organization(`name = "x"`),
			Check: func(*terraform.State) error {
				changeOutsideTerraform(s, func(id int64) { s.DeleteOrganization(id) })()
				return nil
			},
			ExpectNonEmptyPlan: true,
		}},
		CheckDestroy: calls(s, "add_organization", 1),
	})
}
