package organization_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/guardai/terraform-provider-guardai/internal/acceptance"
	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

// newWorkspace returns an initialized workspace with a configuration.
func newWorkspace(t *testing.T, configuration string) *acceptance.Workspace {
	t.Helper()
	w := acceptance.NewWorkspace(t, map[string]string{"main.tf": configuration})
	w.MustRun(t, "init")
	return w
}

const nameExists = "An organization of this name exists"

func TestExistingNameWarns(t *testing.T) {
	t.Parallel()
	s := acceptance.NewSandbox(t)
	first := s.AddOrganization(sandbox.Organization{Name: "Car Perception"})
	second := s.AddOrganization(sandbox.Organization{Name: "Car Perception"})
	named := `name = "Car Perception"`
	w := newWorkspace(t, s.Provider()+organization(named))
	for _, configuration := range []string{named, fmt.Sprintf("%s\nsource_organization_id = %d", named, first.ID)} {
		w.Write(t, "main.tf", s.Provider()+organization(configuration))
		plan := w.MustRun(t, "plan").Stdout
		for _, words := range []string{nameExists, fmt.Sprintf("id %d, %d.", first.ID, second.ID), fmt.Sprintf("terraform import ADDRESS %d", first.ID), "1 to add"} {
			acceptance.MustContain(t, plan, words)
		}
	}
	// Neither another name nor an organization that exists already is anything to warn of.
	w.Write(t, "main.tf", s.Provider()+organization(`name = "Lanes"`))
	w.MustRun(t, "apply", "-auto-approve")
	w.Write(t, "main.tf", s.Provider()+organization(named))
	if plan := w.MustRun(t, "plan").Stdout; strings.Contains(plan, nameExists) {
		t.Errorf("the plan warns:\n%s", plan)
	}
}

// Where the caller may not list, there is no warning; any other error of the list is one of the plan.
func TestExistingNameCannotBeLookedUp(t *testing.T) {
	t.Parallel()
	s := acceptance.NewSandbox(t)
	s.AddOrganization(sandbox.Organization{Name: "x"})
	w := newWorkspace(t, s.UserProvider()+organization(`name = "x"`))
	if plan := w.MustRun(t, "plan").Stdout; strings.Contains(plan, nameExists) {
		t.Errorf("the plan warns:\n%s", plan)
	}
	s.Inject(sandbox.Fault{Operation: "get_organizations", Kind: sandbox.FaultHTML})
	w.Write(t, "main.tf", s.Provider()+organization(`name = "x"`))
	acceptance.MustContain(t, w.RunTo(t, 1, "plan").Text(), "Unable to list the organizations that have this name")
}

// Any number of creates cost one list in the plan, and none of them is mistaken for one that existed.
func TestNamesOfManyCreatesCostOneList(t *testing.T) {
	t.Parallel()
	s := acceptance.NewSandbox(t)
	w := newWorkspace(t, s.Provider()+organization("count = 12\nname = \"same\""))
	output := w.MustRun(t, "apply", "-auto-approve", "-parallelism=3").Stdout
	// The provider of a workspace serves the plan and the apply with a client each.
	if got := s.Count("get_organizations"); got > 2 || strings.Contains(output, nameExists) {
		t.Errorf("got %d lists:\n%s", got, output)
	}
}

// A name that is known only in the apply is checked then.
func TestBlankNameInTheApply(t *testing.T) {
	t.Parallel()
	s := acceptance.NewSandbox(t)
	w := newWorkspace(t, s.Provider()+"resource \"terraform_data\" \"in\" { input = \" \" }\n"+organization("name = terraform_data.in.output"))
	acceptance.MustContain(t, w.RunTo(t, 1, "apply", "-auto-approve").Text(), `name must not be blank, but it is " "`)
	if got := s.Count("add_organization"); got != 0 {
		t.Errorf("got %d creates", got)
	}
}

func TestGoneOrganizationWarns(t *testing.T) {
	t.Parallel()
	s := acceptance.NewSandbox(t)
	w := newWorkspace(t, s.Provider()+organization(`name = "x"`))
	w.MustRun(t, "apply", "-auto-approve")
	changeOutsideTerraform(s, func(id int64) { s.DeleteOrganization(id) })()
	plan := w.MustRun(t, "plan").Stdout
	acceptance.MustContain(t, plan, "Organization 1 (x) isn't on the platform any more")
	acceptance.MustContain(t, plan, "next apply creates it again")
}

func TestUnknownFeaturesWarnOnce(t *testing.T) {
	t.Parallel()
	s := acceptance.NewSandbox(t)
	w := newWorkspace(t, s.Provider()+organization("name = \"x\"\ndisabled_features = [\"EVALUTION\", \"robust\", \"ADV_CRAFTING\"]"))
	plan := w.MustRun(t, "plan").Stdout
	acceptance.MustContain(t, plan, `"EVALUTION" (did you mean "EVALUATION"?), "robust" (did you mean "ROBUSTNESS"?)`)
	if got := strings.Count(plan, "Warning: Unknown feature"); got != 1 || !strings.Contains(plan, "1 to add") {
		t.Errorf("got %d warnings:\n%s", got, plan)
	}
}

// One malformed setting is null in the data sources, with a warning, and an error of the resource.
func TestMalformedSetting(t *testing.T) {
	t.Parallel()
	s := acceptance.NewSandbox(t)
	s.AddOrganization(sandbox.Organization{Name: "fine", Settings: map[string]any{"maxItemCount": 5}})
	odd := `{"id":2,"name":"odd","settings":{"maxItemCount":"many","maxTimePerTask":7}}`
	s.Inject(sandbox.Fault{Operation: "get_organizations", Kind: sandbox.FaultGarbage, Times: -1, Body: `[{"id":1,"name":"fine","settings":{"maxItemCount":5}},` + odd + `]`})
	s.Inject(sandbox.Fault{Operation: "get_organization", Kind: sandbox.FaultGarbage, Times: -1, Body: odd})
	w := newWorkspace(t, s.Provider()+`
data "guardai_organizations" "all" {}
data "guardai_organization" "odd" { id = 2 }
output "quotas" { value = [for org in data.guardai_organizations.all.organizations : coalesce(org.max_item_count, -1)] }
output "odd" { value = data.guardai_organization.odd.max_item_count == null ? "null" : "number" }
`)
	output := w.MustRun(t, "apply", "-auto-approve").Stdout
	for _, words := range []string{`quotas = [ 5, -1, ]`, `odd = "null"`, `organization odd (2) that can't be used`, `maxItemCount is not a whole number: "\"many\""`} {
		acceptance.MustContain(t, output, words)
	}
	w.Write(t, "main.tf", s.Provider()+organization(`name = "odd"`)+"import {\n to = "+address+"\n id = \"2\"\n}\n")
	acceptance.MustContain(t, w.RunTo(t, 1, "plan").Text(), "Unable to read organization 2")
	if got := s.Count("update_organization", "add_organization"); got != 0 {
		t.Errorf("got %d writes", got)
	}
}
