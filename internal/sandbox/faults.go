package sandbox

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// FaultKind says how a request that a Fault hits goes wrong.
type FaultKind string

// The kinds of faults. Unless it says otherwise here, a request that is hit is only carried out with Fault.AfterWork.
const (
	// FaultStatus responds with Fault.Status in the form of the platform's errors.
	FaultStatus FaultKind = "status"
	// FaultHTML responds with an HTML page, as a proxy in between would, with Fault.Status or 200.
	FaultHTML FaultKind = "html"
	// FaultDropBefore closes the connection; the request is never carried out.
	FaultDropBefore FaultKind = "drop_before"
	// FaultDropAfter carries the request out and closes the connection without a response.
	FaultDropAfter FaultKind = "drop_after"
	// FaultSlow waits for Fault.Delay, then carries the request out and responds. With
	// AfterWork it carries the request out before it waits.
	FaultSlow FaultKind = "slow"
	// FaultGarbage responds with 200 and something that isn't JSON, though it says so.
	FaultGarbage FaultKind = "garbage"
	// FaultCutOff carries the request out and closes the connection after half the
	// response, whose Content-Length is that of all of it.
	FaultCutOff FaultKind = "cut_off"
	// FaultEmpty responds with 200 and no body.
	FaultEmpty FaultKind = "empty"
	// FaultRedirect responds with 302 and Fault.Location.
	FaultRedirect FaultKind = "redirect"
	// FaultMissingID carries the request out and leaves the ids out of the response. A
	// file reference becomes empty text.
	FaultMissingID FaultKind = "missing_id"
)

var faultKinds = []FaultKind{
	FaultStatus, FaultHTML, FaultDropBefore, FaultDropAfter, FaultSlow, FaultGarbage,
	FaultCutOff, FaultEmpty, FaultRedirect, FaultMissingID,
}

// Fault makes requests go wrong. A request is hit by at most one fault: the first that matches and is due, in the
// order of injection. The faults behind it don't count that request.
type Fault struct {
	// Operation is the operation id of the contract whose requests match, such as
	// "add_organization" or "login"; empty matches every request to the API.
	Operation string    `json:"operation"`
	Kind      FaultKind `json:"kind"`
	// Status is the status of FaultStatus and FaultHTML.
	Status int `json:"status,omitempty"`
	// RetryAfter is the Retry-After header of FaultStatus and FaultHTML; empty sends none.
	RetryAfter string `json:"retry_after,omitempty"`
	// Delay is how long FaultSlow waits. The wait ends when the client goes away or
	// the server is closed, and then there is no response.
	Delay time.Duration `json:"delay,omitempty"`
	// Location is where FaultRedirect points to.
	Location string `json:"location,omitempty"`
	// Body replaces the body of FaultStatus, FaultHTML and FaultGarbage; empty leaves it.
	Body string `json:"body,omitempty"`
	// Times is how many requests are hit: 0 means 1, and -1 means every one.
	Times int `json:"times,omitempty"`
	// Every hits only every n-th matching request; 0 and 1 mean each.
	Every int `json:"every,omitempty"`
	// Rate is the probability with which a request that is due is hit; 0 means always.
	// It is drawn from a generator with a fixed seed, so that runs can be repeated.
	Rate float64 `json:"rate,omitempty"`
	// AfterWork carries the request out first, so that only its response is lost.
	AfterWork bool `json:"after_work,omitempty"`
}

// faultError is what is wrong with a fault, by the name of its field in JSON.
type faultError struct{ field, problem string }

func (e *faultError) Error() string { return e.field + " " + e.problem }

// validate refuses a fault that could never do what it says.
func (f *Fault) validate(operations []string) error {
	if f.Operation != "" && !slices.Contains(operations, f.Operation) {
		return &faultError{"operation", fmt.Sprintf("must be empty or one of %s, not %q", strings.Join(operations, ", "), f.Operation)}
	}
	if err := f.validateKind(); err != nil {
		return err
	}
	switch {
	case f.Times < -1:
		return &faultError{"times", "must be -1 or more"}
	case f.Every < 0:
		return &faultError{"every", "must not be negative"}
	case f.Rate < 0 || f.Rate > 1:
		return &faultError{"rate", "must be from 0 to 1"}
	}
	return nil
}

// validateKind checks the kind and what belongs to it.
func (f *Fault) validateKind() error {
	switch {
	case !slices.Contains(faultKinds, f.Kind):
		return &faultError{"kind", fmt.Sprintf("must be one of %s, not %q", joinKinds(), f.Kind)}
	case f.Kind == FaultStatus && !isStatus(f.Status), f.Status != 0 && !isStatus(f.Status):
		return &faultError{"status", fmt.Sprintf("must be from 200 to 599, not %d", f.Status)}
	case f.Kind == FaultSlow && f.Delay <= 0, f.Delay < 0:
		return &faultError{"delay", "must be more than 0 for the kind slow, and never negative"}
	case f.Kind == FaultRedirect && f.Location == "":
		return &faultError{"location", "must be given for the kind redirect"}
	}
	return nil
}

func isStatus(status int) bool { return status >= http.StatusOK && status <= 599 }

func joinKinds() string {
	names := make([]string, len(faultKinds))
	for i, kind := range faultKinds {
		names[i] = string(kind)
	}
	return strings.Join(names, ", ")
}

// faultList is the faults that still have requests to hit.
type faultList struct {
	mu      sync.Mutex
	pending []*pendingFault
	added   uint64
}

// pendingFault is a fault of whose Times is left what is left of it.
type pendingFault struct {
	Fault
	matched int
	random  *rand.Rand
}

func (l *faultList) add(f Fault) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if f.Times == 0 {
		f.Times = 1
	}
	l.added++
	l.pending = append(l.pending, &pendingFault{Fault: f, random: rand.New(rand.NewPCG(1, l.added))}) //nolint:gosec // It decides nothing secret.
}

// take returns the fault that hits a request to an operation, or nil.
func (l *faultList) take(operation string) *Fault {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i, fault := range l.pending {
		if fault.Operation != "" && fault.Operation != operation || !fault.due() {
			continue
		}
		if fault.Times > 0 {
			fault.Times--
		}
		if fault.Times == 0 {
			l.pending = slices.Delete(l.pending, i, i+1)
		}
		hit := fault.Fault
		return &hit
	}
	return nil
}

// due counts a matching request and reports whether the fault hits it.
func (p *pendingFault) due() bool {
	p.matched++
	if p.Every > 1 && p.matched%p.Every != 0 {
		return false
	}
	return p.Rate == 0 || p.random.Float64() < p.Rate
}

// Inject makes requests to come go wrong. It panics for a fault that makes no
// sense, which is a mistake in the test that injects it.
func (s *Server) Inject(f Fault) {
	if err := f.validate(s.operationIDs()); err != nil {
		panic("sandbox: a fault's " + err.Error())
	}
	s.faults.add(f)
}

// ClearFaults takes back all faults.
func (s *Server) ClearFaults() {
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	s.faults.pending, s.faults.added = nil, 0
}

// Faults returns the faults that still have requests to hit, with what is left of their Times.
func (s *Server) Faults() []Fault {
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	faults := make([]Fault, len(s.faults.pending))
	for i, fault := range s.faults.pending {
		faults[i] = fault.Fault
	}
	return faults
}

func (s *Server) operationIDs() []string {
	operations := s.operations()
	ids := make([]string, len(operations))
	for i, op := range operations {
		ids[i] = op.id
	}
	return ids
}
