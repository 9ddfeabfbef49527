package organization_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/guardai/terraform-provider-guardai/internal/acceptance"
	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

const imported = "name = \"x\"\ndisabled_features = [\"EVALUATION\"]\nmax_item_count = 5"

func TestImportSendsNoWrite(t *testing.T) {
	t.Parallel()
	s := acceptance.NewSandbox(t)
	s.AddOrganization(sandbox.Organization{Name: "x", Settings: map[string]any{
		"disabledFeatures": []any{"EVALUATION"}, "maxItemCount": 5, "maxTimePerTask": 7, "retentionDays": 30,
	}})
	d := acceptance.NewDirect(t)
	d.Import(s.Provider()+organization(imported), "1").Must()
	d.Plan(s.Provider() + organization(imported)).Must("no-op")
	// Setting a source afterwards only records it.
	d.Apply(s.Provider() + organization(imported+"\nsource_organization_id = \"1\"")).Must("update")
	if got := s.Count("update_organization", "add_organization"); got != 0 || s.MustOrganization(t, 1).Settings["retentionDays"] == nil {
		t.Errorf("the import wrote %d times", got)
	}
	// An update doesn't reset a setting that was never configured.
	d.Apply(s.Provider() + organization(strings.Replace(imported, `"x"`, `"y"`, 1)+"\nsource_organization_id = \"1\"")).Must("update")
	if got := s.MustOrganization(t, 1); got.Name != "y" || fmt.Sprint(got.Settings["maxTimePerTask"]) != "7" {
		t.Errorf("got %+v", got)
	}
}

// Settings that the provider doesn't know don't prevent an import.
func TestImportWithGeneratedConfiguration(t *testing.T) {
	t.Parallel()
	s := acceptance.NewSandbox(t)
	configuration := s.Provider()
	for i, org := range []sandbox.Organization{
		{Name: "bare"},
		{Name: `full "of" ${odd} %{names}`, Settings: map[string]any{
			"disabledFeatures": []any{"EVALUATION", "ROBUSTNESS"}, "maxItemCount": 5, "maxTimeAllocated": 0, "retentionDays": 30,
		}},
		{Name: "odd", Settings: map[string]any{"maxItemCount": -1, "disabledFeatures": []any{"NEW_FEATURE"}, "maxTimePerTask": -2147483648}},
	} {
		configuration += fmt.Sprintf("import {\n to = guardai_organization.org%d\n id = \"%d\"\n}\n", i, s.AddOrganization(org).ID)
	}
	w := newWorkspace(t, configuration)
	plan := w.MustRun(t, "plan", "-generate-config-out=generated.tf", "-out=plan")
	if !strings.Contains(plan.Stdout, "3 to import, 0 to add, 0 to change, 0 to destroy") || strings.Contains(plan.Stdout, "Unknown feature") {
		t.Errorf("the plan with generated configuration:\n%s\n%s", plan.Stdout, w.Read(t, "generated.tf"))
	}
	w.MustRun(t, "apply", "plan")
	w.MustRun(t, "plan", "-detailed-exitcode")
	if got := s.Count("update_organization", "add_organization"); got != 0 {
		t.Errorf("the import wrote %d times", got)
	}
}

func TestImportIDs(t *testing.T) {
	t.Parallel()
	const decomposed, composed = "Fu\u0308hrung", "F\u00fchrung"
	s := acceptance.NewSandbox(t)
	for _, name := range []string{"Lane keeping", decomposed, "twin", "twin"} {
		s.AddOrganization(sandbox.Organization{Name: name})
	}
	for id, want := range map[string]string{
		"1":                   "",
		"Lane keeping":        "",
		composed:              "",
		"twin":                `name not unique.*2 organizations are named "twin".*3, 4`,
		"lane keeping":        `Organization not found.*"lane keeping"`,
		"4711":                `No organization has the id 4711`,
		"9223372036854775808": `Invalid import id.*its ID, such as 42`,
		"042":                 `Invalid import id.*"042"`,
		"0":                   `Invalid import id`,
		"-1":                  `Organization not found`,
		"":                    `Invalid import id`,
	} {
		outcome := acceptance.NewDirect(t).Import(s.Provider()+organization(`name = "x"`), id)
		switch {
		case want == "":
			outcome.Must()
		case strings.Contains(outcome.Text, "report"):
			t.Errorf("%q is a bug: %s", id, outcome.Text)
		default:
			outcome.MustFail(want)
		}
	}
}
