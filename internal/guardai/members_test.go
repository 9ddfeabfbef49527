package guardai

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/guardai/terraform-provider-guardai/internal/guardai/rest"
)

func TestMembers(t *testing.T) {
	t.Parallel()
	large, favorite, three, nine := int64(9223372036854775807), int64(11), int64(3), int64(9)
	whole := Member{
		ID: &large, UID: new("anna.k"), Name: new("Anna"), Email: new("anna@example.com"), Roles: new("ROLE_ADMIN,ROLE_USER"),
		Registered: new(true), LicenseAccepted: new(false), TimeUsed: &large,
		LastLoginAt:   time.Date(2024, 5, 2, 12, 0, 0, 0, time.UTC),
		Organizations: []MemberOrganization{{ID: &three}, {ID: &nine, Name: new("x")}, {Name: new("without id")}},
		Settings:      &MemberSettings{FavoriteProjects: []*int64{&favorite, nil}, Notifications: new(true)},
		Avatar:        new("AAE="),
	}
	tests := map[string]struct {
		body string
		want []Member
	}{
		"no members": {`[]`, []Member{}},
		"null":       {`null`, nil},
		"every field": {`[{"id":9223372036854775807,"uid":"anna.k","name":"Anna","email":"anna@example.com","roles":"ROLE_ADMIN,ROLE_USER",
			"registered":true,"licenseAccepted":false,"timeUsed":9223372036854775807,"lastLoginDateTime":"2024-05-02T12:00:00.000+00:00",
			"organizations":[{"id":9,"name":"x","settings":{}},{"id":3},{"name":"without id"}],
			"settings":{"favoriteProjects":[11,null],"notifications":true,"new":1},"avatar":"AAE=","new":{"a":[]}}]`, []Member{whole}},
		"no field": {`[{}]`, []Member{{}}},
		"every field null": {`[{"id":null,"uid":null,"name":null,"email":null,"roles":null,"registered":null,"licenseAccepted":null,"timeUsed":null,
			"lastLoginDateTime":null,"organizations":null,"settings":null,"avatar":null}]`, []Member{{}}},
		"empty within": {
			`[{"organizations":[],"settings":{"favoriteProjects":[]}},{"settings":{}}]`,
			[]Member{{Organizations: []MemberOrganization{}, Settings: &MemberSettings{FavoriteProjects: []*int64{}}}, {Settings: &MemberSettings{}}},
		},
		"out of order": {
			`[{"name":"b"},{"id":9223372036854775807},{"name":"a"},{"id":-1}]`,
			[]Member{{ID: new(int64(-1))}, {ID: &large}, {Name: new("b")}, {Name: new("a")}},
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
	if diff := cmp.Diff([]Member{{ID: new(int64(1))}, {ID: new(int64(2))}}, got); diff != "" {
		t.Error(diff)
	}
}

func TestInvalidMembers(t *testing.T) {
	t.Parallel()
	for body, words := range map[string]string{
		`[{"id":"1"}]`:                              `field "id" is a JSON string`,
		`[{"id":9223372036854775808}]`:              `field "id" is a JSON number`,
		`[{"uid":1}]`:                               `field "uid" is a JSON number`,
		`[{"registered":"yes"}]`:                    `field "registered" is a JSON string`,
		`[{"roles":["ROLE_USER"]}]`:                 `field "roles" is a JSON array`,
		`[{"avatar":[1]}]`:                          `field "avatar" is a JSON array`,
		`[{"lastLoginDateTime":1651406400000}]`:     `a date`,
		`[{"organizations":{}}]`:                    `field "organizations" is a JSON object`,
		`[{"settings":{"favoriteProjects":["x"]}}]`: `field "settings.favoriteProjects" is a JSON string`,
	} {
		p := newPlatform(t, respond(http.StatusOK, "application/json", body))
		members, err := p.client(t).ListMembers(background(t), 7, true)
		checkInvalidList(t, members, err, rest.KindInvalidResponse, words)
	}
}
