package organization_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/guardai/terraform-provider-guardai/internal/acceptance"
	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

func ignoring(what, lines string) string {
	return organization(lines + "\nlifecycle {\n ignore_changes = " + what + "\n}")
}

// What ignore_changes keeps back is in the plan alone: an apply that goes by the
// configuration overwrites what others have set.
func TestIgnoredSettingsAreLeftAlone(t *testing.T) {
	for name, test := range map[string]struct{ ignored, first, then string }{
		"named":                {"[max_item_count]", "max_item_count = 10", "max_item_count = 10"},
		"changed":              {"[max_item_count]", "max_item_count = 10", "max_item_count = 20"},
		"removed":              {"[max_item_count]", "max_item_count = 10", ""},
		"removed with another": {"[max_item_count]", "max_item_count = 10\nmax_time_per_task = 3", "max_time_per_task = 4"},
	} {
		for _, change := range []string{"name = \"renamed\"", "name = \"x\"\nforce_destroy = true"} {
			t.Run(name+" "+strings.Fields(change)[2], func(t *testing.T) {
				s := acceptance.NewSandbox(t)
				acceptance.Run(t,
					resource.TestStep{Config: s.Provider() + ignoring(test.ignored, "name = \"x\"\n"+test.first)},
					resource.TestStep{
						PreConfig: change50(s),
						Config:    s.Provider() + ignoring(test.ignored, change+"\n"+test.then),
						Check:     hasSetting(s, "maxItemCount", 50),
						ConfigStateChecks: []statecheck.StateCheck{
							setting("max_item_count", knownvalue.Int64Exact(50)),
						},
					},
					resource.TestStep{Config: s.Provider() + ignoring(test.ignored, change+"\n"+test.then), ConfigPlanChecks: emptyPlan()},
				)
			})
		}
	}
}

// change50 has another client set a quota to 50.
func change50(s *acceptance.Sandbox) func() {
	return change(s, func(id int64) {
		s.UpdateOrganization(id, func(o *sandbox.Organization) { o.Settings["maxItemCount"] = 50 })
	})
}

func TestImportThatIgnoresEverything(t *testing.T) {
	t.Parallel()
	s := acceptance.NewSandbox(t)
	org := s.AddOrganization(sandbox.Organization{Name: "x", Settings: map[string]any{"maxItemCount": 5000}})
	block := "import {\n to = " + address + "\n id = \"x\"\n}\n"
	w := acceptance.NewWorkspace(t, map[string]string{"main.tf": s.Provider() + block + ignoring("all", "name = \"y\"\nmax_item_count = 10")})
	w.MustRun(t, "init")
	w.MustRun(t, "apply", "-auto-approve")
	w.Write(t, "main.tf", s.Provider()+ignoring("[max_item_count]", "name = \"y\"\nmax_item_count = 10"))
	w.MustRun(t, "apply", "-auto-approve")
	if got := s.MustOrganization(t, org.ID); got.Name != "y" || fmt.Sprint(got.Settings["maxItemCount"]) != "5000" {
		t.Errorf("got %+v", got)
	}
}

// A platform that changes between the refresh and the apply keeps what the plan
// doesn't change.
func TestUpdateSendsOnlyWhatThePlanChanges(t *testing.T) {
	t.Parallel()
	s := acceptance.NewSandbox(t)
	w := acceptance.NewWorkspace(t, map[string]string{"main.tf": s.Provider() + ignoring("[max_item_count]", "name = \"x\"\nmax_item_count = 10")})
	w.MustRun(t, "init")
	w.MustRun(t, "apply", "-auto-approve")
	change50(s)()
	w.Write(t, "main.tf", s.Provider()+ignoring("[max_item_count]", "name = \"y\"\nmax_item_count = 10"))
	w.MustRun(t, "apply", "-auto-approve", "-refresh=false")
	for _, org := range s.Organizations() {
		if fmt.Sprint(org.Settings["maxItemCount"]) != "50" {
			t.Errorf("got %+v", org)
		}
	}
}
