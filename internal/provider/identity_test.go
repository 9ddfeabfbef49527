package provider_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/guardai/terraform-provider-guardai/internal/acceptance"
)

const fileOfOrganization = `
resource "guardai_organization_file" "test" {
  organization_id = guardai_organization.test.id
  name            = "map.csv"
  content         = "x"
}
`

func expectNoChanges(t *testing.T, w *acceptance.Workspace) {
	t.Helper()
	if plan := w.Run(t, "plan", "-detailed-exitcode"); plan.ExitCode != 0 {
		t.Errorf("the plan is not empty:\n%.4000s\n%s", plan.Stdout, plan.Stderr)
	}
}

// removeIdentities removes the identities from a workspace's state, which then looks like that of an older CLI. It
// returns how many there were.
func removeIdentities(t *testing.T, w *acceptance.Workspace) int {
	t.Helper()
	var state map[string]any
	if err := json.Unmarshal([]byte(w.Read(t, "terraform.tfstate")), &state); err != nil {
		t.Fatal(err)
	}
	count := 0
	resources, _ := state["resources"].([]any)
	for _, resource := range resources {
		fields, _ := resource.(map[string]any)
		instances, _ := fields["instances"].([]any)
		for _, instance := range instances {
			fields, _ := instance.(map[string]any)
			if fields["identity"] != nil {
				count++
			}
			delete(fields, "identity")
			delete(fields, "identity_schema_version")
		}
	}
	raw, err := json.Marshal(state)
	if err != nil {
		t.Fatal(err)
	}
	w.Write(t, "terraform.tfstate", string(raw))
	return count
}

// Each operation adds the identity to state from an older CLI: a refresh, an update, and a read that finds nothing.
func TestStateWithoutIdentity(t *testing.T) {
	t.Parallel()
	s := acceptance.NewSandbox(t)
	w := acceptance.NewWorkspace(t, map[string]string{"main.tf": s.Provider() + organization + fileOfOrganization})
	acceptance.Identity.Need(t)
	w.MustRun(t, "init")
	w.MustRun(t, "apply", "-auto-approve")
	haveIdentity := func(after string) {
		t.Helper()
		if got := removeIdentities(t, w); got != 2 {
			t.Errorf("%d resources have an identity after %s, want 2", got, after)
		}
	}
	haveIdentity("create")
	expectNoChanges(t, w)
	w.MustRun(t, "apply", "-auto-approve", "-refresh-only")
	haveIdentity("refresh")
	w.Write(t, "main.tf", s.Provider()+strings.Replace(organization, `"x"`, `"y"`, 1)+strings.Replace(fileOfOrganization, `"x"`, `"y"`, 1))
	w.MustRun(t, "apply", "-auto-approve", "-refresh=false")
	haveIdentity("update")
	for _, org := range s.Organizations() {
		s.DeleteOrganization(org.ID)
	}
	if plan := w.MustRun(t, "plan").Stdout; !strings.Contains(plan, "2 to add, 0 to change, 0 to destroy") {
		t.Errorf("the deleted objects are not planned again:\n%s", plan)
	}
}
