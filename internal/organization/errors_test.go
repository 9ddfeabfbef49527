package organization_test

import (
	"testing"

	"github.com/guardai/terraform-provider-guardai/internal/acceptance"
	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

func TestInvalidConfiguration(t *testing.T) {
	t.Parallel()
	s := acceptance.NewSandbox(t)
	for lines, want := range map[string]string{
		`name = "  "`: `name is blank`,
		"name = \"x\"\ndisabled_features = [null]":            `disabled_features.*null`,
		"name = \"x\"\nmax_item_count = -2147483649":          `max_item_count must be a whole number from -2147483648 to 2147483647, not -2147483649`,
		"name = \"x\"\nmax_time_allocated = 2147483648":       `max_time_allocated must be a whole number`,
		"name = \"x\"\nmax_time_per_task = 1.5":               `max_time_per_task must be a whole number.*1\.5`,
		"name = \"x\"\nsource_organization_id = 0":            `source_organization_id = "0".*"0" is not an id`,
		"name = \"x\"\nsource_organization_id = \"Research\"": `source_organization_id.*"Research" is not an id`,
		"name = \"x\"\nsource_organization_id = \"042\"":      `source_organization_id.*"042" is not an id`,
	} {
		acceptance.NewDirect(t).Plan(s.Provider() + organization(lines)).MustFail(want)
	}
	if got := s.Count(); got != 0 {
		t.Errorf("the platform was asked %d times", got)
	}
}

// Each operation of the resource fails with statuses that aren't retried, and works the next time.
func TestAPIErrors(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		operation    string
		status       int
		before, then string
		want         string
	}{
		"create 400": {"add_organization", 400, "", "x", `Unable to create organization.*POST \S+/api/v1/organizations returned 400`},
		"create 403": {"add_organization", 403, "", "x", `Unable to create organization.*returned 403.*member of the organization or of an administrator`},
		"create 500": {"add_organization", 500, "", "x", `Unable to create organization.*500.*found nothing`},
		"read 403":   {"get_organization", 403, "x", "x", `Unable to read organization \d+.*GET \S+/api/v1/organizations/\d+ returned 403`},
		"update 400": {"update_organization", 400, "x", "y", `Unable to update organization \d+.*PUT \S+/api/v1/organizations/\d+ returned 400`},
		"update 404": {"update_organization", 404, "x", "y", `Unable to update organization \d+.*404.*still lists`},
		"delete 409": {"delete_organization", 409, "x", "", `Unable to delete organization \d+.*DELETE.*409`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := acceptance.NewSandbox(t)
			d := acceptance.NewDirect(t)
			run := func(name string) acceptance.Outcome {
				if name == "" {
					return d.Destroy(s.Provider() + organization(`name = "x"`))
				}
				return d.Apply(s.Provider() + organization("name = \""+name+"\""))
			}
			if test.before != "" {
				run(test.before).Must("create")
			}
			s.Inject(sandbox.Fault{Operation: test.operation, Kind: sandbox.FaultStatus, Status: test.status})
			run(test.then).MustFail(test.want)
			run(test.then).Must()
		})
	}
}
