package member_test

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

const queryAddress = "guardai_organization_member.test"

func TestQueryOfMembers(t *testing.T) {
	p := newPlatform(t)
	p.AddMember(p.organization, p.mei.ID)
	step := func(lines string, checks ...querycheck.QueryResultCheck) resource.TestStep {
		config := p.Provider() + fmt.Sprintf("list \"guardai_organization_member\" \"test\" {\n provider = guardai\n %s\n}\n", lines)
		return resource.TestStep{Query: true, Config: config, QueryResultChecks: checks}
	}
	name := fmt.Sprintf("user %q (id %d) in Cars", p.mei.Email, p.mei.ID)
	named := queryfilter.ByDisplayName(knownvalue.StringExact(name))
	acceptance.RunWith(t, acceptance.QueriesAndActions,
		step("", querycheck.ExpectLength(queryAddress, 4)),
		step("limit = 1", querycheck.ExpectLength(queryAddress, 1)),
		step(fmt.Sprintf("include_resource = true\n config {\n organization_id = \"%d\"\n }", p.organization), querycheck.ExpectLength(queryAddress, 1),
			querycheck.ExpectIdentity(queryAddress, map[string]knownvalue.Check{"organization_id": id(p.organization), "user_id": id(p.mei.ID)}),
			querycheck.ExpectResourceKnownValues(queryAddress, named, []querycheck.KnownValueCheck{
				{Path: tfjsonpath.New("id"), KnownValue: knownvalue.StringExact(fmt.Sprintf("%d/%d", p.organization, p.mei.ID))},
				{Path: tfjsonpath.New("email"), KnownValue: knownvalue.StringExact(p.mei.Email)},
				{Path: tfjsonpath.New("registered"), KnownValue: knownvalue.Bool(true)},
			})),
	)
	if users, members := p.Count("get_users"), p.Count("get_members"); users != 2 || members != 1 || p.Count("get_user") != 0 {
		t.Errorf("%d lists of users and %d of members", users, members)
	}
}

func TestInvite(t *testing.T) {
	s := acceptance.NewSandbox(t, acceptance.Usual)
	config := func(email string) string {
		return s.Provider() + fmt.Sprintf(`
resource "terraform_data" "trigger" {
  input = %q
  lifecycle {
    action_trigger {
      events  = [after_create, after_update]
      actions = [action.guardai_user_invite.mei]
    }
  }
}
action "guardai_user_invite" "mei" {
  config {
    email = %q
    name  = "Mei Tanaka"
  }
}
`, email, email)
	}
	acceptance.RunWith(t, acceptance.QueriesAndActions,
		resource.TestStep{Config: config(" "), PlanOnly: true, ExpectError: words("Blank value")},
		resource.TestStep{Config: config("mei.tanaka@example.com")},
		resource.TestStep{
			PreConfig: func() {
				s.Inject(sandbox.Fault{Operation: "send_invite", Kind: sandbox.FaultStatus, Status: 503, RetryAfter: "0"})
			},
			Config: config("kofi@example.com"), ExpectError: words(`Unable to invite "kofi@example.com".*503`),
		},
	)
	if got := s.Users(); len(got) != 3 || got[2].Email != "mei.tanaka@example.com" || s.Count("send_invite") != 2 {
		t.Errorf("the users are %v after %d invitations", got, s.Count("send_invite"))
	}
}
