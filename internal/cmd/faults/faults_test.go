package faults

import (
	"net/http"
	"slices"
	"time"

	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

// fault is one way in which a call goes wrong.
type fault struct {
	// name is how the matrix names it.
	name string
	// make makes the fault to inject; nil where how says what to do instead.
	make func() sandbox.Fault
	how  means
	// retried are the kinds of calls that are repeated after it.
	retried []kind
	// found says that a create is looked for after it, and there.
	found bool
}

// means are what goes wrong around the platform and not in its response.
type means int

const (
	// refuse has nothing listen where the platform was.
	refuse means = iota + 1
	// revoke makes every token invalid.
	revoke
	// redirect sends the caller to another host.
	redirect
)

// timeout is the provider's request_timeout where the platform is slow, and silence how
// slow it is: for longer than any run waits.
const (
	timeout = "1s"
	silence = time.Hour
)

// retryDate is how far away the date in a Retry-After is.
const retryDate = 3 * time.Second

var (
	everyKind  = []kind{reads, writes, creates}
	idempotent = []kind{reads, writes}
	readsOnly  = []kind{reads}
)

func status(code int) func() sandbox.Fault {
	return func() sandbox.Fault { return sandbox.Fault{Kind: sandbox.FaultStatus, Status: code} }
}

func always(fault sandbox.Fault) func() sandbox.Fault {
	return func() sandbox.Fault { return fault }
}

func comeBackAtDate() sandbox.Fault {
	at := time.Now().Add(retryDate).UTC().Format(http.TimeFormat)
	return sandbox.Fault{Kind: sandbox.FaultStatus, Status: http.StatusTooManyRequests, RetryAfter: at}
}

// faults returns the columns of the matrix.
func faults() []fault {
	return []fault{
		{name: "429", make: status(http.StatusTooManyRequests), retried: everyKind},
		{name: "429, Retry-After in seconds", make: always(sandbox.Fault{Kind: sandbox.FaultStatus, Status: 429, RetryAfter: "1"}), retried: everyKind},
		{name: "429, Retry-After as a date", make: comeBackAtDate, retried: everyKind},
		{name: "500", make: status(http.StatusInternalServerError), retried: readsOnly},
		{name: "502", make: status(http.StatusBadGateway), retried: idempotent},
		{name: "502 after processing", make: always(sandbox.Fault{Kind: sandbox.FaultStatus, Status: 502, AfterWork: true}), retried: idempotent, found: true},
		{name: "503", make: status(http.StatusServiceUnavailable), retried: everyKind},
		{name: "504", make: status(http.StatusGatewayTimeout), retried: idempotent},
		{name: "HTML with 200", make: always(sandbox.Fault{Kind: sandbox.FaultHTML})},
		{name: "HTML with 502", make: always(sandbox.Fault{Kind: sandbox.FaultHTML, Status: 502}), retried: idempotent},
		{name: "connection refused", how: refuse, retried: everyKind},
		{name: "dropped before the work", make: always(sandbox.Fault{Kind: sandbox.FaultDropBefore}), retried: idempotent},
		{name: "dropped after processing", make: always(sandbox.Fault{Kind: sandbox.FaultDropAfter}), retried: idempotent, found: true},
		{name: "garbage JSON", make: always(sandbox.Fault{Kind: sandbox.FaultGarbage})},
		{name: "garbage JSON after processing", make: always(sandbox.Fault{Kind: sandbox.FaultGarbage, AfterWork: true}), found: true},
		{name: "truncated body", make: always(sandbox.Fault{Kind: sandbox.FaultCutOff}), retried: idempotent, found: true},
		{name: "empty body", make: always(sandbox.Fault{Kind: sandbox.FaultEmpty})},
		{name: "slow past the timeout", make: always(sandbox.Fault{Kind: sandbox.FaultSlow, Delay: silence}), retried: idempotent},
		{name: "slow after processing", make: always(sandbox.Fault{Kind: sandbox.FaultSlow, Delay: silence, AfterWork: true}), retried: idempotent, found: true},
		{name: "401 mid-run", make: status(http.StatusUnauthorized), retried: everyKind},
		{name: "token rejected mid-run", how: revoke, retried: everyKind},
		{name: "403", make: status(http.StatusForbidden)},
		{name: "redirect to another host", how: redirect},
	}
}

// makesSense says whether a fault is one for an operation: an empty response that the
// contract wants, or revoking a token that nobody has yet, is nothing wrong.
func (f fault) makesSense(op operation) bool {
	switch {
	case f.name == "empty body":
		return !op.emptyResponse
	case f.how == revoke:
		return op.call != login
	}
	return true
}

// mustPass says whether a run must get over the fault by itself where it happens
// once. A login whose response is 401 is one with a wrong key.
func (f fault) mustPass(op operation) bool {
	if f.name == "401 mid-run" && op.call == login {
		return false
	}
	return slices.Contains(f.retried, op.kind) || f.found && op.kind == creates
}
