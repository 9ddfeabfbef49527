package sandbox_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

const usersURL = "/api/v1/users"

func userURL(id int64) string { return fmt.Sprintf("%s/%d", usersURL, id) }

// wantNames checks the names in a list of objects.
func (r *result) wantNames(want ...string) {
	r.t.Helper()
	var list []struct{ Name string }
	r.want(http.StatusOK).decode(&list)
	got := make([]string, len(list))
	for i := range list {
		got[i] = list[i].Name
	}
	if diff := cmp.Diff(append([]string{}, want...), got); diff != "" {
		r.t.Errorf("%s: %s", r.call, diff)
	}
}

func TestReadUsers(t *testing.T) {
	t.Parallel()
	b := newSandboxTest(t, sandbox.Config{})
	org := b.AddOrganization(sandbox.Organization{Name: "Cars"})
	mei := b.AddUser(sandbox.User{Name: "Mei", Organizations: []int64{org.ID, 404}, Extra: map[string]any{"badge": json.Number("1.10")}})
	b.send("GET", usersURL, nil).wantNames("Anna de Boer", "Tom Ferreira", "Mei")
	got := b.send("GET", userURL(mei.ID), nil).want(http.StatusOK).object()
	nested := b.send("GET", organizationURL(org.ID, ""), nil).object()
	want := map[string]any{
		"id": json.Number("3"), "name": "Mei", "roles": "ROLE_USER", "registered": false, "licenseAccepted": false,
		"timeUsed": json.Number("0"), "organizations": []any{nested}, "badge": json.Number("1.10"),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	b.send("GET", organizationURL(org.ID, "/members"), nil).wantNames("Mei")
	b.send("GET", userURL(404), nil).want(http.StatusNotFound)
	b.send("GET", usersURL+"/x", nil).want(http.StatusBadRequest)

	tom := b.asUser()
	if got := tom.send("GET", usersURL+"/me", nil).want(http.StatusOK).field("uid"); got != sandbox.UserUID {
		t.Errorf("the current user is %s", got)
	}
	tom.send("GET", userURL(sandbox.UserID), nil).want(http.StatusOK)
	tom.send("GET", userURL(mei.ID), nil).want(http.StatusForbidden)
	tom.send("GET", usersURL, nil).want(http.StatusForbidden)
	tom.send("PUT", userURL(sandbox.UserID), `{}`).want(http.StatusForbidden)
}

// A creator becomes a member, which gives access. Deleting an organization ends its memberships.
func TestMembershipOfCreator(t *testing.T) {
	t.Parallel()
	b := newSandboxTest(t, sandbox.Config{})
	other := b.AddOrganization(sandbox.Organization{Name: "Other"})
	tom := b.asUser()
	path := organizationsURL + "/" + tom.send("POST", organizationsURL, addBody).want(http.StatusCreated).field("id")
	tom.send("GET", path, nil).want(http.StatusOK)
	b.send("GET", path+"/members", nil).wantNames("Tom Ferreira")
	tom.send("GET", organizationURL(other.ID, ""), nil).want(http.StatusForbidden)
	b.AddMember(other.ID, sandbox.UserID)
	tom.send("GET", organizationURL(other.ID, ""), nil).want(http.StatusOK)
	tom.send("DELETE", path, nil).want(http.StatusNoContent)
	if got, _ := b.User(sandbox.UserID); !cmp.Equal(got.Organizations, []int64{other.ID}) {
		t.Errorf("the memberships are %v", got.Organizations)
	}
}

func TestUpdateUser(t *testing.T) {
	t.Parallel()
	for name, cfg := range map[string]sandbox.Config{"usual": {}, "unusual": {Unusual: true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newSandboxTest(t, cfg)
			first, second := b.AddOrganization(sandbox.Organization{Name: "a"}), b.AddOrganization(sandbox.Organization{Name: "b"})
			added := b.AddUser(sandbox.User{
				Name: "Mei", Organizations: []int64{first.ID}, LicenseAccepted: true,
				Settings: map[string]any{"notifications": true}, Extra: map[string]any{"badge": "x"},
			})
			path := userURL(added.ID)
			b.send("PUT", path, fmt.Sprintf(`{"organizations":[%d],"roles":"ROLE_ADMIN","licenseAccepted":true,"jsonSettings":"{\"theme\":\"dark\"}"}`, second.ID)).want(http.StatusOK)
			want := added
			want.Organizations, want.Roles, want.Settings = []int64{second.ID}, "ROLE_ADMIN", map[string]any{"theme": "dark"}
			if got, _ := b.User(added.ID); !cmp.Equal(want, got) {
				t.Error(cmp.Diff(want, got))
			}
			b.send("PUT", path, `{}`).want(http.StatusOK)
			if cfg.Unusual {
				want.Organizations, want.Roles, want.Settings, want.LicenseAccepted = nil, "", nil, false
			}
			if got, _ := b.User(added.ID); !cmp.Equal(want, got) {
				t.Error(cmp.Diff(want, got))
			}
			for _, body := range []string{
				`{"organizations":[404]}`, `{"organizations":["1"]}`, `{"roles":1}`, `{"jsonSettings":{}}`, `{"jsonSettings":"[]"}`, `[]`,
			} {
				b.send("PUT", path, body).want(http.StatusBadRequest)
			}
			b.send("PUT", userURL(404), `{}`).want(http.StatusNotFound)
		})
	}
}

func TestInvite(t *testing.T) {
	t.Parallel()
	const invite = "/api/v1/register/invite"
	b := newSandboxTest(t, sandbox.Config{})
	for range 2 { // The second one invites nobody else.
		if got := b.send("POST", invite, `{"email":"mei@example.com","name":"Mei"}`).want(http.StatusCreated); len(got.body) > 0 {
			t.Errorf("the response is %s", got.body)
		}
	}
	want := sandbox.User{ID: 3, Name: "Mei", Email: "mei@example.com", Roles: "ROLE_USER"}
	if got := b.Users(); len(got) != 3 || !cmp.Equal(want, got[2]) {
		t.Errorf("the users are %v", got)
	}
	b.send("POST", invite, `{"email":"mei@example.com"}`).want(http.StatusBadRequest)
	b.asUser().send("POST", invite, `{"email":"a@example.com","name":"a"}`).want(http.StatusForbidden)

	unusual := newSandboxTest(t, sandbox.Config{Unusual: true})
	unusual.send("POST", invite, `{"email":"mei@example.com","name":"Mei"}`)
	unusual.send("GET", usersURL, nil).wantNames("Anna de Boer", "Tom Ferreira")
}

func TestProjectsModelsAndDatasets(t *testing.T) {
	t.Parallel()
	b := newSandboxTest(t, sandbox.Config{})
	first, second := b.AddOrganization(sandbox.Organization{Name: "a"}), b.AddOrganization(sandbox.Organization{Name: "b"})
	b.AddMember(first.ID, sandbox.UserID)
	for _, id := range []int64{first.ID, second.ID} {
		objects := []map[string]any{{"id": 10 * id, "name": fmt.Sprint(id)}}
		b.SetProjects(id, objects)
		b.SetModels(id, objects)
		b.SetDatasets(id, objects)
	}
	tom := b.asUser()
	for _, path := range []string{"/api/v1/projects", "/api/v1/models"} {
		b.send("GET", path, nil).wantNames("1", "2")
		tom.send("GET", path, nil).wantNames("1")
	}
	b.send("GET", "/api/v1/projects?organizationId=2", nil).wantNames("2")
	tom.send("GET", "/api/v1/projects?organizationId=2", nil).want(http.StatusForbidden)
	b.send("GET", "/api/v1/projects?organizationId=3", nil).want(http.StatusNotFound)
	b.send("GET", "/api/v1/projects?organizationId=x", nil).want(http.StatusBadRequest)
	b.send("GET", "/api/v1/datasets/1", nil).wantNames("COCO 2017 (validation)", "1")
	tom.send("GET", "/api/v1/datasets/2", nil).want(http.StatusForbidden)
	var models []struct{ Organization struct{ ID int64 } }
	b.send("GET", "/api/v1/models", nil).decode(&models)
	if models[1].Organization.ID != second.ID {
		t.Errorf("the models are %v", models)
	}
	b.DeleteOrganization(first.ID)
	b.send("GET", "/api/v1/models", nil).wantNames("2")
}
