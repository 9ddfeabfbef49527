package guardai

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sync/errgroup"
)

// userPlatform is a platform with one user, 7, which a write replaces as a whole.
type userPlatform struct {
	mu   sync.Mutex
	user string
	// organizations is the list of organizations.
	organizations string
	// self is the current user.
	self int64
	// written are the bodies of the writes.
	written []string
	// afterWrite returns the user after a write, if it isn't nil. A negative status is not sent.
	afterWrite func(body string) (status int, user string)
}

func (p *userPlatform) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	switch r.Method + " " + r.URL.Path {
	case "GET /api/v1/users/me":
		_, _ = fmt.Fprintf(w, `{"id":%d}`, max(p.self, 1))
	case "GET /api/v1/users":
		_, _ = io.WriteString(w, "["+p.user+"]")
	case "GET /api/v1/users/7":
		if p.user == "" {
			w.WriteHeader(http.StatusNotFound)
			_, _ = io.WriteString(w, springError(http.StatusNotFound, "no such user"))
			return
		}
		_, _ = io.WriteString(w, p.user)
	case "PUT /api/v1/users/7":
		body, _ := io.ReadAll(r.Body)
		p.written = append(p.written, string(body))
		status := http.StatusOK
		if p.afterWrite != nil {
			status, p.user = p.afterWrite(string(body))
		} else {
			p.user = replacedUser(string(body))
		}
		w.WriteHeader(status)
		if status >= http.StatusBadRequest {
			_, _ = io.WriteString(w, springError(status, "organization 3 does not exist"))
			return
		}
		_, _ = io.WriteString(w, p.user)
	case "GET /api/v1/organizations":
		_, _ = io.WriteString(w, p.organizations)
	case "GET /api/v1/organizations/3":
		w.WriteHeader(http.StatusNotFound)
		_, _ = io.WriteString(w, springError(http.StatusNotFound, "no such organization"))
	default:
		w.WriteHeader(http.StatusTeapot)
	}
}

// replacedUser is user 7 after a write that replaces everything.
func replacedUser(body string) string {
	var request map[string]any
	decoder := json.NewDecoder(strings.NewReader(body))
	decoder.UseNumber()
	if err := decoder.Decode(&request); err != nil {
		return err.Error()
	}
	if settings, ok := request["jsonSettings"].(string); ok {
		request["settings"] = json.RawMessage(settings)
	}
	delete(request, "jsonSettings")
	request["id"] = 7
	organizations, _ := request["organizations"].([]any)
	for i, id := range organizations {
		organizations[i] = map[string]any{"id": id}
	}
	user, err := json.Marshal(request)
	if err != nil {
		return err.Error()
	}
	return string(user)
}

const (
	fullUser = `{"id":7,"email":"mei@example.com","name":"Mei","uid":"mei","avatar":"AA==","registered":true,"timeUsed":3,"lastLoginDateTime":null,` +
		`"organizations":[{"id":3,"name":"c"},{"id":1,"name":"a"}],"roles":"ROLE_USER","licenseAccepted":true,"badge":{"weight":1.10},"nothing":null,` +
		`"settings":{"notifications": true,"favoriteProjects":[9007199254740993],"theme":"dark"}}`
	fullRequest = `{"badge":{"weight":1.10},"jsonSettings":"{\"notifications\":true,\"favoriteProjects\":[9007199254740993],\"theme\":\"dark\"}",` +
		`"licenseAccepted":true,"organizations":[1,3%s],"roles":"ROLE_USER"}`
)

func TestAddMemberSendsEverythingBack(t *testing.T) {
	t.Parallel()
	p := &userPlatform{user: fullUser}
	server := newPlatform(t, p.ServeHTTP)
	client := server.client(t)
	for range 2 { // The second time changes nothing.
		user, err := client.AddMember(background(t), 5, 7)
		if err != nil || !user.IsMember(5) || !user.IsMember(1) || !user.IsMember(3) {
			t.Fatalf("got %+v, %v", user, err)
		}
	}
	if diff := cmp.Diff([]string{fmt.Sprintf(fullRequest, ",5")}, p.written); diff != "" {
		t.Error(diff)
	}
	// The client that found a membership doesn't end it at first: one resource may take the place of another.
	for i, remover := range []*Client{client, server.client(t)} {
		if err := remover.RemoveMember(background(t), 5, 7); err != nil || len(p.written) != 1+i {
			t.Fatalf("got %v after %d writes", err, len(p.written))
		}
	}
	if diff := cmp.Diff([]string{fmt.Sprintf(fullRequest, "")}, p.written[1:]); diff != "" {
		t.Error(diff)
	}
}

// In a test of a module, one client may create a membership and end it.
func TestMembershipEndsWhereItBegan(t *testing.T) {
	t.Parallel()
	p := &userPlatform{user: fullUser}
	client := newPlatform(t, p.ServeHTTP).client(t)
	if _, err := client.AddMember(background(t), 5, 7); err != nil {
		t.Fatal(err)
	}
	if err := client.RemoveMember(background(t), 5, 7); err != nil || len(p.written) != 2 {
		t.Errorf("got %v after %d writes", err, len(p.written))
	}
}

// A retry after a lost response finds the change, and still compares the user with what it was before the first write.
func TestLostResponseToALossyWrite(t *testing.T) {
	t.Parallel()
	for name, after := range map[string]string{
		"with the change":    `{"id":7,"organizations":[{"id":1},{"id":3},{"id":5}]}`,
		"without the change": `{"id":7,"organizations":[{"id":1},{"id":3}]}`,
	} {
		p := &userPlatform{user: fullUser, afterWrite: func(string) (int, string) { return http.StatusBadGateway, after }}
		_, err := newPlatform(t, p.ServeHTTP).client(t).AddMember(background(t), 5, 7)
		if err == nil || !strings.Contains(err.Error(), `roles null instead of "ROLE_USER"`) || len(p.written) != 1 {
			t.Errorf("%s: got %v after %d writes", name, err, len(p.written))
		}
	}
}

// The platform may make the creator of an organization a member. A write of that user waits, so that it doesn't undo it.
func TestOwnMembershipWaitsForCreates(t *testing.T) {
	t.Parallel()
	p := &userPlatform{user: fullUser, self: 7}
	creating, created := make(chan struct{}), make(chan struct{})
	server := newPlatform(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			close(creating)
			<-created
			p.mu.Lock()
			p.user = strings.Replace(p.user, `"organizations":[`, `"organizations":[{"id":99},`, 1)
			p.mu.Unlock()
			respond(http.StatusCreated, "application/json", `{"id":99,"name":"new","settings":{}}`)(w, r)
			return
		}
		p.ServeHTTP(w, r)
	})
	client := server.client(t)
	if _, err := client.ListUsers(background(t)); err != nil {
		t.Fatal(err)
	}
	var group errgroup.Group
	group.Go(func() error {
		_, err := client.CreateOrganization(background(t), "new", nil)
		return err
	})
	<-creating
	group.Go(func() error {
		_, err := client.AddMember(background(t), 5, 7)
		return err
	})
	// A write that didn't wait would soon read the user.
	for waited := 0; waited < 50 && !server.called("/api/v1/users/7"); waited++ {
		time.Sleep(time.Millisecond)
	}
	if server.called("/api/v1/users/7") {
		t.Error("the user was read during the create")
	}
	close(created)
	if err := group.Wait(); err != nil {
		t.Fatal(err)
	}
	users, err := client.ListUsers(background(t))
	if err != nil || !users[0].IsMember(99) || !users[0].IsMember(5) {
		t.Errorf("got %+v, %v", users, err)
	}
}

func TestUsersThatCannotBeWritten(t *testing.T) {
	t.Parallel()
	for user, problem := range map[string]string{
		`{"id":7,"roles":"x"}`:                           "doesn't report the organizations of user 7",
		`{"id":7,"organizations":null}`:                  "doesn't report the organizations of user 7",
		`{"id":7,"organizations":{}}`:                    "doesn't report the organizations of user 7",
		`{"id":7,"organizations":[{"name":"a"}]}`:        "organization 1 of the user has no id",
		`{"id":7,"organizations":[],"settings":"theme"}`: "settings of user 7 are not an object",
		`{"id":8,"organizations":[]}`:                    "another user",
		``:                                               "no such user",
	} {
		p := &userPlatform{user: user}
		_, err := newPlatform(t, p.ServeHTTP).client(t).AddMember(background(t), 5, 7)
		if err == nil || !strings.Contains(err.Error(), problem) || len(p.written) > 0 {
			t.Errorf("%s: got %v and writes %v", user, err, p.written)
		}
		if IsNotFound(err) != (user == "") {
			t.Errorf("%s: IsNotFound(%v)", user, err)
		}
	}
}

func TestWritesThatLoseSomething(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ after, problem string }{
		"membership": {strings.Replace(replacedUser(fmt.Sprintf(fullRequest, ",5")), `{"id":3},`, "", 1), "no membership of organization 3"},
		"change":     {replacedUser(fmt.Sprintf(fullRequest, "")), "no membership of organization 5"},
		"role":       {strings.Replace(replacedUser(fmt.Sprintf(fullRequest, ",5")), "ROLE_USER", "ROLE_ADMIN", 1), `roles "ROLE_ADMIN" instead of "ROLE_USER"`},
		"license":    {strings.Replace(replacedUser(fmt.Sprintf(fullRequest, ",5")), `"licenseAccepted":true,`, "", 1), "licenseAccepted null instead of true"},
		"setting":    {strings.Replace(replacedUser(fmt.Sprintf(fullRequest, ",5")), `dark`, `light`, 1), "another value of settings.theme"},
		"unknown":    {strings.Replace(replacedUser(fmt.Sprintf(fullRequest, ",5")), `"badge":`, `"other":`, 1), "no badge"},
		"everything": {`{"id":7}`, "no organizations"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := &userPlatform{user: fullUser, afterWrite: func(string) (int, string) { return http.StatusOK, test.after }}
			_, err := newPlatform(t, p.ServeHTTP).client(t).AddMember(background(t), 5, 7)
			if err == nil || !strings.Contains(err.Error(), test.problem) {
				t.Errorf("got %v", err)
			}
		})
	}
	p := &userPlatform{user: fullUser, afterWrite: func(string) (int, string) { return http.StatusOK, fullUser }}
	if err := newPlatform(t, p.ServeHTTP).client(t).RemoveMember(background(t), 3, 7); err == nil || !strings.Contains(err.Error(), "still a membership of organization 3") {
		t.Errorf("got %v", err)
	}
}

// An unusable response doesn't show whether the write took effect.
func TestInvalidResponseToMembership(t *testing.T) {
	t.Parallel()
	p := &userPlatform{user: fullUser}
	server := newPlatform(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPut {
			p.ServeHTTP(&discardingWriter{header: http.Header{}}, r)
			return
		}
		p.ServeHTTP(w, r)
	})
	if user, err := server.client(t).AddMember(background(t), 5, 7); err != nil || !user.IsMember(5) {
		t.Errorf("got %v, %v", user, err)
	}
}

// If the platform didn't carry out a write with an invalid response, the error is that of the write.
func TestInvalidResponseToMembershipThatWasNotWritten(t *testing.T) {
	t.Parallel()
	p := &userPlatform{user: fullUser}
	server := newPlatform(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPut {
			respond(http.StatusOK, "application/json", "nonsense")(w, r)
			return
		}
		p.ServeHTTP(w, r)
	})
	_, err := server.client(t).AddMember(background(t), 5, 7)
	if e, ok := errors.AsType[*Error](err); !ok || e.Method != http.MethodPut {
		t.Errorf("got %v", err)
	}
}

type discardingWriter struct{ header http.Header }

func (w *discardingWriter) Header() http.Header         { return w.header }
func (w *discardingWriter) Write(p []byte) (int, error) { return len(p), nil }
func (w *discardingWriter) WriteHeader(int)             {}

// A write that names an organization that was deleted meanwhile is rejected. It is written again without it.
func TestMembershipWhileAnOrganizationIsDeleted(t *testing.T) {
	t.Parallel()
	p := &userPlatform{user: fullUser, organizations: `[]`}
	p.afterWrite = func(body string) (int, string) {
		if strings.Contains(body, "3,") {
			return http.StatusBadRequest, strings.Replace(fullUser, `{"id":3,"name":"c"},`, "", 1)
		}
		return http.StatusOK, replacedUser(body)
	}
	user, err := newPlatform(t, p.ServeHTTP).client(t).AddMember(background(t), 5, 7)
	if err != nil || user.IsMember(3) || !user.IsMember(5) || len(p.written) != 2 {
		t.Errorf("got %+v, %v after writes %v", user, err, p.written)
	}
}

// A 404 for the write may mean one of the organizations, so it doesn't show that the user is gone.
func TestNotFoundForMembershipWrite(t *testing.T) {
	t.Parallel()
	p := &userPlatform{user: fullUser, afterWrite: func(string) (int, string) { return http.StatusNotFound, fullUser }}
	err := newPlatform(t, p.ServeHTTP).client(t).RemoveMember(background(t), 3, 7)
	if err == nil || IsNotFound(err) || len(p.written) != 1 {
		t.Errorf("got %v after writes %v", err, p.written)
	}
}

func TestConcurrentMemberships(t *testing.T) {
	t.Parallel()
	p := &userPlatform{user: fullUser}
	server := newPlatform(t, p.ServeHTTP)
	// Two clients are two configurations of the provider.
	clients := []*Client{server.client(t), server.client(t)}
	var group errgroup.Group
	for id := range int64(10) {
		group.Go(func() error {
			_, err := clients[id%2].AddMember(background(t), 100+id, 7)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		t.Fatal(err)
	}
	user, err := clients[0].GetUser(background(t), 7)
	if err != nil || len(user.Organizations) != 12 {
		t.Errorf("got %+v, %v", user, err)
	}
	if got := server.count(http.MethodPut); got != 10 {
		t.Errorf("%d writes", got)
	}
}

func TestMembership(t *testing.T) {
	t.Parallel()
	const (
		member    = `{"id":7,"organizations":[{"id":5}]}`
		forbidden = http.StatusForbidden
	)
	ok := func(body string) response { return response{http.StatusOK, body} }
	status := func(code int) response { return response{code, springError(code, "no")} }
	for name, test := range map[string]struct {
		responses map[string]response
		want      bool
		failure   int
	}{
		"in the list":                      {map[string]response{"/users": ok("[" + member + "]")}, true, 0},
		"not in the list of the user":      {map[string]response{"/users": ok(`[{"id":7,"organizations":[]}]`)}, false, 0},
		"list lacks the user":              {map[string]response{"/users": ok(`[]`), "/organizations/5/members": ok("[" + member + "]")}, true, 0},
		"user is gone":                     {map[string]response{"/users": ok(`[]`), "/organizations/5/members": ok(`[]`)}, false, 0},
		"list lacks organizations":         {map[string]response{"/users": ok(`[{"id":7}]`), "/organizations/5/members": ok(`[{"id":7}]`)}, true, 0},
		"organizations lack ids":           {map[string]response{"/users": ok(`[{"id":7,"organizations":[{"name":"a"}]}]`), "/organizations/5/members": ok(`[{"id":7}]`)}, true, 0},
		"list is forbidden":                {map[string]response{"/users": status(forbidden), "/organizations/5/members": ok(`[{"id":8}]`)}, false, 0},
		"members are forbidden":            {map[string]response{"/users": status(forbidden), "/users/7": ok(member), "/organizations/5/members": status(forbidden)}, true, 0},
		"only the user, who is gone":       {map[string]response{"/users": status(forbidden), "/users/7": status(404), "/organizations/5/members": status(forbidden)}, false, 0},
		"members are null":                 {map[string]response{"/users": ok(`[{"id":7}]`), "/organizations/5/members": ok(`null`)}, false, -1},
		"everything is forbidden":          {map[string]response{"/users": status(forbidden), "/users/7": status(forbidden), "/organizations/5/members": status(forbidden)}, false, forbidden},
		"organization is gone":             {map[string]response{"/users": ok(`[]`), "/organizations/5/members": status(404), "/organizations": ok(`[]`)}, false, 0},
		"organization isn't gone":          {map[string]response{"/users": ok(`[]`), "/organizations/5/members": status(404), "/organizations": ok(`[{"id":5,"name":"a","settings":{}}]`)}, false, 404},
		"a 404 for the list shows nothing": {map[string]response{"/users": status(404)}, false, 404},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := newPlatform(t, func(w http.ResponseWriter, r *http.Request) {
				r.URL.Path = strings.TrimPrefix(r.URL.Path, "/api/v1")
				response := test.responses[r.URL.Path]
				respond(max(response.status, http.StatusOK), "application/json", response.body)(w, r)
			})
			client := server.client(t)
			for range 2 {
				user, err := client.Membership(background(t), 5, 7)
				if (err != nil) != (test.failure != 0) || (user != nil) != test.want {
					t.Errorf("got %v, %v", user, err)
				}
			}
			if test.failure == 0 && test.responses["/users/7"].status == 0 && test.responses["/organizations"].status == 0 && server.count(http.MethodGet) > len(test.responses) {
				t.Errorf("%d calls", server.count(http.MethodGet))
			}
		})
	}
}

type response struct {
	status int
	body   string
}

// An invitation is never sent twice, even if the platform can't have carried it out.
func TestInviteIsSentOnce(t *testing.T) {
	t.Parallel()
	for _, status := range []int{http.StatusTooManyRequests, http.StatusServiceUnavailable, http.StatusBadGateway} {
		server := newPlatform(t, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Retry-After", "0")
			respond(status, "text/plain", "later")(w, r)
		})
		if err := server.client(t).Invite(background(t), "a@example.com", "A"); err == nil || server.count(http.MethodPost) != 1 {
			t.Errorf("%d: got %v after %d calls", status, err, server.count(http.MethodPost))
		}
	}
}
