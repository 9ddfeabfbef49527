package organization_test

import (
	"fmt"
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

// The effect of ignore_changes is only in the plan: an apply that used the configuration would overwrite other clients'
// changes.
func TestIgnoredSettingsAreNotSent(t *testing.T) {
	for name, then := range map[string]string{"named": "max_item_count = 10", "changed": "max_item_count = 20", "removed": ""} {
		t.Run(name, func(t *testing.T) {
			s := acceptance.NewSandbox(t)
			config := s.Provider() + ignoring("[max_item_count]", "name = \"renamed\"\n"+then)
			acceptance.Run(t,
				resource.TestStep{Config: s.Provider() + ignoring("[max_item_count]", "name = \"x\"\nmax_item_count = 10")},
				resource.TestStep{
					PreConfig:         setQuotaTo50(s),
					Config:            config,
					Check:             hasSetting(s, "maxItemCount", 50),
					ConfigStateChecks: []statecheck.StateCheck{setting("max_item_count", knownvalue.Int64Exact(50))},
				},
				resource.TestStep{Config: config, ConfigPlanChecks: emptyPlan()},
			)
		})
	}
}

// setQuotaTo50 sets a quota to 50 outside Terraform.
func setQuotaTo50(s *acceptance.Sandbox) func() {
	return changeOutsideTerraform(s, func(id int64) {
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

// A change on the platform between refresh and apply survives unless the plan changes the same setting.
func TestUpdateSendsOnlyWhatThePlanChanges(t *testing.T) {
	t.Parallel()
	s := acceptance.NewSandbox(t)
	w := acceptance.NewWorkspace(t, map[string]string{"main.tf": s.Provider() + ignoring("[max_item_count]", "name = \"x\"\nmax_item_count = 10")})
	w.MustRun(t, "init")
	w.MustRun(t, "apply", "-auto-approve")
	setQuotaTo50(s)()
	w.Write(t, "main.tf", s.Provider()+ignoring("[max_item_count]", "name = \"y\"\nmax_item_count = 10"))
	w.MustRun(t, "apply", "-auto-approve", "-refresh=false")
	for _, org := range s.Organizations() {
		if fmt.Sprint(org.Settings["maxItemCount"]) != "50" {
			t.Errorf("got %+v", org)
		}
	}
}
