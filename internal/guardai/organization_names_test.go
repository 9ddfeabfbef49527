package guardai

import (
	"net/http"
	"slices"
	"sync/atomic"
	"testing"
)

// The names are those of the run's first list: creates after it cost no further list and don't count, and a failure is
// not remembered.
func TestOrganizationsNamed(t *testing.T) {
	t.Parallel()
	var lists atomic.Int64
	p := newPlatform(t, func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Method == http.MethodPost:
			respond(http.StatusOK, "application/json", `{"id":10,"name":"new","settings":{}}`)(w, r)
		case lists.Add(1) == 1:
			respond(http.StatusBadRequest, "application/json", `{}`)(w, r)
		default:
			respond(http.StatusOK, "application/json", `[{"id":7,"name":"x"},{"id":9,"name":"x"},{"id":3,"name":"x"},{"id":4,"name":"Fu\u0308hrung"}]`)(w, r)
		}
	})
	client := p.client(t)
	if _, err := client.OrganizationsNamed(background(t), "x"); err == nil {
		t.Error("no error while the list fails")
	}
	for name, want := range map[string][]int64{"x": {3, 7, 9}, "F\u00fchrung": {4}, "X": {}} {
		if got, err := client.OrganizationsNamed(background(t), name); err != nil || !slices.Equal(got, want) {
			t.Errorf("%s: got %v, %v; want %v", name, got, err, want)
		}
	}
	if _, err := client.CreateOrganization(background(t), "new", nil); err != nil {
		t.Fatal(err)
	}
	if got, err := client.OrganizationsNamed(background(t), "new"); err != nil || len(got) != 0 {
		t.Errorf("after the create: got %v, %v", got, err)
	}
	if lists.Load() != 2 {
		t.Errorf("got %d lists, want 2", lists.Load())
	}
}

// A caller that may not list is told so without another request.
func TestOrganizationsNamedForbidden(t *testing.T) {
	t.Parallel()
	p := newPlatform(t, respond(http.StatusForbidden, "application/json",
		`{"timestamp":"2022-03-01T12:00:00Z","status":403,"error":"Forbidden","message":"no","path":"/"}`))
	client := p.client(t)
	for range 2 {
		if _, err := client.OrganizationsNamed(background(t), "x"); !IsForbidden(err) {
			t.Errorf("got %v", err)
		}
	}
	if got := p.count(http.MethodGet); got != 1 {
		t.Errorf("got %d lists, want 1", got)
	}
}

// An organization that this run created before the first list doesn't count.
func TestOrganizationsNamedOmitsOwn(t *testing.T) {
	t.Parallel()
	p := newPlatform(t, func(w http.ResponseWriter, r *http.Request) {
		body := `{"id":9,"name":"x","settings":{}}`
		if r.Method == http.MethodGet {
			body = `[{"id":7,"name":"x"},` + body + `]`
		}
		respond(http.StatusOK, "application/json", body)(w, r)
	})
	client := p.client(t)
	if _, err := client.CreateOrganization(background(t), "x", nil); err != nil {
		t.Fatal(err)
	}
	if got, err := client.OrganizationsNamed(background(t), "x"); err != nil || !slices.Equal(got, []int64{7}) {
		t.Errorf("got %v, %v", got, err)
	}
}
