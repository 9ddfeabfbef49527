package matrix

import (
	"net/http"
	"slices"
	"time"

	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

// Fault is one way in which a call goes wrong.
type Fault struct {
	// Name is how the matrix names it.
	Name string
	// make makes the fault to inject; nil where how says what to do instead.
	make func() sandbox.Fault
	how  means
	// retried are the kinds of calls that are repeated after it.
	retried []kind
	// found says that a create is looked for after it, and there.
	found bool
}

// means are what goes wrong around the platform and not in its answer.
type means int

const (
	// refuse has nothing listen where the platform was.
	refuse means = iota + 1
	// revoke makes every token invalid.
	revoke
	// redirect points to another host.
	redirect
)

// timeout is the provider's request_timeout where the platform is slow, and
// silence is how slow: for longer than any test waits.
const (
	timeout = "1s"
	silence = time.Hour
)

// retryDate is when a platform asks to come back that gives a date.
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

// Faults returns the columns of the matrix.
func Faults() []Fault {
	return []Fault{
		{Name: "429", make: status(http.StatusTooManyRequests), retried: everyKind},
		{Name: "429, Retry-After in seconds", make: always(sandbox.Fault{Kind: sandbox.FaultStatus, Status: 429, RetryAfter: "1"}), retried: everyKind},
		{Name: "429, Retry-After as a date", make: comeBackAtDate, retried: everyKind},
		{Name: "500", make: status(http.StatusInternalServerError), retried: readsOnly},
		{Name: "502", make: status(http.StatusBadGateway), retried: idempotent},
		{Name: "502 after the work", make: always(sandbox.Fault{Kind: sandbox.FaultStatus, Status: 502, AfterWork: true}), retried: idempotent, found: true},
		{Name: "503", make: status(http.StatusServiceUnavailable), retried: everyKind},
		{Name: "504", make: status(http.StatusGatewayTimeout), retried: idempotent},
		{Name: "HTML with 200", make: always(sandbox.Fault{Kind: sandbox.FaultHTML})},
		{Name: "HTML with 502", make: always(sandbox.Fault{Kind: sandbox.FaultHTML, Status: 502}), retried: idempotent},
		{Name: "connection refused", how: refuse, retried: everyKind},
		{Name: "dropped before the work", make: always(sandbox.Fault{Kind: sandbox.FaultDropBefore}), retried: idempotent},
		{Name: "dropped after the work", make: always(sandbox.Fault{Kind: sandbox.FaultDropAfter}), retried: idempotent, found: true},
		{Name: "garbage JSON", make: always(sandbox.Fault{Kind: sandbox.FaultGarbage})},
		{Name: "garbage JSON after the work", make: always(sandbox.Fault{Kind: sandbox.FaultGarbage, AfterWork: true}), found: true},
		{Name: "cut-off body", make: always(sandbox.Fault{Kind: sandbox.FaultCutOff}), retried: idempotent, found: true},
		{Name: "empty body", make: always(sandbox.Fault{Kind: sandbox.FaultEmpty})},
		{Name: "slow past the timeout", make: always(sandbox.Fault{Kind: sandbox.FaultSlow, Delay: silence}), retried: idempotent},
		{Name: "slow after the work", make: always(sandbox.Fault{Kind: sandbox.FaultSlow, Delay: silence, AfterWork: true}), retried: idempotent, found: true},
		{Name: "401 in mid-run", make: status(http.StatusUnauthorized), retried: everyKind},
		{Name: "token revoked in mid-run", how: revoke, retried: everyKind},
		{Name: "403", make: status(http.StatusForbidden)},
		{Name: "redirect to another host", how: redirect},
	}
}

// makesSense says whether a fault is one for an operation: a platform that
// answers as it should, or revokes a token that nobody has yet, does nothing wrong.
func (f Fault) makesSense(op Operation) bool {
	switch {
	case f.Name == "empty body":
		return !op.emptyAnswer
	case f.how == revoke:
		return op.call != login
	}
	return true
}

// mustPass says whether a run must get over the fault by itself where it happens
// once. A login that is answered with 401 is one with a wrong key.
func (f Fault) mustPass(op Operation) bool {
	if f.Name == "401 in mid-run" && op.call == login {
		return false
	}
	return slices.Contains(f.retried, op.kind) || f.found && op.kind == creates
}
