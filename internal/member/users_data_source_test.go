package member_test

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/guardai/terraform-provider-guardai/internal/acceptance"
	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

func TestUserDataSources(t *testing.T) {
	p := newPlatform(t)
	meiValue := map[string]knownvalue.Check{
		"id": id(p.mei.ID), "uid": knownvalue.Null(), "name": knownvalue.StringExact("Mei Tanaka"), "email": knownvalue.StringExact("mei.tanaka@example.com"),
		"roles": knownvalue.StringExact("ROLE_USER"), "registered": knownvalue.Bool(true), "license_accepted": knownvalue.Bool(true),
		"last_login_at": knownvalue.Null(), "time_used": knownvalue.Int64Exact(0), "organization_ids": ids(p.other),
		"organizations": knownvalue.ListExact([]knownvalue.Check{organization(p.other, knownvalue.StringExact("Other"))}),
		"settings":      knownvalue.ObjectExact(map[string]knownvalue.Check{"favorite_projects": knownvalue.Null(), "notifications": knownvalue.Bool(true)}),
	}
	checks := []statecheck.StateCheck{
		statecheck.ExpectKnownValue("data.guardai_users.some", tfjsonpath.New("users"), knownvalue.ListExact([]knownvalue.Check{knownvalue.ObjectExact(meiValue)})),
		statecheck.ExpectKnownValue("data.guardai_users.all", tfjsonpath.New("users"), knownvalue.ListSizeExact(4)),
		statecheck.ExpectKnownValue("data.guardai_user.by_id", tfjsonpath.New("email"), knownvalue.StringExact("kofi.mensah@example.com")),
		statecheck.ExpectKnownValue("data.guardai_current_user.this", tfjsonpath.New("id"), id(sandbox.AdminID)),
		statecheck.ExpectKnownValue("data.guardai_current_user.this", tfjsonpath.New("name"), knownvalue.StringExact("Anna de Boer")),
	}
	for name, value := range meiValue {
		checks = append(checks, statecheck.ExpectKnownValue("data.guardai_user.by_email", tfjsonpath.New(name), value))
	}
	acceptance.Run(t, resource.TestStep{
		Config: p.Provider() + fmt.Sprintf(`
data "guardai_users" "all" {}
data "guardai_users" "some" {
  email_regex = "^MEI"
}
data "guardai_user" "by_email" {
  email = "MEI.tanaka@example.com"
}
data "guardai_user" "by_id" {
  id = "%d"
}
data "guardai_current_user" "this" {}
`, p.kofi.ID),
		ConfigStateChecks: checks,
	})
}

func TestUserDataSourceErrors(t *testing.T) {
	t.Parallel()
	p := newPlatform(t)
	for config, want := range map[string]string{
		"data \"guardai_user\" \"x\" {\n id = \"4711\"\n}":                  "No such user.*4711",
		"data \"guardai_user\" \"x\" {\n email = \"nobody@example.com\"\n}": "No such user.*nobody@example.com",
		"data \"guardai_user\" \"x\" {}":                                    "No attribute specified when one .and only one. of .id,email. is required",
		"data \"guardai_users\" \"x\" {\n email_regex = \"(\"\n}":           "Invalid regular expression",
	} {
		acceptance.NewDirect(t).Read(p.Provider() + config).MustFail(want)
	}
	acceptance.NewDirect(t).Read(p.UserProvider() + "data \"guardai_users\" \"x\" {}").MustFail("Unable to list users.*403")
}

// One value of another type doesn't make the list unreadable.
func TestMalformedUser(t *testing.T) {
	s := acceptance.NewSandbox(t, acceptance.Usual, func(cfg *sandbox.Config) { cfg.Middleware = nil })
	s.UpdateUser(sandbox.UserID, func(u *sandbox.User) { u.Extra = map[string]any{"roles": []any{"ROLE_USER"}} })
	acceptance.Run(t, resource.TestStep{
		Config: s.Provider() + "data \"guardai_users\" \"all\" {}",
		ConfigStateChecks: []statecheck.StateCheck{
			statecheck.ExpectKnownValue("data.guardai_users.all", tfjsonpath.New("users").AtSliceIndex(1).AtMapKey("roles"), knownvalue.Null()),
			statecheck.ExpectKnownValue("data.guardai_users.all", tfjsonpath.New("users").AtSliceIndex(1).AtMapKey("name"), knownvalue.StringExact("Tom Ferreira")),
		},
	})
}
