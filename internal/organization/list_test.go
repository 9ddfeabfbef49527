package organization_test

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/querycheck"
	"github.com/hashicorp/terraform-plugin-testing/querycheck/queryfilter"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/guardai/terraform-provider-guardai/internal/acceptance"
	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

// query returns a query for organizations with these lines in its block.
func query(lines string) string {
	return fmt.Sprintf("list \"guardai_organization\" \"test\" {\n provider = guardai\n %s\n}\n", lines)
}

func nameRegex(pattern string) string {
	return fmt.Sprintf("config {\n name_regex = %q\n }", pattern)
}

func expectResults(count int) querycheck.QueryResultCheck {
	return querycheck.ExpectLength(address, count)
}

func TestQuery(t *testing.T) {
	s := acceptance.NewSandbox(t)
	org := example(s)
	for i := range 120 {
		s.AddOrganization(sandbox.Organization{Name: fmt.Sprintf("fleet %d", i)})
	}
	step := func(lines string, checks ...querycheck.QueryResultCheck) resource.TestStep {
		return resource.TestStep{Query: true, Config: s.Provider() + query(lines), QueryResultChecks: checks}
	}
	named := queryfilter.ByDisplayName(knownvalue.StringExact(fmt.Sprintf("lane keeping (%d)", org.ID)))
	acceptance.RunWith(t, acceptance.QueriesAndActions,
		step("limit = 200", expectResults(121), querycheck.ExpectIdentity(address, map[string]knownvalue.Check{"id": id(org.ID)})),
		step("", expectResults(100)),
		step("limit = 1", expectResults(1), querycheck.ExpectResourceDisplayName(address, named, knownvalue.NotNull())),
		step("limit = 0", expectResults(0)),
		step(nameRegex("^fleet 1"), expectResults(31)),
		step(nameRegex("nothing"), expectResults(0)),
		step("include_resource = true\n"+nameRegex("^lane"), expectResults(1), querycheck.ExpectResourceKnownValues(address, named, []querycheck.KnownValueCheck{
			{Path: tfjsonpath.New("id"), KnownValue: id(org.ID)},
			{Path: tfjsonpath.New("name"), KnownValue: knownvalue.StringExact("lane keeping")},
			{Path: tfjsonpath.New("created_at"), KnownValue: knownvalue.StringExact("2022-03-01T12:00:00Z")},
			{Path: tfjsonpath.New("force_destroy"), KnownValue: knownvalue.Bool(false)},
			{Path: tfjsonpath.New("source_organization_id"), KnownValue: knownvalue.Null()},
			{Path: tfjsonpath.New("disabled_features"), KnownValue: knownvalue.SetExact([]knownvalue.Check{knownvalue.StringExact("ROBUSTNESS")})},
			{Path: tfjsonpath.New("max_item_count"), KnownValue: knownvalue.Int64Exact(1)},
			{Path: tfjsonpath.New("max_time_allocated"), KnownValue: knownvalue.Int64Exact(2)},
			{Path: tfjsonpath.New("max_time_per_task"), KnownValue: knownvalue.Int64Exact(3)},
		})),
	)
	if got := s.Count("get_organization"); got != 0 {
		t.Errorf("the queries read organizations one by one, %d times", got)
	}
}

func TestQueryErrors(t *testing.T) {
	t.Parallel()
	s := acceptance.NewSandbox(t)
	fails := func(config, want string) {
		t.Helper()
		_, outcome := acceptance.NewDirect(t).List(config, 100, false)
		outcome.MustFail(want)
	}
	fails(s.Provider()+query(nameRegex("(")), `Invalid regular expression.*name_regex`)
	fails(s.UserProvider()+query(""), `Unable to list organizations.*returned 403.*credentials of an administrator`)
	s.Inject(sandbox.Fault{Operation: "get_organizations", Kind: sandbox.FaultHTML})
	fails(s.Provider()+query(""), `Unable to list organizations.*HTML page`)
}
