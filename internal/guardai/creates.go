package guardai

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"time"

	"golang.org/x/text/unicode/norm"

	"github.com/guardai/terraform-provider-guardai/internal/guardai/rest"
)

const (
	// maxLookups is how many times the result of a create with an unknown outcome is looked up: the platform may still be
	// processing the create when a proxy has given up on it.
	maxLookups = 3
	// responseGrace is how long a create that was fully sent waits for its response after its caller is canceled. Without
	// the response, the created object is orphaned.
	responseGrace = 800 * time.Millisecond
	// lookupGrace is how long a canceled caller may look up the result of a create. Together with responseGrace, the
	// provider ends within two seconds.
	lookupGrace = 700 * time.Millisecond
)

// errStillRunning is why a create that timed out can't be reported as failed.
var errStillRunning = errors.New("it doesn't exist yet, and the platform may still be creating it")

// UnknownOutcomeError is the error of a create whose response was lost and whose result couldn't be identified. The
// platform may have carried it out.
type UnknownOutcomeError struct {
	// Err is the error of the create.
	Err error
	// Candidates are the import ids of the objects that may be the result of the create.
	Candidates []string
	// LookupErr is why the lookup failed. If it is nil and there are no candidates, nothing was created.
	LookupErr error
}

func (e *UnknownOutcomeError) Error() string { return e.Err.Error() }

// Unwrap returns the error of the create.
func (e *UnknownOutcomeError) Unwrap() error { return e.Err }

// createTracker tracks one run's creates of one kind, to tell their results apart if a response is lost. Creates with
// the same key could be mistaken for each other, so they run one at a time, each including its lookup.
type createTracker[K, ID comparable] struct {
	rest  *rest.Client
	locks keyedLocks[K]

	mu sync.Mutex
	// created holds the ids of the objects that this run has created.
	created map[ID]struct{}
	// unresolved holds the keys of creates whose outcome stayed unknown. An object found later may be the result of one of
	// them.
	unresolved map[K]struct{}
}

func newCreateTracker[K, ID comparable](client *rest.Client) *createTracker[K, ID] {
	return &createTracker[K, ID]{rest: client, created: map[ID]struct{}{}, unresolved: map[K]struct{}{}}
}

// hasCreated reports whether this run has created an object.
func (t *createTracker[K, ID]) hasCreated(id ID) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	_, ok := t.created[id]
	return ok
}

func (t *createTracker[K, ID]) recordCreated(id ID) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.created[id] = struct{}{}
}

// forget removes an object that this run has created and deleted.
func (t *createTracker[K, ID]) forget(id ID) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.created, id)
}

func (t *createTracker[K, ID]) isUnresolved(key K) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	_, ok := t.unresolved[key]
	return ok
}

func (t *createTracker[K, ID]) recordUnresolved(key K) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.unresolved[key] = struct{}{}
}

// lookup returns the ids of the objects that may be the result of a create, and whether all of them are certain to be
// new.
type lookup[ID any] func(context.Context) (matches []ID, certain bool, err error)

// run sends a create and looks up its result if the response is lost. recoveredFrom is the error of the create if the
// lookup found the result. After a 503, which proxies also send when the platform did the work, the create is sent
// again if the lookup finds nothing.
func (t *createTracker[K, ID]) run(ctx context.Context, key K, send func(context.Context) (ID, error), look lookup[ID]) (id ID, recoveredFrom, err error) {
	release, err := t.locks.Lock(ctx, key)
	if err != nil {
		return id, nil, err
	}
	defer release()
	began := time.Now()
	for attempt := 1; ; attempt++ {
		id, err = send(ctx)
		e, isCall := errors.AsType[*Error](err)
		switch {
		case err == nil:
			t.recordCreated(id)
			return id, nil, nil
		case !isCall || !e.OutcomeUnknown:
			return id, nil, err
		}
		e.Attempts, e.Elapsed = e.Attempts+attempt-1, time.Since(began)
		matches, certain, lookupErr := t.lookUp(ctx, look, attempt)
		if lookupErr == nil && len(matches) == 0 && e.Status == http.StatusServiceUnavailable && attempt <= t.rest.MaxRetries() && ctx.Err() == nil {
			continue
		}
		return t.resolve(key, err, matches, certain, lookupErr)
	}
}

// resolve decides what a lookup tells about a create that failed with err.
func (t *createTracker[K, ID]) resolve(key K, err error, matches []ID, certain bool, lookupErr error) (id ID, recoveredFrom, _ error) {
	unknown := &UnknownOutcomeError{Err: err, LookupErr: lookupErr}
	switch {
	case lookupErr != nil:
	case len(matches) == 1 && certain && !t.isUnresolved(key):
		t.recordCreated(matches[0])
		return matches[0], err, nil
	case len(matches) > 0:
		for _, match := range matches {
			unknown.Candidates = append(unknown.Candidates, fmt.Sprint(match))
		}
	case mayStillRun(err):
		unknown.LookupErr = errStillRunning
	default:
		// Nothing was created.
		return id, nil, unknown
	}
	t.recordUnresolved(key)
	return id, nil, unknown
}

// lookUp repeats the lookup until it finds something, up to maxLookups times, with the waits between the retries of a
// request. A canceled caller still has lookupGrace for it.
func (t *createTracker[K, ID]) lookUp(ctx context.Context, look lookup[ID], attempt int) ([]ID, bool, error) {
	ctx, done := withGrace(ctx, lookupGrace)
	defer done()
	for lookups := 1; ; lookups++ {
		matches, certain, err := look(ctx)
		if err != nil || len(matches) > 0 || lookups == maxLookups {
			return matches, certain, err
		}
		if err := wait(ctx, t.rest.Backoff(attempt+lookups-1)); err != nil {
			return nil, false, err
		}
	}
}

// wait waits for a time or until ctx is done.
func wait(ctx context.Context, duration time.Duration) error {
	select {
	case <-time.After(duration):
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// withGrace returns a context that is canceled a grace period after ctx.
func withGrace(ctx context.Context, grace time.Duration) (_ context.Context, done func()) {
	extended, cancel := context.WithCancelCause(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() {
		time.AfterFunc(grace, func() { cancel(context.Cause(ctx)) })
	})
	return extended, func() {
		stop()
		cancel(nil)
	}
}

// mayStillRun reports whether the platform may still be processing a create that failed with err, because nobody waited
// for it to finish. 524 is Cloudflare's 504.
func mayStillRun(err error) bool {
	const timeoutOfGateway = 524
	e, ok := errors.AsType[*Error](err)
	return ok && (e.Cause == rest.CauseTimeout || e.Kind == rest.KindCanceled || e.Status == http.StatusGatewayTimeout || e.Status == timeoutOfGateway)
}

// SameName compares names in Unicode NFC, the form in which the CLI passes strings.
func SameName(a, b string) bool { return norm.NFC.String(a) == norm.NFC.String(b) }

// similarName reports whether a platform may have made one name of the other: in another case, or with other white
// space.
func similarName(a, b string) bool {
	plain := func(name string) string { return strings.Join(strings.Fields(norm.NFC.String(name)), "") }
	return strings.EqualFold(plain(a), plain(b))
}

// MatchesName reports whether a name matches a regular expression in Unicode NFC.
func MatchesName(expression *regexp.Regexp, name string) bool {
	return expression.MatchString(norm.NFC.String(name))
}
