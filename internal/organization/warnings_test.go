package organization_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/knownvalue"

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
	plan := w.MustRun(t, "plan").Stdout
	copied := acceptance.NewDirect(t).Plan(s.Provider() + organization(fmt.Sprintf("%s\nsource_organization_id = %d", named, first.ID))).Must("create").Text
	for _, words := range []string{nameExists, fmt.Sprintf("id %d, %d.", first.ID, second.ID), fmt.Sprintf("terraform import ADDRESS %d", first.ID)} {
		acceptance.MustContain(t, plan, words)
		acceptance.MustContain(t, copied, words)
	}
	// Neither another name nor an organization that exists already is anything to warn of.
	d := acceptance.NewDirect(t)
	for _, line := range []string{`name = "Lanes"`, named} {
		if text := d.Apply(s.Provider() + organization(line)).Must().Text; text != "" {
			t.Errorf("%s: %s", line, text)
		}
	}
}

// Where the caller may not list, there is no warning; any other error of the list is one of the plan.
func TestExistingNameCannotBeLookedUp(t *testing.T) {
	t.Parallel()
	s := acceptance.NewSandbox(t)
	s.AddOrganization(sandbox.Organization{Name: "x"})
	if text := acceptance.NewDirect(t).Plan(s.UserProvider() + organization(`name = "x"`)).Must("create").Text; text != "" {
		t.Errorf("the plan warns: %s", text)
	}
	s.Inject(sandbox.Fault{Operation: "get_organizations", Kind: sandbox.FaultHTML})
	acceptance.NewDirect(t).Plan(s.Provider() + organization(`name = "x"`)).MustFail("Unable to list the organizations that have this name")
}

// A name that is known only in the apply is checked then.
func TestBlankNameInTheApply(t *testing.T) {
	t.Parallel()
	s := acceptance.NewSandbox(t)
	w := newWorkspace(t, s.Provider()+"resource \"terraform_data\" \"in\" { input = \" \" }\n"+organization("name = terraform_data.in.output"))
	acceptance.MustContain(t, w.RunTo(t, 1, "apply", "-auto-approve").Text(), "name is blank")
	if got := s.Count("add_organization"); got != 0 {
		t.Errorf("got %d creates", got)
	}
}

func TestGoneOrganizationWarns(t *testing.T) {
	t.Parallel()
	s := acceptance.NewSandbox(t)
	d := acceptance.NewDirect(t)
	d.Apply(s.Provider() + organization(`name = "x"`)).Must()
	s.DeleteOrganization(1)
	plan := d.Plan(s.Provider() + organization(`name = "x"`)).Must("create").Text
	acceptance.MustContain(t, plan, "Organization 1 (x) isn't on the platform any more")
	acceptance.MustContain(t, plan, "next apply creates it again")
}

func TestSourceOfAnExistingOrganizationWarns(t *testing.T) {
	t.Parallel()
	s := acceptance.NewSandbox(t)
	d := acceptance.NewDirect(t)
	d.Apply(s.Provider() + organization(`name = "x"`)).Must()
	plan := d.Plan(s.Provider() + organization("name = \"x\"\nsource_organization_id = \"7\"")).Must("update").Text
	acceptance.MustContain(t, plan, "The source of an existing organization has no effect")
}

func TestUnknownFeaturesWarnOnce(t *testing.T) {
	t.Parallel()
	s := acceptance.NewSandbox(t)
	plan := acceptance.NewDirect(t).Plan(s.Provider() + organization("name = \"x\"\ndisabled_features = [\"EVALUTION\", \"robust\", \"ADV_CRAFTING\"]")).Must("create").Text
	acceptance.MustContain(t, plan, `"EVALUTION" (did you mean "EVALUATION"?), "robust" (did you mean "ROBUSTNESS"?)`)
	if got := strings.Count(plan, "Unknown feature"); got != 1 {
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
	warning := []string{`organization odd (2) that can't be used`, `maxItemCount is not a whole number: "\"many\""`}
	all := acceptance.NewDirect(t).Read(s.Provider() + list("")).Must()
	organizations, _ := all.Values["organizations"].([]any)
	first, _ := organizations[0].(map[string]any)
	second, _ := organizations[1].(map[string]any)
	if len(organizations) != 2 || fmt.Sprint(first["max_item_count"]) != "5" || second["max_item_count"] != nil {
		t.Errorf("got %v", organizations)
	}
	one := acceptance.NewDirect(t).Read(s.Provider() + dataSource("id = 2"))
	one.MustHave(map[string]knownvalue.Check{"max_item_count": knownvalue.Null(), "max_time_per_task": knownvalue.Int64Exact(7)})
	for _, words := range warning {
		acceptance.MustContain(t, all.Text, words)
		acceptance.MustContain(t, one.Text, words)
	}
	acceptance.NewDirect(t).Import(s.Provider()+organization(`name = "odd"`), "2").MustFail("Unable to read organization 2")
	if got := s.Count("update_organization", "add_organization"); got != 0 {
		t.Errorf("got %d writes", got)
	}
}
