package organization_test

import (
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

func TestDestroyRefusesStoredData(t *testing.T) {
	s := acceptance.NewSandbox(t)
	acceptance.Run(t,
		resource.TestStep{Config: s.Provider() + organization(`name = "x"`)},
		resource.TestStep{
			// The platform updates its stats only on request.
			PreConfig: changeOutsideTerraform(s, func(id int64) {
				s.SetPendingStats(id, sandbox.Stats{DatasetStorage: 11, ProjectStorage: 22})
				s.AddFile(id, sandbox.File{Type: "classmapping", Name: "map.csv", Ref: "the-ref"})
			}),
			Config: s.Provider() + organization(`name = "x"`), Destroy: true,
			ExpectError: regexp.MustCompile(`(?s)is not empty.*datasetStorage: 11.*projectStorage: 22.*map\.csv.*the-ref.*force_destroy`),
		},
		resource.TestStep{Config: s.Provider() + organization("name = \"x\"\nforce_destroy = true")},
		resource.TestStep{Config: s.Provider() + organization("name = \"x\"\nforce_destroy = true"), Destroy: true},
	)
	if left := s.Organizations(); len(left) != 0 {
		t.Errorf("left: %+v", left)
	}
}

func TestDestroyWithoutAdminRights(t *testing.T) {
	s := acceptance.NewSandbox(t)
	acceptance.Run(t,
		resource.TestStep{Config: s.UserProvider() + organization(`name = "x"`)},
		resource.TestStep{
			PreConfig: changeOutsideTerraform(s, func(id int64) {
				s.UpdateOrganization(id, func(o *sandbox.Organization) { o.Stats.ProjectStorage = 5 })
			}),
			Config: s.UserProvider() + organization(`name = "x"`), Destroy: true,
			ExpectError: regexp.MustCompile(`projectStorage: 5`),
		},
		resource.TestStep{
			PreConfig: changeOutsideTerraform(s, func(id int64) {
				s.UpdateOrganization(id, func(o *sandbox.Organization) { o.Stats.ProjectStorage = 0 })
			}),
			Config: s.UserProvider() + organization(`name = "x"`), Destroy: true,
		},
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
