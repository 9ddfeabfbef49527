package sandbox_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

const addBody = `{"name":"Cars"}`

// inject injects a fault into add_organization and calls that operation.
func inject(t *testing.T, f sandbox.Fault) (*sandboxTest, *result, error) {
	t.Helper()
	b := newSandboxTest(t, sandbox.Config{})
	f.Operation = "add_organization"
	b.Inject(f)
	got, err := b.try(context.Background(), "POST", organizationsURL, addBody)
	return b, got, err
}

func TestFaultResponses(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		fault       sandbox.Fault
		status      int
		contentType string
		body        string
	}{
		"html":             {sandbox.Fault{Kind: sandbox.FaultHTML}, 200, "text/html;charset=UTF-8", "<!DOCTYPE html>"},
		"html with status": {sandbox.Fault{Kind: sandbox.FaultHTML, Status: 502, Body: "<p>"}, 502, "text/html;charset=UTF-8", "<p>"},
		"garbage":          {sandbox.Fault{Kind: sandbox.FaultGarbage}, 200, "application/json", `{"id": 1, "name": <oops>`},
		"body":             {sandbox.Fault{Kind: sandbox.FaultGarbage, Body: "[1"}, 200, "application/json", "[1"},
		"empty":            {sandbox.Fault{Kind: sandbox.FaultEmpty}, 200, "", ""},
		"empty 404":        {sandbox.Fault{Kind: sandbox.FaultEmpty, Status: 404}, 404, "", ""},
		"text 404": {
			sandbox.Fault{Kind: sandbox.FaultStatus, Status: 404, ContentType: "text/plain", Body: "404 page not found"},
			404, "text/plain", "404 page not found",
		},
		"XML":              {sandbox.Fault{Kind: sandbox.FaultStatus, Status: 404, ContentType: "application/xml", Body: "<Map/>"}, 404, "application/xml", "<Map/>"},
		"gateway":          {sandbox.Fault{Kind: sandbox.FaultStatus, Status: 524, Body: `{"message":"timeout"}`}, 524, "application/json", `{"message":"timeout"}`},
		"broken error":     {sandbox.Fault{Kind: sandbox.FaultGarbage, Status: 404}, 404, "application/json", `{"id": 1`},
		"redirect":         {sandbox.Fault{Kind: sandbox.FaultRedirect, Location: "http://127.0.0.1:1/x"}, 302, "", ""},
		"status with body": {sandbox.Fault{Kind: sandbox.FaultStatus, Status: 503, Body: "{}"}, 503, "application/json", "{}"},
	}
	for name, test := range tests {
		for _, afterWork := range []bool{false, true} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				fault := test.fault
				fault.AfterWork = afterWork
				b, got, err := inject(t, fault)
				if err != nil {
					t.Fatal(err)
				}
				if got.status != test.status || got.header.Get("Content-Type") != test.contentType ||
					!strings.HasPrefix(string(got.body), test.body) || test.body == "" && len(got.body) != 0 {
					t.Errorf("got %d %v %s", got.status, got.header, got.body)
				}
				if location := got.header.Get("Location"); location != test.fault.Location {
					t.Errorf("Location is %q", location)
				}
				b.wantOrganizations(map[bool]int{false: 0, true: 1}[afterWork])
			})
		}
	}
}

func (b *sandboxTest) wantOrganizations(want int) {
	b.t.Helper()
	if got := len(b.Organizations()); got != want {
		b.t.Errorf("there are %d organizations, want %d", got, want)
	}
}

func TestFaultDropConnection(t *testing.T) {
	t.Parallel()
	b, _, err := inject(t, sandbox.Fault{Kind: sandbox.FaultDropBefore})
	if err == nil {
		t.Error("drop_before gave a response")
	}
	b.wantOrganizations(0)
	b, _, err = inject(t, sandbox.Fault{Kind: sandbox.FaultDropAfter})
	if err == nil {
		t.Error("drop_after gave a response")
	}
	b.wantOrganizations(1)
	want := sandbox.Request{
		Operation: "add_organization", Method: "POST", Path: organizationsURL, User: sandbox.AdminUID,
		Fault: sandbox.FaultDropAfter, UserAgent: "Go-http-client/1.1",
	}
	b.waitUntil(func() bool { return b.Requests()[0].Duration > 0 })
	got := b.Requests()[0]
	got.Time, got.Duration, got.Query = time.Time{}, 0, nil
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestFaultCutOff(t *testing.T) {
	t.Parallel()
	b, got, err := inject(t, sandbox.Fault{Kind: sandbox.FaultCutOff})
	if !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Fatalf("reading the response ended with %v", err)
	}
	b.wantOrganizations(1)
	whole := b.send("GET", organizationURL(1, ""), nil).want(http.StatusOK)
	if !bytes.HasPrefix(whole.body, got.body) || len(got.body) != len(whole.body)/2 ||
		got.header.Get("Content-Length") != whole.header.Get("Content-Length") || got.status != http.StatusCreated {
		t.Errorf("got %d %v %q", got.status, got.header, got.body)
	}
	b.Inject(sandbox.Fault{Kind: sandbox.FaultCutOff})
	if _, err := b.try(context.Background(), "DELETE", organizationURL(1, ""), nil); err == nil {
		t.Error("a response without a body was given whole")
	}
	b.wantOrganizations(0)
}

func TestFaultMissingID(t *testing.T) {
	t.Parallel()
	b, got, err := inject(t, sandbox.Fault{Kind: sandbox.FaultMissingID})
	if err != nil {
		t.Fatal(err)
	}
	if object := got.want(http.StatusCreated).object(); object["id"] != nil || object["name"] != "Cars" {
		t.Errorf("got %s", got.body)
	}
	b.wantOrganizations(1)
	b.Inject(sandbox.Fault{Kind: sandbox.FaultMissingID, Times: 3})
	var list []map[string]any
	b.send("GET", organizationsURL, nil).want(http.StatusOK).decode(&list)
	if id := list[0]["id"]; id != nil || list[0]["name"] != "Cars" {
		t.Errorf("the list is %v", list)
	}
	if ref := b.send("POST", uploadURL(1), csv(t, "a", "a")).want(http.StatusCreated).text(); ref != "" {
		t.Errorf("the ref is %q", ref)
	}
	b.send("DELETE", organizationURL(1, ""), nil).want(http.StatusNoContent)
}

func TestFaultSlowEndsWhenClientDisconnects(t *testing.T) {
	t.Parallel()
	for _, afterWork := range []bool{false, true} {
		b := newSandboxTest(t, sandbox.Config{})
		b.Inject(sandbox.Fault{Kind: sandbox.FaultSlow, Delay: time.Hour, AfterWork: afterWork})
		ctx, cancel := context.WithCancel(context.Background())
		go func() {
			b.waitUntil(func() bool { return b.Count() == 1 && (!afterWork || len(b.Organizations()) == 1) })
			cancel()
		}()
		if _, err := b.try(ctx, "POST", organizationsURL, addBody); err == nil {
			t.Error("there was a response")
		}
		b.waitUntil(func() bool { return b.Requests()[0].Duration > 0 })
		b.wantOrganizations(map[bool]int{false: 0, true: 1}[afterWork])
		if got := b.Requests()[0].Status; got != 0 {
			t.Errorf("status is %d", got)
		}
	}
}

// pattern makes n calls and returns "." for each success and "x" for each fault.
func (b *sandboxTest) pattern(n int) string {
	b.t.Helper()
	pattern := ""
	for range n {
		if b.send("GET", organizationsURL, nil).status == http.StatusOK {
			pattern += "."
		} else {
			pattern += "x"
		}
	}
	return pattern
}

func TestFaultSchedule(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		faults []sandbox.Fault
		want   string
	}{
		"once":               {[]sandbox.Fault{{}}, "x....."},
		"twice":              {[]sandbox.Fault{{Times: 2}}, "xx...."},
		"always":             {[]sandbox.Fault{{Times: -1}}, "xxxxxx"},
		"every other":        {[]sandbox.Fault{{Every: 2, Times: -1}}, ".x.x.x"},
		"every other, twice": {[]sandbox.Fault{{Every: 2, Times: 2}}, ".x.x.."},
		"this operation":     {[]sandbox.Fault{{Operation: "get_organizations"}}, "x....."},
		"another operation":  {[]sandbox.Fault{{Operation: "login", Times: -1}}, "......"},
		"one after another":  {[]sandbox.Fault{{}, {Every: 2}}, "x.x..."},
		"for certain":        {[]sandbox.Fault{{Rate: 1, Times: 3}}, "xxx..."},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newSandboxTest(t, sandbox.Config{})
			for _, fault := range test.faults {
				fault.Kind, fault.Status = sandbox.FaultStatus, http.StatusServiceUnavailable
				b.Inject(fault)
			}
			if got := b.pattern(6); got != test.want {
				t.Errorf("hit %s, want %s", got, test.want)
			}
		})
	}
}
