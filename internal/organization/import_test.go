package organization_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/guardai/terraform-provider-guardai/internal/acceptance"
	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

const imported = "name = \"x\"\nsettings = {\n disabled_features = [\"EVALUATION\"]\n max_item_count = 5\n}"

func TestImportByID(t *testing.T) {
	s := acceptance.NewSandbox(t)
	acceptance.Run(t,
		resource.TestStep{Config: s.Provider() + organization(imported)},
		resource.TestStep{ResourceName: address, ImportState: true, ImportStateVerify: true},
		resource.TestStep{ResourceName: address, ImportState: true, ImportStateKind: resource.ImportBlockWithID},
	)
}

func TestImportByIdentity(t *testing.T) {
	s := acceptance.NewSandbox(t)
	t.Parallel()
	acceptance.Test(t, resource.TestCase{
		TerraformVersionChecks: []tfversion.TerraformVersionCheck{acceptance.Identity},
		Steps: []resource.TestStep{
			{
				Config: s.Provider() + organization(imported),
				ConfigStateChecks: []statecheck.StateCheck{
					statecheck.ExpectIdentity(address, map[string]knownvalue.Check{"id": knownvalue.NotNull()}),
				},
			},
			{ResourceName: address, ImportState: true, ImportStateKind: resource.ImportBlockWithResourceIdentity},
		},
	})
}

func TestImportSendsNoWrite(t *testing.T) {
	s := acceptance.NewSandbox(t)
	org := s.AddOrganization(sandbox.Organization{Name: "x", Settings: map[string]any{
		"disabledFeatures": []any{"EVALUATION"}, "maxItemCount": 5, "maxTimePerTask": 7, "retentionDays": 30,
	}})
	block := fmt.Sprintf("import {\n to = %s\n id = %q\n}\n", address, fmt.Sprint(org.ID))
	acceptance.Run(t,
		resource.TestStep{
			Config:           s.Provider() + block + organization(imported),
			ConfigPlanChecks: planned(plancheck.ResourceActionNoop),
			Check: resource.ComposeAggregateTestCheckFunc(
				hasSetting(s, "retentionDays", 30), calls(s, "update_organization", 0), calls(s, "add_organization", 0)),
		},
		// Naming a source afterwards only records it.
		resource.TestStep{
			Config:           s.Provider() + organization(imported+"\nsource_organization_id = 1"),
			ConfigPlanChecks: planned(plancheck.ResourceActionUpdate),
			Check:            calls(s, "update_organization", 0),
		},
		// A setting that was never named isn't reset by an update.
		resource.TestStep{
			Config: s.Provider() + organization(strings.Replace(imported, `"x"`, `"y"`, 1)+"\nsource_organization_id = 1"),
			Check:  hasSetting(s, "maxTimePerTask", 7),
		},
	)
}

func TestImportWithGeneratedConfiguration(t *testing.T) {
	t.Parallel()
	s := acceptance.NewSandbox(t)
	bare := s.AddOrganization(sandbox.Organization{Name: "bare"})
	full := s.AddOrganization(sandbox.Organization{Name: `full "of" ${odd} %{names}`, Settings: map[string]any{
		"disabledFeatures": []any{"EVALUATION", "ROBUSTNESS"}, "maxItemCount": 5, "maxTimeAllocated": 0, "retentionDays": 30,
	}})
	w := acceptance.NewWorkspace(t, map[string]string{
		"main.tf": s.Provider() +
			fmt.Sprintf("import {\n to = guardai_organization.bare\n id = \"%d\"\n}\nimport {\n to = guardai_organization.full\n id = \"%d\"\n}\n", bare.ID, full.ID),
	})
	w.MustRun(t, "init")
	plan := w.MustRun(t, "plan", "-generate-config-out=generated.tf", "-out=plan")
	if !strings.Contains(plan.Stdout, "2 to import, 0 to add, 0 to change, 0 to destroy") {
		t.Errorf("the plan with generated configuration:\n%s\n%s", plan.Stdout, w.Read(t, "generated.tf"))
	}
	w.MustRun(t, "apply", "plan")
	if again := w.Run(t, "plan", "-detailed-exitcode"); again.ExitCode != 0 {
		t.Errorf("the plan after the import:\n%s", again.Stdout)
	}
	if got := s.Count("update_organization", "add_organization"); got != 0 {
		t.Errorf("the import wrote %d times", got)
	}
}

func TestImportOfBadIDs(t *testing.T) {
	for name, id := range map[string]string{
		"word": "abc", "negative": "-1", "zero": "0", "past int64": "9223372036854775808", "fraction": "1.5", "path": "1/2",
	} {
		t.Run(name, func(t *testing.T) {
			s := acceptance.NewSandbox(t)
			acceptance.Run(t, resource.TestStep{
				Config: s.Provider() + organization(`name = "x"`), ResourceName: address,
				ImportState: true, ImportStateId: id, ExpectError: regexp.MustCompile(`Invalid import id`),
			})
		})
	}
}

func TestImportOfWhatIsNotThere(t *testing.T) {
	s := acceptance.NewSandbox(t)
	acceptance.Run(t, resource.TestStep{
		Config: s.Provider() + organization(`name = "x"`), ResourceName: address,
		ImportState: true, ImportStateId: "4711", ExpectError: regexp.MustCompile(`(?s)non-existent remote object`),
	})
}
