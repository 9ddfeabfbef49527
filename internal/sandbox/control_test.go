package sandbox_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

func TestControlIndex(t *testing.T) {
	t.Parallel()
	b := newSandboxTest(t, sandbox.Config{})
	b.token = ""
	for _, path := range []string{"/_sandbox", "/_sandbox/"} {
		got := string(b.send("GET", path, nil).want(http.StatusOK).body)
		for _, said := range []string{"/_sandbox/faults", "/_sandbox/openapi.yaml", sandbox.AdminKey, "drop_after"} {
			if !strings.Contains(got, said) {
				t.Errorf("%s doesn't say %s:\n%s", path, said, got)
			}
		}
	}
	if got := b.send("GET", "/_sandbox/nothing", nil).status; got != http.StatusNotFound {
		t.Errorf("status is %d", got)
	}
}

func TestControlFaults(t *testing.T) {
	t.Parallel()
	b := newSandboxTest(t, sandbox.Config{})
	full := `{"operation":"login","kind":"slow","status":503,"retry_after":"1","location":"/x","body":"b",` +
		`"content_type":"text/plain","times":2,"every":3,"rate":0.5,"after_work":true,"delay":"1.5s"}`
	b.send("POST", "/_sandbox/faults", full).want(http.StatusCreated)
	want := []sandbox.Fault{{
		Operation: "login", Kind: "slow", Status: 503, RetryAfter: "1", Delay: 1500 * time.Millisecond, Location: "/x",
		Body: "b", ContentType: "text/plain", Times: 2, Every: 3, Rate: 0.5, AfterWork: true,
	}}
	if diff := cmp.Diff(want, b.Faults()); diff != "" {
		t.Error(diff)
	}
	shown := b.send("GET", "/_sandbox/faults", nil).want(http.StatusOK)
	if got := string(shown.body); got != "["+full+"]" {
		t.Errorf("shown is %s", got)
	}
	b.send("DELETE", "/_sandbox/faults", nil).want(http.StatusNoContent)
	if got := b.send("GET", "/_sandbox/faults", nil).want(http.StatusOK); string(got.body) != "[]" {
		t.Errorf("shown is %s", got.body)
	}
	b.send("POST", "/_sandbox/faults", `{"kind":"status","status":418}`).want(http.StatusCreated)
	b.send("GET", organizationsURL, nil).want(http.StatusTeapot)
}

func TestControlNamesInvalidFaultField(t *testing.T) {
	t.Parallel()
	b := newSandboxTest(t, sandbox.Config{})
	for body, field := range map[string]string{
		`{"kind":"nonsense"}`:                           "kind",
		`{}`:                                            "kind",
		`{"kind":1}`:                                    "kind",
		`{"kind":"empty","operation":"add"}`:            "operation",
		`{"kind":"status"}`:                             "status",
		`{"kind":"status","status":99}`:                 "status",
		`{"kind":"html","status":600}`:                  "status",
		`{"kind":"status","status":"503"}`:              "status",
		`{"kind":"slow"}`:                               "delay",
		`{"kind":"slow","delay":"-1s"}`:                 "delay",
		`{"kind":"slow","delay":"soon"}`:                "delay",
		`{"kind":"slow","delay":5}`:                     "delay",
		`{"kind":"redirect"}`:                           "location",
		`{"kind":"empty","times":-2}`:                   "times",
		`{"kind":"empty","every":-1}`:                   "every",
		`{"kind":"empty","rate":1.5}`:                   "rate",
		`{"kind":"empty","retryAfter":"1"}`:             "retryAfter",
		`{"kind":"empty","after_work":"yes","times":1}`: "after_work",
		`{"kind"`: "fault",
	} {
		got := b.send("POST", "/_sandbox/faults", body).want(http.StatusBadRequest)
		if message := got.field("message"); !strings.Contains(message, field) {
			t.Errorf("%s: the message is %q, want %s to be named", body, message, field)
		}
	}
	if got := b.Faults(); len(got) != 0 {
		t.Errorf("faults are %v", got)
	}
}

func TestControlRevokesTokens(t *testing.T) {
	t.Parallel()
	b := newSandboxTest(t, sandbox.Config{})
	b.send("POST", "/_sandbox/revoke-tokens", nil).want(http.StatusNoContent)
	b.send("GET", organizationsURL, nil).want(http.StatusUnauthorized)
}

func TestControlOpenAPI(t *testing.T) {
	t.Parallel()
	b := newSandboxTest(t, sandbox.Config{})
	if got := b.send("GET", "/_sandbox/openapi.yaml", nil).want(http.StatusOK); !bytes.Equal(got.body, sandbox.OpenAPI) {
		t.Error("it is another document")
	}
}

func TestRequestLog(t *testing.T) {
	t.Parallel()
	b := newSandboxTest(t, sandbox.Config{})
	org := b.AddOrganization(sandbox.Organization{Name: "Cars"})
	b.send("POST", loginURL, credentials(sandbox.UserKeyID, sandbox.UserKey)).want(http.StatusOK)
	b.send("POST", uploadURL(org.ID)+"&datasetId=5", csv(t, "a", "secret content")).want(http.StatusCreated)
	b.send("GET", "/api/v1/unknown", nil).want(http.StatusNotFound)
	b.token = "secret token"
	b.send("DELETE", organizationURL(org.ID, ""), nil).want(http.StatusUnauthorized)
	b.send("GET", "/_sandbox", nil).want(http.StatusOK)
	b.waitUntil(func() bool { r := b.Requests(); return r[len(r)-1].Duration > 0 })

	got := b.Requests()
	if len(got) != 4 || b.Count() != 4 {
		t.Fatalf("the log is %+v", got)
	}
	type brief struct {
		Operation, Method, Path, User string
		Status                        int
	}
	want := []brief{
		{"login", "POST", loginURL, sandbox.UserUID, 200},
		{"upload_organization_file", "POST", organizationURL(org.ID, "/file"), sandbox.AdminUID, 201},
		{"", "GET", "/api/v1/unknown", sandbox.AdminUID, 404},
		{"delete_organization", "DELETE", organizationURL(org.ID, ""), "", 401},
	}
	for i, r := range got {
		if diff := cmp.Diff(want[i], brief{r.Operation, r.Method, r.Path, r.User, r.Status}); diff != "" {
			t.Error(diff)
		}
	}
	if upload := got[1]; upload.Query.Get("datasetId") != "5" {
		t.Errorf("the upload is %+v", upload)
	}
	if b.Count("login", "delete_organization") != 2 || b.Count("get_organization") != 0 {
		t.Error("the count is wrong")
	}
	if everything := fmt.Sprintf("%+v", got); strings.Contains(everything, "secret") || strings.Contains(everything, sandbox.UserKey) {
		t.Errorf("the log holds a secret or a body: %s", everything)
	}
}

func TestControlShowsAndClearsLog(t *testing.T) {
	t.Parallel()
	b := newSandboxTest(t, sandbox.Config{})
	b.send("POST", loginURL, credentials(sandbox.UserKeyID, sandbox.UserKey)).want(http.StatusOK)
	b.send("GET", "/_sandbox/requests", nil).want(http.StatusOK)
	b.wantLoggedRequests(1)
	b.send("DELETE", "/_sandbox/requests", nil).want(http.StatusNoContent)
	b.wantLoggedRequests(0)
	if b.Count() != 0 {
		t.Error("the log was not cleared")
	}
}

func (b *sandboxTest) wantLoggedRequests(want int) {
	b.t.Helper()
	var shown []map[string]any
	b.send("GET", "/_sandbox/requests", nil).want(http.StatusOK).decode(&shown)
	if len(shown) != want {
		b.t.Fatalf("%d requests are shown, want %d", len(shown), want)
	}
	if want > 0 && (shown[0]["operation"] != "login" || shown[0]["status"] != json.Number("200") || shown[0]["user_agent"] == "") {
		b.t.Errorf("shown is %v", shown[0])
	}
}

func TestLogShowsRequestWithoutResponse(t *testing.T) {
	t.Parallel()
	b := newSandboxTest(t, sandbox.Config{})
	b.Inject(sandbox.Fault{Kind: sandbox.FaultSlow, Delay: time.Hour})
	go func() {
		b.waitUntil(func() bool { return b.Count("get_organizations") == 1 })
		if got := b.Requests()[0]; got.Status != 0 || got.Duration != 0 {
			t.Errorf("the request is %+v", got)
		}
		_ = b.Close()
	}()
	if _, err := b.try(t.Context(), "GET", organizationsURL, nil); err == nil {
		t.Error("there was a response")
	}
}
