package sandbox_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

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
	response := b.send("GET", "/_sandbox/faults", nil).want(http.StatusOK)
	if got := string(response.body); got != "["+full+"]" {
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
