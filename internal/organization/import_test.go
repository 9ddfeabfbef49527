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

const imported = "name = \"x\"\ndisabled_features = [\"EVALUATION\"]\nmax_item_count = 5"

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
		// Setting a source afterwards only records it.
		resource.TestStep{
			Config:           s.Provider() + organization(imported+"\nsource_organization_id = \"1\""),
			ConfigPlanChecks: planned(plancheck.ResourceActionUpdate),
			Check:            calls(s, "update_organization", 0),
		},
		// An update doesn't reset a setting that was never configured.
		resource.TestStep{
			Config: s.Provider() + organization(strings.Replace(imported, `"x"`, `"y"`, 1)+"\nsource_organization_id = \"1\""),
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

// Settings that the provider doesn't know don't prevent an import.
func TestImportOfUnknownSettings(t *testing.T) {
	t.Parallel()
	s := acceptance.NewSandbox(t)
	org := s.AddOrganization(sandbox.Organization{Name: "x", Settings: map[string]any{
		"maxItemCount": -1, "disabledFeatures": []any{"NEW_FEATURE"}, "maxTimePerTask": -2147483648,
	}})
	w := acceptance.NewWorkspace(t, map[string]string{
		"main.tf": s.Provider() + fmt.Sprintf("import {\n to = %s\n id = \"%d\"\n}\n", address, org.ID),
	})
	w.MustRun(t, "init")
	plan := w.MustRun(t, "plan", "-generate-config-out=generated.tf", "-out=plan").Stdout
	if !strings.Contains(plan, "1 to import, 0 to add, 0 to change, 0 to destroy") || strings.Contains(plan, "Unknown feature") {
		t.Errorf("the plan with generated configuration:\n%s\n%s", plan, w.Read(t, "generated.tf"))
	}
	w.MustRun(t, "apply", "plan")
	if again := w.Run(t, "plan", "-detailed-exitcode"); again.ExitCode != 0 {
		t.Errorf("the plan after the import:\n%s", again.Stdout)
	}
}

func TestImportByName(t *testing.T) {
	const decomposed, composed = "Fu\u0308hrung", "F\u00fchrung"
	for name, test := range map[string]struct{ id, want string }{
		"one":         {id: "Lane keeping"},
		"other form":  {id: composed},
		"several":     {id: "twin", want: `(?s)Unable to import organization|name not unique.*2 organizations are named "twin".*\d+, \d+`},
		"none":        {id: "lane keeping", want: `(?s)Organization not found.*"lane keeping"`},
		"digits":      {id: "4711", want: `non-existent remote object`},
		"too large":   {id: "9223372036854775808", want: `(?s)Invalid import id.*its\s+ID,\s+such\s+as\s+42`},
		"leading 0":   {id: "042", want: `(?s)Invalid import id.*"042"`},
		"zero":        {id: "0", want: `Invalid import id`},
		"looks alike": {id: "-1", want: `(?s)Organization not found`},
	} {
		t.Run(name, func(t *testing.T) {
			s := acceptance.NewSandbox(t)
			s.AddOrganization(sandbox.Organization{Name: "Lane keeping"})
			s.AddOrganization(sandbox.Organization{Name: decomposed})
			s.AddOrganization(sandbox.Organization{Name: "twin"})
			s.AddOrganization(sandbox.Organization{Name: "twin"})
			step := resource.TestStep{
				Config: s.Provider() + organization(`name = "x"`), ResourceName: address, ImportState: true, ImportStateId: test.id,
			}
			if test.want != "" {
				step.ExpectError = regexp.MustCompile(test.want)
			}
			acceptance.Run(t, step)
		})
	}
}

func TestImportOfAnEmptyID(t *testing.T) {
	t.Parallel()
	s := acceptance.NewSandbox(t)
	w := acceptance.NewWorkspace(t, map[string]string{"main.tf": s.Provider() + organization(`name = "x"`)})
	w.MustRun(t, "init")
	output := w.RunTo(t, 1, "import", address, "").Text()
	if !strings.Contains(output, "Invalid import id") || strings.Contains(output, "report") {
		t.Errorf("the error is:\n%s", output)
	}
}

func TestImportOfAMissingOrganization(t *testing.T) {
	s := acceptance.NewSandbox(t)
	acceptance.Run(t, resource.TestStep{
		Config: s.Provider() + organization(`name = "x"`), ResourceName: address,
		ImportState: true, ImportStateId: "4711", ExpectError: regexp.MustCompile(`(?s)non-existent remote object`),
	})
}
