package faults

import (
	"net/http"
	"slices"
	"time"

	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

// fault is a way in which a call fails.
type fault struct {
	name string
	// injected is the fault to inject, and disruption a failure outside the platform's responses, or what injected lacks.
	injected   sandbox.Fault
	disruption disruption
	// retried are the kinds of calls that the provider retries after the fault.
	retried []kind
	// recovered means that the provider looks up and finds what a create created.
	recovered bool
}

type disruption int

const (
	// refuse makes the platform stop listening.
	refuse disruption = iota + 1
	// redirect redirects to another host.
	redirect
	// askForDate asks to try again at a date.
	askForDate
)

// requestTimeout is the provider's request_timeout with slow faults, and slowDelay is longer than any run.
const (
	requestTimeout = "1s"
	slowDelay      = time.Hour
)

// retryDate is the delay until the date in a Retry-After header.
const retryDate = 3 * time.Second

var (
	everyKind  = []kind{reads, writes, creates}
	idempotent = []kind{reads, writes}
	readsOnly  = []kind{reads}
)

func status(code int) sandbox.Fault {
	return sandbox.Fault{Kind: sandbox.FaultStatus, Status: code}
}

// notFound is a 404 of something between the provider and the platform.
func notFound(contentType, body string) sandbox.Fault {
	return sandbox.Fault{Kind: sandbox.FaultStatus, Status: http.StatusNotFound, ContentType: contentType, Body: body}
}

// faults returns the rows of the matrix.
func faults() []fault {
	return []fault{
		{name: "429", injected: status(http.StatusTooManyRequests), retried: everyKind},
		{name: "429, Retry-After in seconds", injected: sandbox.Fault{Kind: sandbox.FaultStatus, Status: 429, RetryAfter: "1"}, retried: everyKind},
		{name: "429, Retry-After as a date", injected: status(http.StatusTooManyRequests), disruption: askForDate, retried: everyKind},
		{name: "500", injected: status(http.StatusInternalServerError), retried: readsOnly},
		{name: "502", injected: status(http.StatusBadGateway), retried: idempotent},
		{name: "502 after processing", injected: sandbox.Fault{Kind: sandbox.FaultStatus, Status: 502, AfterWork: true}, retried: idempotent, recovered: true},
		{name: "503", injected: status(http.StatusServiceUnavailable), retried: everyKind},
		{name: "503, Retry-After in seconds", injected: sandbox.Fault{Kind: sandbox.FaultStatus, Status: 503, RetryAfter: "1"}, retried: everyKind},
		{name: "503 after processing", injected: sandbox.Fault{Kind: sandbox.FaultStatus, Status: 503, AfterWork: true}, retried: idempotent, recovered: true},
		{name: "504", injected: status(http.StatusGatewayTimeout), retried: idempotent},
		{name: "520 after processing", injected: sandbox.Fault{Kind: sandbox.FaultStatus, Status: 520, ContentType: "text/plain", Body: "error code: 520", AfterWork: true}, retried: idempotent, recovered: true},
		{name: "404", injected: status(http.StatusNotFound)},
		{name: "404 as text", injected: notFound("text/plain", "404 page not found")},
		{name: "404 of a gateway", injected: notFound("application/json", `{"message":"no Route matched with those values"}`)},
		{name: "no settings", injected: sandbox.Fault{Kind: sandbox.FaultMissingSettings}},
		{name: "HTML with 200", injected: sandbox.Fault{Kind: sandbox.FaultHTML}},
		{name: "HTML with 502", injected: sandbox.Fault{Kind: sandbox.FaultHTML, Status: 502}, retried: idempotent},
		{name: "connection refused", disruption: refuse, retried: everyKind},
		{name: "dropped before the work", injected: sandbox.Fault{Kind: sandbox.FaultDropBefore}, retried: idempotent},
		{name: "dropped after processing", injected: sandbox.Fault{Kind: sandbox.FaultDropAfter}, retried: idempotent, recovered: true},
		{name: "garbage JSON", injected: sandbox.Fault{Kind: sandbox.FaultGarbage}},
		{name: "garbage JSON after processing", injected: sandbox.Fault{Kind: sandbox.FaultGarbage, AfterWork: true}, recovered: true},
		{name: "truncated body", injected: sandbox.Fault{Kind: sandbox.FaultCutOff}, retried: idempotent, recovered: true},
		{name: "empty body", injected: sandbox.Fault{Kind: sandbox.FaultEmpty}},
		{name: "slow past the timeout", injected: sandbox.Fault{Kind: sandbox.FaultSlow, Delay: slowDelay}, retried: idempotent},
		{name: "slow after processing", injected: sandbox.Fault{Kind: sandbox.FaultSlow, Delay: slowDelay, AfterWork: true}, retried: idempotent, recovered: true},
		{name: "401 mid-run", injected: status(http.StatusUnauthorized), retried: everyKind},
		{name: "403", injected: status(http.StatusForbidden)},
		{name: "redirect to another host", injected: sandbox.Fault{Kind: sandbox.FaultRedirect}, disruption: redirect},
	}
}

// appliesTo reports whether a fault is an error for an operation. An empty response may be valid.
func (f fault) appliesTo(op operation) bool {
	switch f.name {
	case "empty body":
		return !op.emptyResponse
	case "no settings":
		return op.name == "read" || op.name == "list"
	}
	return true
}

// mustConverge reports whether a run must succeed at once if the fault happens once. A login with status 401 means a
// wrong API key.
func (f fault) mustConverge(op operation) bool {
	if f.name == "401 mid-run" && op.call == login {
		return false
	}
	return slices.Contains(f.retried, op.kind) || f.recovered && op.kind == creates
}
