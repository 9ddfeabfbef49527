package member_test

import (
	"fmt"
	"maps"
	"strconv"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/guardai/terraform-provider-guardai/internal/acceptance"
	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

const address = "data.guardai_organization_members.test"

func data(organizationID int64, lines ...string) string {
	return fmt.Sprintf("data \"guardai_organization_members\" \"test\" {\n organization_id = \"%d\"\n %s\n}\n", organizationID, strings.Join(lines, "\n"))
}

// read reads the data source without a CLI.
func read(t *testing.T, s *acceptance.Sandbox, organizationID int64, lines ...string) acceptance.Outcome {
	t.Helper()
	return acceptance.NewDirect(t).Read(s.Provider() + data(organizationID, lines...))
}

func members(values ...map[string]knownvalue.Check) map[string]knownvalue.Check {
	checks := make([]knownvalue.Check, 0, len(values))
	for _, value := range values {
		checks = append(checks, knownvalue.ObjectExact(value))
	}
	return map[string]knownvalue.Check{"members": knownvalue.ListExact(checks)}
}

func ids(values ...int64) knownvalue.Check {
	checks := make([]knownvalue.Check, 0, len(values))
	for _, value := range values {
		checks = append(checks, id(value))
	}
	return knownvalue.ListExact(checks)
}

func id(value int64) knownvalue.Check { return knownvalue.StringExact(strconv.FormatInt(value, 10)) }

func organization(organizationID int64, name knownvalue.Check) knownvalue.Check {
	return knownvalue.ObjectExact(map[string]knownvalue.Check{"id": id(organizationID), "name": name})
}

// example returns a member with a value in every field and in a field that the API doesn't document.
func example(id int64) map[string]any {
	return map[string]any{
		"id": id, "uid": "anna.k", "name": "Anna Kowalska", "email": "anna.kowalska@example.com", "roles": "ROLE_ADMIN,ROLE_USER",
		"registered": true, "licenseAccepted": false, "timeUsed": 1 << 40, "lastLoginDateTime": "2024-05-02T14:30:00.250+02:00",
		"organizations": []any{map[string]any{"id": 9, "name": "other"}, map[string]any{"id": 3}},
		"settings":      map[string]any{"favoriteProjects": []any{12, 11}, "notifications": true, "theme": "dark"},
		"avatar":        "AAECAw==", "department": map[string]any{"id": 1},
	}
}

func exampleValue(member int64, avatar knownvalue.Check) map[string]knownvalue.Check {
	return map[string]knownvalue.Check{
		"id": id(member), "uid": knownvalue.StringExact("anna.k"), "name": knownvalue.StringExact("Anna Kowalska"),
		"email": knownvalue.StringExact("anna.kowalska@example.com"), "roles": knownvalue.StringExact("ROLE_ADMIN,ROLE_USER"),
		"registered": knownvalue.Bool(true), "license_accepted": knownvalue.Bool(false), "time_used": knownvalue.Int64Exact(1 << 40),
		"last_login_at": knownvalue.StringExact("2024-05-02T12:30:00Z"), "organization_ids": ids(3, 9),
		"organizations": knownvalue.ListExact([]knownvalue.Check{
			organization(3, knownvalue.Null()), organization(9, knownvalue.StringExact("other")),
		}),
		"settings": knownvalue.ObjectExact(map[string]knownvalue.Check{"favorite_projects": ids(12, 11), "notifications": knownvalue.Bool(true)}),
		"avatar":   avatar,
	}
}

// emptyMember returns a member whose fields are all null except those in change.
func emptyMember(change map[string]knownvalue.Check) map[string]knownvalue.Check {
	value := map[string]knownvalue.Check{}
	for name := range exampleValue(0, nil) {
		value[name] = knownvalue.Null()
	}
	maps.Copy(value, change)
	return value
}

func TestMembers(t *testing.T) {
	t.Parallel()
	const large = 9223372036854775807
	s := acceptance.NewSandbox(t)
	org := s.AddOrganization(sandbox.Organization{Name: "org"})
	// The platform's order doesn't matter.
	s.SetMembers(org.ID, []map[string]any{example(large), example(5)})
	without := members(exampleValue(5, knownvalue.Null()), exampleValue(large, knownvalue.Null()))
	with := members(exampleValue(5, knownvalue.StringExact("AAECAw==")), exampleValue(large, knownvalue.StringExact("AAECAw==")))
	read(t, s, org.ID).MustHave(without)
	read(t, s, org.ID, "include_avatars = true").MustHave(with)
	read(t, s, org.ID, "include_avatars = false").MustHave(without)
}

func TestMembersWithMissingAndNullFields(t *testing.T) {
	t.Parallel()
	// The test needs nulls that violate the contract.
	s := acceptance.NewSandbox(t, acceptance.Usual, func(cfg *sandbox.Config) { cfg.Middleware = nil })
	org := s.AddOrganization(sandbox.Organization{Name: "org"})
	nulls := example(1)
	for name := range nulls {
		nulls[name] = nil
	}
	s.SetMembers(org.ID, []map[string]any{
		nulls,
		{},
		{"id": 2, "settings": map[string]any{}},
		{"id": 1, "organizations": []any{}, "settings": map[string]any{"favoriteProjects": []any{}, "notifications": nil}},
	})
	null := knownvalue.Null()
	settings := func(favorites knownvalue.Check) knownvalue.Check {
		return knownvalue.ObjectExact(map[string]knownvalue.Check{"favorite_projects": favorites, "notifications": null})
	}
	read(t, s, org.ID, "include_avatars = true").MustHave(members(
		emptyMember(map[string]knownvalue.Check{"id": id(1), "organization_ids": ids(), "organizations": knownvalue.ListExact(nil), "settings": settings(ids())}),
		emptyMember(map[string]knownvalue.Check{"id": id(2), "settings": settings(null)}),
		emptyMember(nil), emptyMember(nil),
	))
}

func TestNoMembers(t *testing.T) {
	t.Parallel()
	s := acceptance.NewSandbox(t)
	org := s.AddOrganization(sandbox.Organization{Name: "org"})
	read(t, s, org.ID).MustHave(members())
}

// The id is unknown during the plan, so the read is deferred to the apply.
func TestMembersOfUnknownOrganization(t *testing.T) {
	s := acceptance.NewSandbox(t)
	acceptance.Run(t, resource.TestStep{
		Config: s.Provider() + "resource \"guardai_organization\" \"test\" {\n name = \"x\"\n}\n" +
			strings.Replace(data(1), `= "1"`, "= guardai_organization.test.id", 1),
		ConfigStateChecks: []statecheck.StateCheck{statecheck.ExpectKnownValue(address, tfjsonpath.New("members"), knownvalue.NotNull())},
	})
}

func TestErrors(t *testing.T) {
	t.Parallel()
	s := acceptance.NewSandbox(t)
	org := s.AddOrganization(sandbox.Organization{Name: "org"})
	failed := func(id int64, rest string) string {
		return fmt.Sprintf(`Unable to list the members of organization %d: organization_id = "%d".*%s`, id, id, rest)
	}
	read(t, s, 0).MustFail(`organization_id = "0".*is not an id`)
	read(t, s, -1).MustFail(`organization_id = "-1".*is not an id`)
	read(t, s, 4711).MustFail(failed(4711, `404.*doesn't exist on the platform`))
	acceptance.NewDirect(t).Read(s.UserProvider() + data(org.ID)).MustFail(failed(org.ID, `403.*administrator`))
	for body, want := range map[string]string{`[{"id":`: `connection broke`, `{"members":[]}`: `not a JSON array`} {
		s.Inject(sandbox.Fault{Operation: "get_members", Kind: sandbox.FaultGarbage, Body: body})
		acceptance.NewDirect(t).Read(s.Provider("max_retries = 0") + data(org.ID)).MustFail(failed(org.ID, want))
	}
}
