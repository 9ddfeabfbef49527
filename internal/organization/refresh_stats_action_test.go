package organization_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/guardai/terraform-provider-guardai/internal/acceptance"
	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

// refreshing returns a configuration with the action for an organization.
func refreshing(id any) string {
	return fmt.Sprintf("action \"guardai_organization_refresh_stats\" \"test\" {\n config {\n organization_id = %v\n }\n}\n", id)
}

// triggered returns a resource that invokes the action whenever its input changes.
func triggered(input int) string {
	return fmt.Sprintf(`
resource "terraform_data" "test" {
  input = %d
  lifecycle {
    action_trigger {
      events  = [after_create, after_update]
      actions = [action.guardai_organization_refresh_stats.test]
    }
  }
}
`, input)
}

func TestRefreshStatsFromTheCommandLine(t *testing.T) {
	t.Parallel()
	s := acceptance.NewSandbox(t)
	org := s.AddOrganization(sandbox.Organization{Name: "lane keeping"})
	s.SetPendingStats(org.ID, sandbox.Stats{DatasetStorage: 11, ProjectStorage: 22})
	w := acceptance.NewWorkspace(t, map[string]string{"main.tf": s.Provider() + refreshing(org.ID)})
	acceptance.QueriesAndActions.Need(t)
	w.MustRun(t, "init")
	output := w.MustRun(t, "apply", "-auto-approve", "-invoke=action.guardai_organization_refresh_stats.test").Stdout
	for _, words := range []string{
		fmt.Sprintf("Recalculating the storage of organization %d", org.ID), "Recalculated; reading",
		fmt.Sprintf("lane keeping (%d): datasetStorage 11, projectStorage 22", org.ID),
	} {
		if !strings.Contains(output, words) {
			t.Errorf("%q is not in:\n%s", words, output)
		}
	}
	if got := s.MustOrganization(t, org.ID).Stats; got.DatasetStorage != 11 || s.Count("update_org_stats") != 1 {
		t.Errorf("got %+v after %d calls", got, s.Count("update_org_stats"))
	}
}

func TestRefreshStatsTriggered(t *testing.T) {
	s := acceptance.NewSandbox(t)
	config := func(name string) string {
		return s.Provider() + refreshing("guardai_organization.test.id") + organization(fmt.Sprintf("name = %q", name)) +
			strings.Replace(triggered(len(name)), "lifecycle", "depends_on = [guardai_organization.test]\n lifecycle", 1)
	}
	acceptance.RunWith(t, acceptance.QueriesAndActions,
		resource.TestStep{Config: config("one"), Check: calls(s, "update_org_stats", 1)},
		resource.TestStep{Config: config("one"), ConfigPlanChecks: emptyPlan(), Check: calls(s, "update_org_stats", 1)},
		resource.TestStep{Config: config("three"), Check: calls(s, "update_org_stats", 2)},
	)
}

// An invalid id fails before the resource that triggers the action is created.
func TestRefreshStatsOfAnInvalidID(t *testing.T) {
	t.Parallel()
	s := acceptance.NewSandbox(t)
	w := acceptance.NewWorkspace(t, map[string]string{"main.tf": s.Provider() + refreshing(`"Maps"`) + triggered(1)})
	acceptance.QueriesAndActions.Need(t)
	w.MustRun(t, "init")
	acceptance.MustContain(t, w.RunTo(t, 1, "plan").Text(), `"Maps" is not an id`)
}

func TestRefreshStatsErrors(t *testing.T) {
	s := acceptance.NewSandbox(t)
	s.AddOrganization(sandbox.Organization{Name: "org"})
	failing := func(block string, id int, want string) resource.TestStep {
		return resource.TestStep{Config: block + refreshing(id) + triggered(id), ExpectError: regexp.MustCompile(want)}
	}
	acceptance.RunWith(t, acceptance.QueriesAndActions,
		failing(s.Provider(), 4711, `(?s)Unable to refresh the stats of organization 4711.*organization_id = 4711.*GET\s+\S+/api/v1/organizations/4711/stat\s+returned\s+404`),
		failing(s.UserProvider(), 1, `(?s)Unable to refresh the stats of organization 1.*403.*credentials\s+of\s+an\s+administrator`),
	)
}
