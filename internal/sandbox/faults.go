package sandbox

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// FaultKind is the way in which a request fails.
type FaultKind string

// The kinds of faults. Unless stated otherwise, a faulty request is processed only with Fault.AfterWork.
const (
	// FaultStatus responds with Fault.Status and an error body like the platform's, or with Fault.Body.
	FaultStatus FaultKind = "status"
	// FaultHTML responds with an HTML page, as a proxy would.
	FaultHTML FaultKind = "html"
	// FaultDropBefore closes the connection without processing the request.
	FaultDropBefore FaultKind = "drop_before"
	// FaultDropAfter processes the request and closes the connection without a response.
	FaultDropAfter FaultKind = "drop_after"
	// FaultSlow waits for Fault.Delay before it processes the request or, with Fault.AfterWork, afterwards.
	FaultSlow FaultKind = "slow"
	// FaultGarbage responds with malformed JSON.
	FaultGarbage FaultKind = "garbage"
	// FaultCutOff processes the request and closes the connection after half of the response body. Content-Length is
	// that of the whole body.
	FaultCutOff FaultKind = "cut_off"
	// FaultEmpty responds without a body.
	FaultEmpty FaultKind = "empty"
	// FaultRedirect responds with 302 and Fault.Location.
	FaultRedirect FaultKind = "redirect"
	// FaultMissingID processes the request and leaves the ids out of the response. A file reference becomes an empty
	// string.
	FaultMissingID FaultKind = "missing_id"
	// FaultMissingSettings processes the request and leaves the settings of organizations out of the response.
	FaultMissingSettings FaultKind = "missing_settings"
)

var faultKinds = []FaultKind{
	FaultStatus, FaultHTML, FaultDropBefore, FaultDropAfter, FaultSlow, FaultGarbage,
	FaultCutOff, FaultEmpty, FaultRedirect, FaultMissingID, FaultMissingSettings,
}

// Fault makes matching requests fail. At most one fault affects a request: the first injected one that matches and is
// due. Later faults don't count that request.
type Fault struct {
	// Operation is the operation id of the requests that match, such as "add_organization" or "login". Empty matches
	// every request to the API.
	Operation string    `json:"operation"`
	Kind      FaultKind `json:"kind"`
	// Status is the response status. It is required for FaultStatus; FaultHTML, FaultGarbage and FaultEmpty respond with
	// 200 by default.
	Status int `json:"status,omitempty"`
	// RetryAfter is the Retry-After header. Empty sends none.
	RetryAfter string `json:"retry_after,omitempty"`
	// Delay is how long FaultSlow waits. If the client disconnects or the server is closed, the wait ends without a
	// response.
	Delay time.Duration `json:"delay,omitempty"`
	// Location is the target of FaultRedirect.
	Location string `json:"location,omitempty"`
	// Body replaces the default body of FaultStatus, FaultHTML and FaultGarbage, and ContentType its content type. For
	// example, FaultStatus with Status 404, ContentType "text/plain" and Body "404 page not found" is the response of
	// something that isn't the platform.
	Body        string `json:"body,omitempty"`
	ContentType string `json:"content_type,omitempty"`
	// Times is how many requests are affected: 0 means 1, and -1 means all.
	Times int `json:"times,omitempty"`
	// Every limits the fault to every n-th matching request. 0 and 1 mean all.
	Every int `json:"every,omitempty"`
	// Rate is the probability that a due request is affected; 0 means always. The random generator has a fixed seed, so
	// runs are repeatable.
	Rate float64 `json:"rate,omitempty"`
	// AfterWork processes the request first, so only its response is lost.
	AfterWork bool `json:"after_work,omitempty"`
}

// validate rejects a fault that could never take effect. The error names a field by its JSON name.
func (f *Fault) validate(operations []string) error {
	if f.Operation != "" && !slices.Contains(operations, f.Operation) {
		return fmt.Errorf("operation must be empty or one of %s, not %q", strings.Join(operations, ", "), f.Operation)
	}
	if err := f.validateKind(); err != nil {
		return err
	}
	switch {
	case f.Times < -1:
		return errors.New("times must be -1 or more")
	case f.Every < 0:
		return errors.New("every must not be negative")
	case f.Rate < 0 || f.Rate > 1:
		return errors.New("rate must be from 0 to 1")
	}
	return nil
}

// validateKind checks the kind and the fields that it requires.
func (f *Fault) validateKind() error {
	switch {
	case !slices.Contains(faultKinds, f.Kind):
		return fmt.Errorf("kind must be one of %s, not %q", joinKinds(), f.Kind)
	case f.Kind == FaultStatus && !isHTTPStatus(f.Status), f.Status != 0 && !isHTTPStatus(f.Status):
		return fmt.Errorf("status must be from 200 to 599, not %d", f.Status)
	case f.Kind == FaultSlow && f.Delay <= 0, f.Delay < 0:
		return errors.New("delay must be positive for the kind slow, and not negative otherwise")
	case f.Kind == FaultRedirect && f.Location == "":
		return errors.New("location is required for the kind redirect")
	}
	return nil
}

func isHTTPStatus(status int) bool { return status >= http.StatusOK && status <= 599 }

func joinKinds() string {
	names := make([]string, len(faultKinds))
	for i, kind := range faultKinds {
		names[i] = string(kind)
	}
	return strings.Join(names, ", ")
}

// faultList holds the faults that are still pending.
type faultList struct {
	mu      sync.Mutex
	pending []*pendingFault
	added   uint64
}

// pendingFault is a fault whose Times is the number of requests that it still affects.
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
	l.pending = append(l.pending, &pendingFault{Fault: f, random: rand.New(rand.NewPCG(1, l.added))}) //nolint:gosec // Not used for security.
}

// next returns the fault that affects a request to an operation, or nil.
func (l *faultList) next(operation string) *Fault {
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
		return new(fault.Fault)
	}
	return nil
}

// due counts a matching request and reports whether the fault affects it.
func (p *pendingFault) due() bool {
	p.matched++
	if p.Every > 1 && p.matched%p.Every != 0 {
		return false
	}
	return p.Rate == 0 || p.random.Float64() < p.Rate
}

// Inject makes later requests fail. It panics if the fault is invalid.
func (s *Server) Inject(f Fault) {
	if err := f.validate(s.operationIDs()); err != nil {
		panic("sandbox: a fault's " + err.Error())
	}
	s.faults.add(f)
}

// ClearFaults removes all pending faults.
func (s *Server) ClearFaults() {
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	s.faults.pending, s.faults.added = nil, 0
}

// Faults returns the pending faults. Their Times are the numbers of requests that they still affect.
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
