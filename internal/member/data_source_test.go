package member_test

import (
	"fmt"
	"maps"
	"regexp"
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

func members(values ...map[string]knownvalue.Check) []statecheck.StateCheck {
	checks := make([]knownvalue.Check, 0, len(values))
	for _, value := range values {
		checks = append(checks, knownvalue.ObjectExact(value))
	}
	return []statecheck.StateCheck{statecheck.ExpectKnownValue(address, tfjsonpath.New("members"), knownvalue.ListExact(checks))}
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
	const large = 9223372036854775807
	s := acceptance.NewSandbox(t)
	org := s.AddOrganization(sandbox.Organization{Name: "org"})
	// The platform's order doesn't matter.
	s.SetMembers(org.ID, []map[string]any{example(large), example(5)})
	without := members(exampleValue(5, knownvalue.Null()), exampleValue(large, knownvalue.Null()))
	with := members(exampleValue(5, knownvalue.StringExact("AAECAw==")), exampleValue(large, knownvalue.StringExact("AAECAw==")))
	acceptance.Run(t,
		resource.TestStep{Config: s.Provider() + data(org.ID), ConfigStateChecks: without},
		resource.TestStep{Config: s.Provider() + data(org.ID, "include_avatars = true"), ConfigStateChecks: with},
		resource.TestStep{Config: s.Provider() + data(org.ID, "include_avatars = false"), ConfigStateChecks: without},
	)
}

func TestMembersWithMissingAndNullFields(t *testing.T) {
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
	acceptance.Run(t, resource.TestStep{
		Config: s.Provider() + data(org.ID, "include_avatars = true"),
		ConfigStateChecks: members(
			emptyMember(map[string]knownvalue.Check{"id": id(1), "organization_ids": ids(), "organizations": knownvalue.ListExact(nil), "settings": settings(ids())}),
			emptyMember(map[string]knownvalue.Check{"id": id(2), "settings": settings(null)}),
			emptyMember(nil), emptyMember(nil),
		),
	})
}

func TestNoMembers(t *testing.T) {
	s := acceptance.NewSandbox(t)
	org := s.AddOrganization(sandbox.Organization{Name: "org"})
	acceptance.Run(t, resource.TestStep{Config: s.Provider() + data(org.ID), ConfigStateChecks: members()})
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
	s := acceptance.NewSandbox(t)
	org := s.AddOrganization(sandbox.Organization{Name: "org"})
	failed := func(id int64, rest string) *regexp.Regexp {
		return regexp.MustCompile(strings.ReplaceAll(fmt.Sprintf(`(?s)Unable to list the members of organization %d.*organization_id = "%d".*%s`, id, id, rest), " ", `\s+`))
	}
	respond := func(body string) func() {
		return func() {
			s.Inject(sandbox.Fault{Operation: "get_members", Kind: sandbox.FaultGarbage, Body: body})
		}
	}
	acceptance.Run(t,
		resource.TestStep{Config: s.Provider() + data(0), PlanOnly: true, ExpectError: regexp.MustCompile(`(?s)organization_id.*is\s+not\s+an\s+id`)},
		resource.TestStep{Config: s.Provider() + data(-1), PlanOnly: true, ExpectError: regexp.MustCompile(`(?s)organization_id.*is\s+not\s+an\s+id`)},
		resource.TestStep{Config: s.Provider() + data(4711), ExpectError: failed(4711, `404.*doesn't\s+exist\s+on\s+the\s+platform`)},
		resource.TestStep{Config: s.UserProvider() + data(org.ID), ExpectError: failed(org.ID, `403.*administrator`)},
		resource.TestStep{PreConfig: respond(`[{"id":`), Config: s.Provider("max_retries = 0") + data(org.ID), ExpectError: failed(org.ID, `connection broke`)},
		resource.TestStep{PreConfig: respond(`{"members":[]}`), Config: s.Provider() + data(org.ID), ExpectError: failed(org.ID, `not a JSON array`)},
	)
}
