package guardai

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/guardai/terraform-provider-guardai/internal/guardai/rest"
)

// A missing organization is gone only if the list doesn't contain it or, where the list is forbidden, if the 404 is the
// platform's own.
func TestGoneOnlyOnEvidence(t *testing.T) {
	t.Parallel()
	own := respond(404, "application/json", springError(404, "no organization"))
	lists := map[string]http.HandlerFunc{
		"without it":          respond(200, "application/json", `[{"id":8,"name":"y","settings":{}}]`),
		"with it":             respond(200, "application/json", `[{"id":7,"name":"x","settings":{}}]`),
		"forbidden":           respond(403, "application/json", springError(403, "no")),
		"forbidden elsewhere": respond(403, "text/html", "<title>Firewall</title>"),
		"failing":             respond(500, "text/plain", "oops"),
		"missing":             respond(404, "text/plain", "404 page not found"),
	}
	for name, test := range map[string]struct {
		response http.HandlerFunc
		// gone lists the lists that confirm that the organization is gone.
		gone string
	}{
		"own":     {own, "without it, forbidden"},
		"text":    {respond(404, "text/plain", "404 page not found"), "without it"},
		"empty":   {respond(404, "", ""), "without it"},
		"gateway": {respond(404, "application/json", `{"message":"no Route matched with those values"}`), "without it"},
		"XML":     {respond(404, "application/xml", "<error/>"), "without it"},
		"HTML":    {respond(404, "text/html", "<title>Not found</title>"), "without it"},
	} {
		for list, listed := range lists {
			p := newPlatform(t, func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == organizationsPath {
					listed(w, r)
					return
				}
				test.response(w, r)
			})
			client := p.client(t, func(cfg *Config) { cfg.MaxRetries = 0 })
			_, readErr := client.ReadOrganization(background(t), 7)
			_, updateErr := client.UpdateOrganization(background(t), 7, OrganizationChange{Name: "z"})
			want := strings.Contains(test.gone+",", list+",")
			for call, err := range map[string]error{"read": readErr, "update": updateErr, "delete": client.DeleteOrganization(background(t), 7)} {
				if err == nil || IsNotFound(err) != want {
					t.Errorf("%s, %s, list %s: got %v", call, name, list, err)
				}
			}
		}
	}
}

func TestManyMissingOrganizationsTakeOneList(t *testing.T) {
	t.Parallel()
	p := newPlatform(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == organizationsPath {
			respond(200, "application/json", `[]`)(w, r)
			return
		}
		respond(404, "application/json", springError(404, "gone"))(w, r)
	})
	client := p.client(t)
	const missing = 10
	for id := range int64(missing) {
		if _, err := client.GetOrganization(background(t), id+1); !IsNotFound(err) {
			t.Errorf("got %v", err)
		}
		if err := client.DeleteOrganization(background(t), id+1); !IsNotFound(err) {
			t.Errorf("got %v", err)
		}
	}
	if got := p.count(http.MethodGet); got != missing+1 {
		t.Errorf("got %d requests, want one list and one read for each", got)
	}
}

// Writing back an incomplete organization would wipe what the response lacks.
func TestIncompleteOrganizationIsNotWrittenBack(t *testing.T) {
	t.Parallel()
	for _, body := range []string{`{"id":7,"name":"x"}`, `{"id":7,"settings":{}}`, `{"id":7,"name":null,"settings":{}}`, `{"id":7,"name":"x","settings":null}`} {
		p := newPlatform(t, respond(200, "application/json", body))
		_, err := p.client(t).UpdateOrganization(background(t), 7, OrganizationChange{Name: "y"})
		if e, ok := errors.AsType[*Error](err); !ok || e.Kind != rest.KindInvalidResponse || p.count(http.MethodPut) != 0 {
			t.Errorf("%s: got %v after %d writes", body, err, p.count(http.MethodPut))
		}
	}
}

// The platform may not show at once what it has just created.
func TestNewOrganizationIsReadAgainWhileItIsMissing(t *testing.T) {
	t.Parallel()
	var reads atomic.Int64
	p := newPlatform(t, func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Method == http.MethodPost:
			respond(201, "application/json", `{"id":7,"name":"copy","settings":{}}`)(w, r)
		case r.URL.Path == organizationsPath:
			respond(200, "application/json", `[]`)(w, r)
		case r.Method == http.MethodGet && reads.Add(1) <= 2:
			respond(404, "application/json", springError(404, "not yet"))(w, r)
		default:
			respond(200, "application/json", `{"id":7,"name":"copy","settings":{}}`)(w, r)
		}
	})
	client := p.client(t)
	created, err := client.CopyOrganization(background(t), 3, "copy")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.ReadOrganization(background(t), created.ID); err != nil || reads.Load() != 3 {
		t.Errorf("got %v after %d reads", err, reads.Load())
	}
}

// after503 is a platform behind a proxy that responds 503 to creates.
type after503 struct {
	// created is the POST that the platform carries out, and retryAfter the header of its 503.
	created    int64
	retryAfter string
	posts      int
	lists      bool
	recovered  bool
}

func (a after503) handler() http.HandlerFunc {
	var posts atomic.Int64
	organization := fmt.Sprintf(`{"id":7,"name":"x","settings":{},"creationDateTime":%q}`, soon())
	return func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Method == http.MethodGet && posts.Load() >= a.created:
			respond(200, "application/json", "["+organization+"]")(w, r)
		case r.Method == http.MethodGet:
			respond(200, "application/json", "[]")(w, r)
		case posts.Add(1) == a.created && !a.recovered:
			respond(201, "application/json", organization)(w, r)
		default:
			if a.retryAfter != "" {
				w.Header().Set("Retry-After", a.retryAfter)
			}
			respond(503, "text/plain", "upstream connect error")(w, r)
		}
	}
}

// A proxy sends 503 for any lost response, so a create is looked up before it is sent again.
func TestCreateAfter503(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]after503{
		"done before the 503":     {created: 1, posts: 1, lists: true, recovered: true},
		"nothing done":            {created: 3, posts: 3, lists: true},
		"never done":              {created: 100, posts: 4, lists: true},
		"told when to send again": {created: 2, retryAfter: "0", posts: 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPlatform(t, test.handler())
			created, err := p.client(t).CreateOrganization(background(t), "x", nil)
			if p.count(http.MethodPost) != test.posts || p.count(http.MethodGet) > 0 != test.lists {
				t.Errorf("%d creates and %d lookups", p.count(http.MethodPost), p.count(http.MethodGet))
			}
			if test.created > int64(test.posts) {
				checkNothingCreated(t, err)
				return
			}
			if err != nil || created.ID != 7 || (created.RecoveredFrom != nil) != test.recovered {
				t.Errorf("got %+v, %v", created, err)
			}
		})
	}
}

func checkNothingCreated(t *testing.T, err error) {
	t.Helper()
	if unknown, ok := errors.AsType[*UnknownOutcomeError](err); !ok || unknown.LookupErr != nil || !strings.Contains(err.Error(), "after 4 attempts") {
		t.Errorf("got %v", err)
	}
}

// A gateway's 520 to 527 says no more than its 502. After a timeout, the platform may still be processing the create.
func TestCreateAfterAGatewaysError(t *testing.T) {
	t.Parallel()
	for status, unknown := range map[int]bool{500: false, 504: true, 520: false, 522: false, 524: true, 527: false} {
		p := newPlatform(t, func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodGet {
				respond(200, "application/json", "[]")(w, r)
				return
			}
			respond(status, "text/html", "<title>Error</title>")(w, r)
		})
		_, err := p.client(t).CreateOrganization(background(t), "x", nil)
		if e, ok := errors.AsType[*UnknownOutcomeError](err); !ok || (e.LookupErr != nil) != unknown || p.count(http.MethodGet) == 0 || p.count(http.MethodPost) != 1 {
			t.Errorf("%d: got %v after %d creates and %d lookups", status, err, p.count(http.MethodPost), p.count(http.MethodGet))
		}
	}
}

func TestByteOrderMarkIsSkipped(t *testing.T) {
	t.Parallel()
	p := newPlatform(t, respond(200, "application/json", "\uFEFF"+`{"id":7,"name":"x","settings":{}}`))
	if _, err := p.client(t).ReadOrganization(background(t), 7); err != nil {
		t.Error(err)
	}
}

// A platform may change what it is given. The result of a create is then not sure, but nothing is created twice.
func TestCreateAfter503OfAPlatformThatChangesValues(t *testing.T) {
	t.Parallel()
	for name, stored := range map[string]string{
		"setting": `{"id":7,"name":"My Org","settings":{"maxItemCount":1000},"creationDateTime":%q}`,
		"name":    `{"id":7,"name":"my org ","settings":{"maxItemCount":5000},"creationDateTime":%q}`,
	} {
		p := newPlatform(t, func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodPost {
				respond(503, "text/plain", "upstream reset")(w, r)
				return
			}
			respond(200, "application/json", "["+fmt.Sprintf(stored, soon())+"]")(w, r)
		})
		_, err := p.client(t).CreateOrganization(background(t), "My Org", &Settings{MaxItemCount: new(int64(5000))})
		if unknown, ok := errors.AsType[*UnknownOutcomeError](err); !ok || !slices.Equal(unknown.Candidates, []string{"7"}) || p.count(http.MethodPost) != 1 {
			t.Errorf("%s: got %v after %d creates", name, err, p.count(http.MethodPost))
		}
	}
}

func TestUploadAfter503OfAPlatformThatChangesValues(t *testing.T) {
	t.Parallel()
	for name, stored := range map[string]struct{ name, content string }{
		"name": {"ma\u00c3\u00bf.csv", "a\n"}, "content": {"My Map.csv", "a\r\n"}, "name and content": {"mymap.csv", "a\r\n"},
	} {
		var posts atomic.Int64
		p := newPlatform(t, func(w http.ResponseWriter, r *http.Request) {
			switch {
			case r.Method == http.MethodPost:
				posts.Add(1)
				_, _ = io.Copy(io.Discard, r.Body)
				respond(503, "text/plain", "upstream reset")(w, r)
			case strings.HasSuffix(r.URL.Path, "/file"):
				respond(200, "text/csv", stored.content)(w, r)
			case posts.Load() == 0:
				respond(200, "application/json", `{"id":7,"name":"o","settings":{}}`)(w, r)
			default:
				respond(200, "application/json", fmt.Sprintf(`{"id":7,"name":"o","settings":{"classMappingFiles":[{"ref":"r1","fileName":%q}]}}`, stored.name))(w, r)
			}
		})
		_, err := uploadText(t, p.client(t), "My Map.csv", "a\n")
		if unknown, ok := errors.AsType[*UnknownOutcomeError](err); !ok || len(unknown.Candidates) != 1 || posts.Load() != 1 {
			t.Errorf("%s: got %v after %d uploads", name, err, posts.Load())
		}
	}
}
