package organization_test

import (
	"fmt"
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/compare"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/guardai/terraform-provider-guardai/internal/acceptance"
	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

const address = "guardai_organization.test"

// organization returns a resource block with these lines.
func organization(lines string) string {
	return fmt.Sprintf("resource \"guardai_organization\" \"test\" {\n%s\n}\n", lines)
}

func emptyPlan() resource.ConfigPlanChecks {
	return resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}}
}

func planned(action plancheck.ResourceActionType) resource.ConfigPlanChecks {
	return resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectResourceAction(address, action)}}
}

func setting(name string, value knownvalue.Check) statecheck.StateCheck {
	return statecheck.ExpectKnownValue(address, tfjsonpath.New(name), value)
}

// hasSetting checks a setting of the newest organization on the platform.
func hasSetting(s *acceptance.Sandbox, name string, want any) resource.TestCheckFunc {
	return func(*terraform.State) error {
		all := s.Organizations()
		if got := fmt.Sprint(all[len(all)-1].Settings[name]); got != fmt.Sprint(want) {
			return fmt.Errorf("%s on the platform: got %s, want %v", name, got, want)
		}
		return nil
	}
}

func calls(s *acceptance.Sandbox, operation string, want int) resource.TestCheckFunc {
	return func(*terraform.State) error {
		if got := s.Count(operation); got != want {
			return fmt.Errorf("%s: got %d calls, want %d", operation, got, want)
		}
		return nil
	}
}

func TestLifecycle(t *testing.T) {
	s := acceptance.NewSandbox(t, acceptance.Usual)
	sameID := statecheck.CompareValue(compare.ValuesSame())
	const renamed = `
		name              = "renamed"
		disabled_features = ["EVALUATION", "ROBUSTNESS"]
		max_item_count    = 0
		max_time_per_task = 2147483647`
	acceptance.Run(t,
		resource.TestStep{
			Config: s.Provider() + organization(`name = "first"`),
			ConfigStateChecks: []statecheck.StateCheck{
				sameID.AddStateValue(address, tfjsonpath.New("id")),
				setting("name", knownvalue.StringExact("first")),
				setting("force_destroy", knownvalue.Bool(false)),
				setting("source_organization_id", knownvalue.Null()),
				setting("created_at", knownvalue.StringRegexp(regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$`))),
				setting("max_item_count", knownvalue.Int64Exact(sandbox.DefaultMaxItemCount)),
				setting("disabled_features", knownvalue.SetSizeExact(0)),
			},
			Check: calls(s, "update_organization", 0),
		},
		resource.TestStep{
			Config:           s.Provider() + organization(renamed),
			ConfigPlanChecks: planned(plancheck.ResourceActionUpdate),
			ConfigStateChecks: []statecheck.StateCheck{
				sameID.AddStateValue(address, tfjsonpath.New("id")),
				setting("name", knownvalue.StringExact("renamed")),
				setting("disabled_features", knownvalue.SetExact([]knownvalue.Check{knownvalue.StringExact("EVALUATION"), knownvalue.StringExact("ROBUSTNESS")})),
				setting("max_item_count", knownvalue.Int64Exact(0)),
				setting("max_time_per_task", knownvalue.Int64Exact(2147483647)),
				setting("max_time_allocated", knownvalue.Int64Exact(sandbox.DefaultMaxTimeAllocated)),
			},
			Check: resource.ComposeAggregateTestCheckFunc(hasSetting(s, "maxItemCount", 0), calls(s, "add_organization", 1)),
		},
		resource.TestStep{RefreshState: true},
		resource.TestStep{
			PreConfig: func() { s.SetProjects(1, holding("Lanes")) },
			Config:    s.Provider() + organization(renamed), Destroy: true,
			ExpectError: regexp.MustCompile(`(?s)Organization\s+1\s+is\s+not\s+empty.*project\s+"Lanes"\s+\(id\s+5\).*force_destroy`),
		},
		resource.TestStep{PreConfig: func() { s.SetProjects(1, nil) }, RefreshState: true},
	)
	if left := s.Organizations(); len(left) != 0 {
		t.Errorf("left on the platform: %+v", left)
	}
}

// onlySettings checks the settings of the only organization on the platform.
func onlySettings(t *testing.T, s *acceptance.Sandbox, want map[string]any) {
	t.Helper()
	for name, value := range want {
		if got := fmt.Sprint(s.MustOrganization(t, 1).Settings[name]); got != fmt.Sprint(value) {
			t.Errorf("%s on the platform: got %s, want %v", name, got, value)
		}
	}
}

func TestEmptySetOfFeatures(t *testing.T) {
	t.Parallel()
	s := acceptance.NewSandbox(t)
	d := acceptance.NewDirect(t)
	d.Apply(s.Provider() + organization("name = \"x\"\ndisabled_features = [\"EVALUATION\"]\nmax_item_count = 0")).Must("create")
	d.Apply(s.Provider() + organization("name = \"x\"\ndisabled_features = []")).Must("update").MustHave(map[string]knownvalue.Check{
		"disabled_features": knownvalue.SetSizeExact(0), "max_item_count": knownvalue.Int64Exact(0),
	})
	onlySettings(t, s, map[string]any{"disabledFeatures": "[]", "maxItemCount": 0})
}

// Arguments of the provider alone change nothing on the platform.
func TestForceDestroyIsOnlyInState(t *testing.T) {
	t.Parallel()
	s := acceptance.NewSandbox(t)
	d := acceptance.NewDirect(t)
	d.Apply(s.Provider() + organization(`name = "x"`)).Must("create")
	for i, line := range []string{"force_destroy = true", ""} {
		d.Apply(s.Provider() + organization("name = \"x\"\n"+line)).Must("update").MustHave(map[string]knownvalue.Check{"force_destroy": knownvalue.Bool(i == 0)})
	}
	if got := s.Count("update_organization"); got != 0 {
		t.Errorf("got %d updates", got)
	}
}

func TestUnmanagedSettingsAreLeftAlone(t *testing.T) {
	t.Parallel()
	s := acceptance.NewSandbox(t)
	d := acceptance.NewDirect(t)
	config := func(items int) string {
		return s.Provider() + organization(fmt.Sprintf("name = \"x\"\nmax_item_count = %d", items))
	}
	d.Apply(config(5)).Must("create")
	s.UpdateOrganization(1, func(o *sandbox.Organization) {
		o.Settings["maxTimePerTask"] = 77
		o.Settings["retentionDays"] = 30
		o.Settings["classMappingFiles"] = []any{map[string]any{"ref": "a", "fileName": "b.csv", "later": true}}
	})
	d.Plan(config(5)).Must("no-op")
	d.Apply(config(6)).Must("update").MustHave(map[string]knownvalue.Check{"max_time_per_task": knownvalue.Int64Exact(77)})
	onlySettings(t, s, map[string]any{
		"maxItemCount": 6, "maxTimePerTask": 77, "retentionDays": 30, "classMappingFiles": "[map[fileName:b.csv later:true ref:a]]",
	})
}

// What a configuration set before makes no difference: a removed argument is no change, even where others change.
func TestRemovedSettingKeepsItsValue(t *testing.T) {
	t.Parallel()
	s := acceptance.NewSandbox(t)
	d := acceptance.NewDirect(t)
	d.Apply(s.Provider() + organization("name = \"x\"\nmax_item_count = 5\nmax_time_per_task = 6\ndisabled_features = [\"EVALUATION\"]")).Must("create")
	d.Plan(s.Provider() + organization("name = \"x\"\nmax_item_count = 5")).Must("no-op")
	d.Plan(s.Provider() + organization(`name = "y"`)).Must("update").MustHave(map[string]knownvalue.Check{"max_time_per_task": knownvalue.Int64Exact(6)})
	d.Apply(s.Provider() + organization(`name = "y"`)).Must("update")
	onlySettings(t, s, map[string]any{"maxItemCount": 5, "maxTimePerTask": 6, "disabledFeatures": "[EVALUATION]"})
	d.Plan(s.Provider() + organization(`name = "y"`)).Must("no-op")
}

func TestPlatformWithoutDefaults(t *testing.T) {
	t.Parallel()
	s := acceptance.NewSandbox(t, acceptance.Unusual)
	d := acceptance.NewDirect(t)
	d.Apply(s.Provider() + organization("name = \"x\"\ndisabled_features = []")).MustHave(map[string]knownvalue.Check{"max_item_count": knownvalue.Null()})
	d.Plan(s.Provider() + organization(`name = "x"`)).Must("no-op")
}

func TestUnknownInputs(t *testing.T) {
	t.Parallel()
	s := acceptance.NewSandbox(t, acceptance.Usual)
	config := func(value int) string {
		return s.Provider() + fmt.Sprintf("resource \"terraform_data\" \"in\" { input = %d }\n", value) + organization(`
			name     = "org ${terraform_data.in.output}"
			max_item_count    = terraform_data.in.output
			disabled_features = terraform_data.in.output > 5 ? ["EVALUATION"] : null`)
	}
	w := newWorkspace(t, config(5))
	for _, step := range []struct {
		value    int
		features string
	}{{5, "[]"}, {6, "[EVALUATION]"}, {4, "[EVALUATION]"}} {
		w.Write(t, "main.tf", config(step.value))
		w.MustRun(t, "apply", "-auto-approve")
		onlySettings(t, s, map[string]any{"maxItemCount": step.value, "disabledFeatures": step.features})
	}
	w.MustRun(t, "plan", "-detailed-exitcode")
}

func TestCopy(t *testing.T) {
	t.Parallel()
	s := acceptance.NewSandbox(t)
	source := s.AddOrganization(sandbox.Organization{Name: "source", Settings: map[string]any{"maxItemCount": 5, "maxTimePerTask": 6, "retentionDays": 30}})
	other := s.AddOrganization(sandbox.Organization{Name: "other"})
	config := func(lines string) string { return s.Provider() + organization("name = \"copy\"\n"+lines) }
	from := func(id int64) string { return fmt.Sprintf("source_organization_id = %q\n", fmt.Sprint(id)) }
	d := acceptance.NewDirect(t)
	d.Apply(config(from(source.ID) + "max_item_count = 9")).Must("create").MustHave(map[string]knownvalue.Check{
		"id": id(3), "max_item_count": knownvalue.Int64Exact(9), "max_time_per_task": knownvalue.Int64Exact(6),
	})
	if got := s.MustOrganizationNamed(t, "copy").Settings["retentionDays"]; fmt.Sprint(got) != "30" {
		t.Errorf("the copy has %v", got)
	}
	d.Plan(config(from(source.ID) + "max_item_count = 9")).Must("no-op")
	// From here on, the source has no effect.
	d.Apply(config(from(other.ID))).Must("update")
	s.DeleteOrganization(other.ID)
	d.Plan(config(from(other.ID))).Must("no-op")
	d.Plan(config("source_organization_id = unknown")).Must("update")
	d.Apply(config("")).Must("update").MustHave(map[string]knownvalue.Check{"id": id(3)})
	d.Plan(config("")).Must("no-op")
	if got := s.Count("copy_organization"); got != 1 {
		t.Errorf("got %d copies", got)
	}
}

func TestCopyOfAMissingOrganization(t *testing.T) {
	t.Parallel()
	s := acceptance.NewSandbox(t)
	acceptance.NewDirect(t).Apply(s.Provider() + organization("name = \"copy\"\nsource_organization_id = \"4711\"")).
		MustFail(`Unable to copy organization.*source_organization_id = "4711".*POST \S+/api/v1/organizations/\d+/copy returned 404`)
}

// A copy that can't be completed is tainted, so that the next apply replaces it.
func TestFailedCopyStaysInState(t *testing.T) {
	s := acceptance.NewSandbox(t)
	source := s.AddOrganization(sandbox.Organization{Name: "source"})
	config := s.Provider() + organization(fmt.Sprintf("name = \"copy\"\nsource_organization_id = %q\nmax_item_count = 9", fmt.Sprint(source.ID)))
	acceptance.Run(t,
		resource.TestStep{
			PreConfig: func() {
				s.Inject(sandbox.Fault{Operation: "update_organization", Kind: sandbox.FaultStatus, Status: 400})
			},
			Config:      config,
			ExpectError: regexp.MustCompile(`(?s)Unable to complete new organization \d+.*PUT`),
		},
		resource.TestStep{Config: config, Check: hasSetting(s, "maxItemCount", 9)},
	)
	if left := s.Organizations(); len(left) != 1 {
		t.Errorf("got %d organizations, want the source alone", len(left))
	}
}
