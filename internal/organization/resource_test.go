package organization_test

import (
	"fmt"
	"regexp"
	"strings"
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

// onPlatform checks the sandbox's copy of the only organization in state.
func onPlatform(s *acceptance.Sandbox, check func(sandbox.Organization) error) resource.TestCheckFunc {
	return acceptance.ID(address, func(id int64) error {
		org, ok := s.Organization(id)
		if !ok {
			return fmt.Errorf("organization %d is not on the platform", id)
		}
		return check(org)
	})
}

func hasSetting(s *acceptance.Sandbox, name string, want any) resource.TestCheckFunc {
	return onPlatform(s, func(org sandbox.Organization) error {
		if got := fmt.Sprint(org.Settings[name]); got != fmt.Sprint(want) {
			return fmt.Errorf("%s on the platform: got %s, want %v", name, got, want)
		}
		return nil
	})
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
		resource.TestStep{Config: s.Provider() + organization(`name = "first"`), ConfigPlanChecks: emptyPlan()},
		resource.TestStep{RefreshState: true},
		resource.TestStep{
			Config: s.Provider() + organization(`
				name              = "renamed"
				disabled_features = ["EVALUATION", "ROBUSTNESS"]
				max_item_count    = 0
				max_time_per_task = 2147483647`),
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
		resource.TestStep{
			Config: s.Provider() + organization(`
				name              = "renamed"
				disabled_features = []`),
			ConfigPlanChecks: planned(plancheck.ResourceActionUpdate),
			ConfigStateChecks: []statecheck.StateCheck{
				setting("disabled_features", knownvalue.SetSizeExact(0)),
				setting("max_item_count", knownvalue.Int64Exact(0)),
				setting("max_time_per_task", knownvalue.Int64Exact(2147483647)),
			},
		},
		resource.TestStep{
			Config: s.Provider() + organization(`
				name          = "renamed"
				force_destroy = true`),
			ConfigPlanChecks:  planned(plancheck.ResourceActionUpdate),
			ConfigStateChecks: []statecheck.StateCheck{setting("force_destroy", knownvalue.Bool(true))},
		},
		resource.TestStep{
			Config:            s.Provider() + organization(`name = "renamed"`),
			ConfigStateChecks: []statecheck.StateCheck{setting("force_destroy", knownvalue.Bool(false))},
		},
	)
	if left := s.Organizations(); len(left) != 0 {
		t.Errorf("left on the platform: %+v", left)
	}
}

func TestUnmanagedSettingsAreLeftAlone(t *testing.T) {
	s := acceptance.NewSandbox(t)
	config := func(items string) string {
		return s.Provider() + organization(fmt.Sprintf("name = \"x\"\nmax_item_count = %s", items))
	}
	acceptance.Run(t,
		resource.TestStep{Config: config("5")},
		resource.TestStep{
			PreConfig: func() {
				for _, org := range s.Organizations() {
					s.UpdateOrganization(org.ID, func(o *sandbox.Organization) {
						o.Settings["maxTimePerTask"] = 77
						o.Settings["retentionDays"] = 30
						o.Settings["classMappingFiles"] = []any{map[string]any{"ref": "a", "fileName": "b.csv", "later": true}}
					})
				}
			},
			Config:           config("5"),
			ConfigPlanChecks: emptyPlan(),
		},
		resource.TestStep{
			Config:            config("6"),
			ConfigStateChecks: []statecheck.StateCheck{setting("max_time_per_task", knownvalue.Int64Exact(77))},
			Check: resource.ComposeAggregateTestCheckFunc(
				hasSetting(s, "maxItemCount", 6), hasSetting(s, "maxTimePerTask", 77), hasSetting(s, "retentionDays", 30),
				hasSetting(s, "classMappingFiles", "[map[fileName:b.csv later:true ref:a]]"),
			),
		},
		resource.TestStep{
			PreConfig: func() {
				for _, org := range s.Organizations() {
					s.UpdateOrganization(org.ID, func(o *sandbox.Organization) { delete(o.Settings, "classMappingFiles") })
				}
			},
			Config: config("6"),
		},
	)
}

// What a configuration set before makes no difference: a removed argument is no change, even where others change.
func TestRemovedSettingKeepsItsValue(t *testing.T) {
	s := acceptance.NewSandbox(t)
	const all = "name = \"x\"\nmax_item_count = 5\nmax_time_per_task = 6\ndisabled_features = [\"EVALUATION\"]"
	acceptance.Run(t,
		resource.TestStep{Config: s.Provider() + organization(all)},
		resource.TestStep{Config: s.Provider() + organization("name = \"x\"\nmax_item_count = 5"), ConfigPlanChecks: emptyPlan()},
		resource.TestStep{
			Config: s.Provider() + organization(`name = "y"`),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectKnownValue(address, tfjsonpath.New("max_time_per_task"), knownvalue.Int64Exact(6)),
			}},
			Check: resource.ComposeAggregateTestCheckFunc(
				hasSetting(s, "maxItemCount", 5), hasSetting(s, "maxTimePerTask", 6), hasSetting(s, "disabledFeatures", "[EVALUATION]")),
		},
		resource.TestStep{Config: s.Provider() + organization(`name = "y"`), ConfigPlanChecks: emptyPlan()},
	)
}

func TestPlatformWithoutDefaults(t *testing.T) {
	s := acceptance.NewSandbox(t, acceptance.Unusual)
	acceptance.Run(t,
		resource.TestStep{
			Config:            s.Provider() + organization("name = \"x\"\ndisabled_features = []"),
			ConfigStateChecks: []statecheck.StateCheck{setting("max_item_count", knownvalue.Null())},
		},
		resource.TestStep{Config: s.Provider() + organization(`name = "x"`), ConfigPlanChecks: emptyPlan()},
	)
}

func TestDriftIsCorrected(t *testing.T) {
	s := acceptance.NewSandbox(t)
	config := s.Provider() + organization("name = \"x\"\nmax_item_count = 5")
	acceptance.Run(t,
		resource.TestStep{Config: config},
		resource.TestStep{
			PreConfig: func() {
				for _, org := range s.Organizations() {
					s.UpdateOrganization(org.ID, func(o *sandbox.Organization) { o.Name, o.Settings["maxItemCount"] = "theirs", 9 })
				}
			},
			Config:            config,
			ConfigPlanChecks:  planned(plancheck.ResourceActionUpdate),
			ConfigStateChecks: []statecheck.StateCheck{setting("name", knownvalue.StringExact("x"))},
			Check:             hasSetting(s, "maxItemCount", 5),
		},
		resource.TestStep{
			PreConfig: func() {
				for _, org := range s.Organizations() {
					s.DeleteOrganization(org.ID)
				}
			},
			Config:           config,
			ConfigPlanChecks: planned(plancheck.ResourceActionCreate),
		},
	)
}

func TestUnknownInputs(t *testing.T) {
	s := acceptance.NewSandbox(t, acceptance.Usual)
	config := func(value int) string {
		return s.Provider() + fmt.Sprintf("resource \"terraform_data\" \"in\" { input = %d }\n", value) + organization(`
			name     = "org ${terraform_data.in.output}"
			max_item_count    = terraform_data.in.output
			disabled_features = terraform_data.in.output > 5 ? ["EVALUATION"] : null`)
	}
	acceptance.Run(t,
		resource.TestStep{Config: config(5), Check: hasSetting(s, "maxItemCount", 5)},
		resource.TestStep{Config: config(6), Check: resource.ComposeAggregateTestCheckFunc(hasSetting(s, "maxItemCount", 6), hasSetting(s, "disabledFeatures", "[EVALUATION]"))},
		resource.TestStep{Config: config(4), Check: hasSetting(s, "disabledFeatures", "[EVALUATION]")},
		resource.TestStep{Config: config(4), ConfigPlanChecks: emptyPlan()},
	)
}

func TestCopy(t *testing.T) {
	s := acceptance.NewSandbox(t)
	source := s.AddOrganization(sandbox.Organization{Name: "source", Settings: map[string]any{"maxItemCount": 5, "maxTimePerTask": 6, "retentionDays": 30}})
	other := s.AddOrganization(sandbox.Organization{Name: "other"})
	config := func(lines string) string { return s.Provider() + organization("name = \"copy\"\n"+lines) }
	from := func(id int64) string { return fmt.Sprintf("source_organization_id = %q\n", fmt.Sprint(id)) }
	sameID := statecheck.CompareValue(compare.ValuesSame())
	acceptance.Run(t,
		resource.TestStep{
			Config: config(from(source.ID) + "max_item_count = 9"),
			ConfigStateChecks: []statecheck.StateCheck{
				sameID.AddStateValue(address, tfjsonpath.New("id")),
				setting("max_item_count", knownvalue.Int64Exact(9)), setting("max_time_per_task", knownvalue.Int64Exact(6)),
			},
			Check: resource.ComposeAggregateTestCheckFunc(hasSetting(s, "retentionDays", 30), calls(s, "copy_organization", 1)),
		},
		resource.TestStep{Config: config(from(source.ID) + "max_item_count = 9"), ConfigPlanChecks: emptyPlan()},
		// From here on, the source has no effect.
		resource.TestStep{Config: config(from(other.ID)), ConfigPlanChecks: planned(plancheck.ResourceActionUpdate)},
		resource.TestStep{
			PreConfig:        func() { s.DeleteOrganization(other.ID) },
			Config:           config(from(other.ID)),
			ConfigPlanChecks: emptyPlan(),
		},
		resource.TestStep{
			Config: s.Provider() + "resource \"terraform_data\" \"in\" { input = \"" + fmt.Sprint(source.ID) + "\" }\n" +
				organization("name = \"copy\"\nsource_organization_id = terraform_data.in.output"),
			ConfigPlanChecks: planned(plancheck.ResourceActionUpdate),
		},
		resource.TestStep{Config: config(""), ConfigPlanChecks: planned(plancheck.ResourceActionUpdate)},
		resource.TestStep{
			Config:            config(""),
			ConfigPlanChecks:  emptyPlan(),
			ConfigStateChecks: []statecheck.StateCheck{sameID.AddStateValue(address, tfjsonpath.New("id"))},
			Check:             calls(s, "copy_organization", 1),
		},
	)
}

func TestSourceOfAnExistingOrganizationWarns(t *testing.T) {
	t.Parallel()
	s := acceptance.NewSandbox(t)
	w := acceptance.NewWorkspace(t, map[string]string{"main.tf": s.Provider() + organization(`name = "x"`)})
	w.MustRun(t, "init")
	w.MustRun(t, "apply", "-auto-approve")
	w.Write(t, "main.tf", s.Provider()+organization("name = \"x\"\nsource_organization_id = \"7\""))
	plan := w.MustRun(t, "plan").Stdout
	for _, words := range []string{"The source of an existing organization has no effect", "0 to add, 1 to change, 0 to destroy"} {
		if !strings.Contains(plan, words) {
			t.Errorf("%q is not in:\n%s", words, plan)
		}
	}
}

func TestCopyOfAMissingOrganization(t *testing.T) {
	s := acceptance.NewSandbox(t)
	acceptance.Run(t, resource.TestStep{
		Config:      s.Provider() + organization("name = \"copy\"\nsource_organization_id = \"4711\""),
		ExpectError: regexp.MustCompile(`(?s)Unable to copy organization.*source_organization_id = "4711".*POST\s+\S+/api/v1/organizations/\{id\}/copy\s+returned\s+404`),
	})
}

// The response to a create may leave out what was set.
func TestIncompleteResponseToACreateIsReadAgain(t *testing.T) {
	s := acceptance.NewSandbox(t, acceptance.Usual)
	config := s.Provider() + organization("name = \"x\"\nmax_item_count = 5\ndisabled_features = [\"EVALUATION\"]")
	acceptance.Run(t,
		resource.TestStep{
			PreConfig: func() {
				s.Inject(sandbox.Fault{
					Operation: "add_organization", Kind: sandbox.FaultGarbage, AfterWork: true, Body: `{"id": 1, "name": "x", "settings": {}}`,
				})
			},
			Config: config,
			ConfigStateChecks: []statecheck.StateCheck{
				setting("max_item_count", knownvalue.Int64Exact(5)),
				setting("max_time_per_task", knownvalue.Int64Exact(sandbox.DefaultMaxTimePerTask)),
			},
			Check: resource.ComposeAggregateTestCheckFunc(hasSetting(s, "maxItemCount", 5), calls(s, "update_organization", 0)),
		},
		resource.TestStep{Config: config, ConfigPlanChecks: emptyPlan()},
	)
}

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
