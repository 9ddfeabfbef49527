package member_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/guardai/terraform-provider-guardai/internal/acceptance"
	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

// platform is a sandbox with an organization to manage, and three users who belong to another one: on an unusual platform,
// a user without an organization can't be written.
type platform struct {
	*acceptance.Sandbox
	organization, other int64
	mei, kofi           sandbox.User
}

func newPlatform(t *testing.T) *platform {
	t.Helper()
	p := &platform{Sandbox: acceptance.NewSandbox(t)}
	p.organization = p.AddOrganization(sandbox.Organization{Name: "Cars"}).ID
	p.other = p.AddOrganization(sandbox.Organization{Name: "Other"}).ID
	p.mei = p.AddUser(sandbox.User{
		Name: "Mei Tanaka", Email: "mei.tanaka@example.com", Registered: true, LicenseAccepted: true, Organizations: []int64{p.other},
		Settings: map[string]any{"notifications": true, "theme": "dark"}, Extra: map[string]any{"badge": "x"},
	})
	p.AddMember(p.other, sandbox.UserID)
	p.kofi = p.AddUser(sandbox.User{Name: "Kofi Mensah", Email: "kofi.mensah@example.com", Organizations: []int64{p.other}})
	return p
}

// member returns a resource for a member of the organization.
func (p *platform) member(name, lines string) string {
	return fmt.Sprintf("resource \"guardai_organization_member\" %q {\n organization_id = \"%d\"\n %s\n}\n", name, p.organization, lines)
}

// checkMember checks whether a user is a member of the organization and that nothing else of the user changed.
func (p *platform) checkMember(before sandbox.User, member bool) resource.TestCheckFunc {
	return func(*terraform.State) error {
		after, _ := p.User(before.ID)
		if got := slices.Contains(after.Organizations, p.organization); got != member {
			return fmt.Errorf("%s is a member: %t", before.Name, got)
		}
		after.Organizations = slices.DeleteFunc(after.Organizations, func(id int64) bool { return id == p.organization })
		if got, want := fmt.Sprint(after), fmt.Sprint(before); got != want {
			return fmt.Errorf("the user is %s, and was %s", got, want)
		}
		return nil
	}
}

func words(text string) *regexp.Regexp {
	return regexp.MustCompile(`(?s)` + strings.ReplaceAll(text, " ", `\s+`))
}

const meiAddress, kofiAddress = "guardai_organization_member.mei", "guardai_organization_member.kofi"

func TestMemberLifecycle(t *testing.T) {
	p := newPlatform(t)
	// The address is in another case than the platform's.
	both := p.Provider() + p.member("mei", `email = "Mei.Tanaka@EXAMPLE.com"`) + p.member("kofi", fmt.Sprintf(`user_id = "%d"`, p.kofi.ID))
	empty := resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}}
	acceptance.Run(t,
		resource.TestStep{
			Config: both,
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectKnownValue(meiAddress, tfjsonpath.New("user_id"), id(p.mei.ID)),
			}},
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue(meiAddress, tfjsonpath.New("id"), knownvalue.StringExact(fmt.Sprintf("%d/%d", p.organization, p.mei.ID))),
				statecheck.ExpectKnownValue(meiAddress, tfjsonpath.New("email"), knownvalue.StringExact("Mei.Tanaka@EXAMPLE.com")),
				statecheck.ExpectKnownValue(meiAddress, tfjsonpath.New("name"), knownvalue.StringExact("Mei Tanaka")),
				statecheck.ExpectKnownValue(meiAddress, tfjsonpath.New("registered"), knownvalue.Bool(true)),
				statecheck.ExpectKnownValue(kofiAddress, tfjsonpath.New("email"), knownvalue.StringExact("kofi.mensah@example.com")),
			},
			Check: resource.ComposeAggregateTestCheckFunc(p.checkMember(p.mei, true), p.checkMember(p.kofi, true)),
		},
		// Another spelling, and both arguments, as a generated configuration has them, change nothing.
		resource.TestStep{
			Config: p.Provider() + p.member("mei", fmt.Sprintf("email = \"mei.tanaka@example.com\"\n user_id = \"%d\"", p.mei.ID)) +
				p.member("kofi", `email = "kofi.mensah@example.com"`),
			ConfigPlanChecks: empty,
		},
		// What others ended is added again, and another user replaces one.
		resource.TestStep{
			PreConfig: func() { p.UpdateUser(p.mei.ID, func(u *sandbox.User) { *u = p.mei }) },
			Config:    p.Provider() + p.member("mei", `email = "mei.tanaka@example.com"`) + p.member("kofi", fmt.Sprintf(`user_id = "%d"`, sandbox.UserID)),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectResourceAction(meiAddress, plancheck.ResourceActionCreate),
				plancheck.ExpectResourceAction(kofiAddress, plancheck.ResourceActionReplace),
			}},
			Check: resource.ComposeAggregateTestCheckFunc(p.checkMember(p.mei, true), p.checkMember(p.kofi, false)),
		},
		resource.TestStep{Config: p.Provider(), Check: p.checkMember(p.mei, false)},
	)
}

func TestMemberImports(t *testing.T) {
	p := newPlatform(t)
	p.AddMember(p.organization, p.mei.ID)
	config := p.Provider() + p.member("mei", `email = "mei.tanaka@example.com"`)
	step := func(importID string, kind resource.ImportStateKind) resource.TestStep {
		return resource.TestStep{
			Config: config, ResourceName: meiAddress, ImportState: true, ImportStateKind: kind, ImportStateId: importID,
			ImportStateVerify: kind == resource.ImportCommandWithID,
		}
	}
	byID := fmt.Sprintf("%d/%d", p.organization, p.mei.ID)
	acceptance.Run(t,
		resource.TestStep{Config: config, Check: func(*terraform.State) error {
			if got := p.Count("update_user"); got != 0 {
				return fmt.Errorf("an existing membership was written %d times", got)
			}
			return nil
		}},
		step(byID, resource.ImportCommandWithID),
		step(fmt.Sprintf("%d/MEI.tanaka@example.com", p.organization), resource.ImportBlockWithID),
	)
	for importID, want := range map[string]string{
		"42": "Invalid import id.*doesn't have two parts",
		fmt.Sprintf("%d/nobody@example.com", p.organization): "No such user.*guardai_user_invite",
		fmt.Sprintf("%d/%d", p.organization, p.kofi.ID):      "Not a member",
	} {
		acceptance.NewDirect(t).Import(config, importID).MustFail(want)
	}
}

// Ten memberships of one user hold, although each write replaces the user's whole record.
func TestManyMemberships(t *testing.T) {
	p := newPlatform(t)
	const organizations, users = 10, 30
	for i := range users {
		p.AddUser(sandbox.User{Name: "x", Email: fmt.Sprintf("user%d@example.com", i), Organizations: []int64{p.other}})
	}
	config := p.Provider() + fmt.Sprintf(`
resource "guardai_organization" "many" {
  count = %d
  name  = "many ${count.index}"
}
resource "guardai_organization_member" "one_user" {
  count           = %d
  organization_id = guardai_organization.many[count.index].id
  email           = "mei.tanaka@example.com"
}
resource "guardai_organization_member" "self" {
  count           = %d
  organization_id = guardai_organization.many[count.index].id
  email           = "anna.deboer@example.com"
}
resource "guardai_organization_member" "one_organization" {
  count           = %d
  organization_id = "%d"
  email           = "user${count.index}@example.com"
}
`, organizations, organizations, organizations, users, p.organization)
	acceptance.Run(t,
		resource.TestStep{Config: config, Check: func(*terraform.State) error {
			const written = organizations + users
			self, _ := p.User(sandbox.AdminID)
			mei, _ := p.User(p.mei.ID)
			if len(mei.Organizations) != organizations+1 || len(self.Organizations) != organizations {
				return fmt.Errorf("the memberships are %v and %v", mei.Organizations, self.Organizations)
			}
			if reads, writes := p.Count("get_user"), p.Count("update_user"); writes > written || reads > written+organizations {
				return fmt.Errorf("%d reads and %d writes", reads, writes)
			}
			p.ClearRequests()
			return nil
		}},
		resource.TestStep{Config: config, Check: func(*terraform.State) error {
			if users, members := p.Count("get_user"), p.Count("get_members"); users != 0 || members != 0 {
				return fmt.Errorf("refreshing took %d reads of users and %d of members", users, members)
			}
			return nil
		}},
	)
}

func TestMemberErrors(t *testing.T) {
	t.Parallel()
	p := newPlatform(t)
	for range 2 {
		p.AddUser(sandbox.User{Name: "Twin", Email: "twin@example.com", Organizations: []int64{p.other}})
	}
	for _, test := range []struct{ lines, want string }{
		{`email = "nobody@example.com"`, `No such user.*email.*no user with the email address "nobody@example.com".*signed up.*guardai_user_invite`},
		{`email = "TWIN@example.com"`, fmt.Sprintf(`Email address not unique.*%d, %d`, p.kofi.ID+1, p.kofi.ID+2)},
		{fmt.Sprintf("email = \"mei.tanaka@example.com\"\n user_id = \"%d\"", p.kofi.ID), "Two different users.*user_id is " + fmt.Sprint(p.kofi.ID)},
		{`user_id = "4711"`, "No such user.*4711"},
		{`user_id = "x"`, `user_id can't be used: "x" is not an id`},
		{`email = " "`, "Blank value"},
		{"", "user_id.*email|email.*user_id"},
	} {
		acceptance.NewDirect(t).Plan(p.Provider() + p.member("test", test.lines)).MustFail(test.want)
	}
	acceptance.NewDirect(t).Plan(p.UserProvider() + p.member("test", `email = "mei.tanaka@example.com"`)).MustFail("Unable to look up.*403.*administrator rights")
	acceptance.NewDirect(t).Apply(p.UserProvider() + p.member("test", fmt.Sprintf(`user_id = "%d"`, p.mei.ID))).MustFail("403")
	if got := p.Count("update_user"); got != 0 {
		t.Errorf("%d writes", got)
	}
}

// A plan that replaces the membership of the user that the provider acts as warns, and one of another user's doesn't.
func TestOwnMembership(t *testing.T) {
	t.Parallel()
	p := newPlatform(t)
	p.AddMember(p.other, sandbox.AdminID)
	direct := acceptance.NewDirect(t)
	direct.Apply(p.Provider() + p.member("test", fmt.Sprintf(`user_id = "%d"`, sandbox.AdminID))).Must("create")
	other := p.Provider() + p.member("test", fmt.Sprintf(`user_id = "%d"`, p.kofi.ID))
	if got := direct.Plan(other).Must("replace"); !strings.Contains(got.Text, "acts as user 1 (anna.deboer@example.com). This plan ends that user's membership of organization 1") {
		t.Errorf("no warning: %s", got.Text)
	}
	direct.Apply(other).Must("replace")
	back := p.Provider() + p.member("test", fmt.Sprintf(`user_id = "%d"`, sandbox.AdminID))
	if got := direct.Plan(back).Must("replace"); strings.Contains(got.Text, "acts as") {
		t.Errorf("a warning: %s", got.Text)
	}
}

// Another run may have removed the user or the membership, and the platform may omit the address.
func TestMembersThatChange(t *testing.T) {
	t.Parallel()
	p := newPlatform(t)
	config := p.Provider() + p.member("test", `email = "mei.tanaka@example.com"`)
	direct := acceptance.NewDirect(t)
	direct.Apply(config).Must("create")
	p.UpdateUser(p.mei.ID, func(u *sandbox.User) { u.Email = "" })
	direct.Refresh(config).MustHave(map[string]knownvalue.Check{"email": knownvalue.StringExact("mei.tanaka@example.com")})
	p.DeleteUser(p.mei.ID)
	direct.Destroy(config).Must()
	kofi := p.Provider() + p.member("test", fmt.Sprintf("user_id = \"%d\"\n email = \"old@example.com\"", p.kofi.ID))
	acceptance.NewDirect(t).Plan(kofi).MustFail(`Two different users.*whose email address is "kofi.mensah@example.com"`)
}

// The user is there at plan and gone at apply.
func TestUserIsRemovedMeanwhile(t *testing.T) {
	t.Parallel()
	p := newPlatform(t)
	p.Inject(sandbox.Fault{Operation: "get_user", Kind: sandbox.FaultStatus, Status: 404})
	acceptance.NewDirect(t).Apply(p.Provider() + p.member("test", `email = "mei.tanaka@example.com"`)).
		MustFail(fmt.Sprintf("No such user.*no user with the id %d any more", p.mei.ID))
}
