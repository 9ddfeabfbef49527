package guardai

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestMembers(t *testing.T) {
	t.Parallel()
	large, favorite, three, nine := int64(9223372036854775807), int64(11), int64(3), int64(9)
	whole := User{
		ID: &large, UID: new("anna.k"), Name: new("Anna"), Email: new("anna@example.com"), Roles: new("ROLE_ADMIN,ROLE_USER"),
		Registered: new(true), LicenseAccepted: new(false), TimeUsed: &large,
		LastLoginAt:   time.Date(2024, 5, 2, 12, 0, 0, 0, time.UTC),
		Organizations: []OrganizationRef{{ID: &three}, {ID: &nine, Name: new("x")}, {Name: new("without id")}},
		Settings:      &UserSettings{FavoriteProjects: []*int64{&favorite, nil}, Notifications: new(true)},
		Avatar:        new("AAE="),
	}
	tests := map[string]struct {
		body string
		want []User
	}{
		"no members": {`[]`, []User{}},
		"null":       {`null`, nil},
		"every field": {`[{"id":9223372036854775807,"uid":"anna.k","name":"Anna","email":"anna@example.com","roles":"ROLE_ADMIN,ROLE_USER",
			"registered":true,"licenseAccepted":false,"timeUsed":9223372036854775807,"lastLoginDateTime":"2024-05-02T12:00:00.000+00:00",
			"organizations":[{"id":9,"name":"x","settings":{}},{"id":3},{"name":"without id"}],
			"settings":{"favoriteProjects":[11,null],"notifications":true,"new":1},"avatar":"AAE=","new":{"a":[]}}]`, []User{whole}},
		"no field": {`[{}]`, []User{{}}},
		"every field null": {`[{"id":null,"uid":null,"name":null,"email":null,"roles":null,"registered":null,"licenseAccepted":null,"timeUsed":null,
			"lastLoginDateTime":null,"organizations":null,"settings":null,"avatar":null}]`, []User{{}}},
		"empty within": {
			`[{"organizations":[],"settings":{"favoriteProjects":[]}},{"settings":{}}]`,
			[]User{{Organizations: []OrganizationRef{}, Settings: &UserSettings{FavoriteProjects: []*int64{}}}, {Settings: &UserSettings{}}},
		},
		"out of order": {
			`[{"name":"b"},{"id":9223372036854775807},{"name":"a"},{"id":-1}]`,
			[]User{{ID: new(int64(-1))}, {ID: &large}, {Name: new("b")}, {Name: new("a")}},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPlatform(t, respond(http.StatusOK, "application/json", test.body))
			got, err := p.client(t).ListMembers(background(t), 7, true)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestMembersWithoutAvatars(t *testing.T) {
	t.Parallel()
	p := newPlatform(t, respond(http.StatusOK, "application/json", `[{"id":1,"avatar":"AAE="},{"id":2,"avatar":""}]`))
	got, err := p.client(t).ListMembers(background(t), 7, false)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]User{{ID: new(int64(1))}, {ID: new(int64(2))}}, got); diff != "" {
		t.Error(diff)
	}
}

// One value of another type doesn't make the whole list unreadable.
func TestMalformedMembers(t *testing.T) {
	t.Parallel()
	for body, problem := range map[string]string{
		`{"id":"1"}`:                              `id is not a whole number: "\"1\""`,
		`{"id":9223372036854775808}`:              `id is not a whole number: "9223372036854775808"`,
		`{"uid":1}`:                               `uid is not a text: "1"`,
		`{"registered":"yes"}`:                    `registered is not a boolean: "\"yes\""`,
		`{"roles":["ROLE_USER"]}`:                 `roles is not a text: "[\"ROLE_USER\"]"`,
		`{"avatar":[1]}`:                          `avatar is not a text: "[1]"`,
		`{"lastLoginDateTime":1651406400000}`:     `lastLoginDateTime is not a date: "1651406400000"`,
		`{"organizations":{}}`:                    `organizations is not a list of organizations: "{}"`,
		`{"settings":{"favoriteProjects":["x"]}}`: `settings is not an object of settings: "{\"favoriteProjects\":[\"x\"]}"`,
	} {
		p := newPlatform(t, respond(http.StatusOK, "application/json", "["+body+`,{"name":"Mei"}]`))
		members, err := p.client(t).ListMembers(background(t), 7, true)
		want := []User{{Malformed: []string{problem}}, {Name: new("Mei")}}
		if diff := cmp.Diff(want, members); err != nil || diff != "" {
			t.Error(err, diff)
		}
	}
}
