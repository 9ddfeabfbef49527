package organization_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/guardai/terraform-provider-guardai/internal/acceptance"
	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

func ignoring(what, lines string) string {
	return organization(lines + "\nlifecycle {\n ignore_changes = " + what + "\n}")
}

// The effect of ignore_changes is only in the plan: an apply that used the configuration would overwrite other clients'
// changes.
func TestIgnoredSettingsAreNotSent(t *testing.T) {
	t.Parallel()
	s := acceptance.NewSandbox(t)
	then := map[string]string{"named": "max_item_count = 10", "changed": "max_item_count = 20", "removed": ""}
	config := func(name string, quota func(what string) string) string {
		configuration := s.Provider()
		for what := range then {
			one := ignoring("[max_item_count]", fmt.Sprintf("name = \"%s %s\"\n%s", name, what, quota(what)))
			configuration += strings.Replace(one, `"test"`, fmt.Sprintf("%q", what), 1)
		}
		return configuration
	}
	w := newWorkspace(t, config("old", func(string) string { return "max_item_count = 10" }))
	w.MustRun(t, "apply", "-auto-approve")
	setQuotaTo50(s)()
	w.Write(t, "main.tf", config("new", func(what string) string { return then[what] }))
	w.MustRun(t, "apply", "-auto-approve")
	for what := range then {
		if org := s.MustOrganizationNamed(t, "new "+what); fmt.Sprint(org.Settings["maxItemCount"]) != "50" {
			t.Errorf("%s: got %+v", what, org)
		}
	}
	w.MustRun(t, "plan", "-detailed-exitcode")
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
	w := newWorkspace(t, s.Provider()+block+ignoring("all", "name = \"y\"\nmax_item_count = 10"))
	w.MustRun(t, "apply", "-auto-approve")
	w.Write(t, "main.tf", s.Provider()+ignoring("[max_item_count]", "name = \"y\"\nmax_item_count = 10"))
	w.MustRun(t, "apply", "-auto-approve")
	if got := s.MustOrganization(t, org.ID); got.Name != "y" || fmt.Sprint(got.Settings["maxItemCount"]) != "5000" {
		t.Errorf("got %+v", got)
	}
}
