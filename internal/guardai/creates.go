package guardai

import (
	"context"
	"errors"
	"net/http"
	"regexp"
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
	// OrganizationIDs or Files are the objects that may be the result of the create.
	OrganizationIDs []int64
	Files           []FileKey
	// LookupErr is why the lookup failed. If it is nil and there are no candidates, nothing was created.
	LookupErr error
}

func (e *UnknownOutcomeError) Error() string { return e.Err.Error() }

// Unwrap returns the error of the create.
func (e *UnknownOutcomeError) Unwrap() error { return e.Err }

// createTracker tracks one run's creates of one kind, to tell their results apart if a response is lost. Creates with
// the same key could be mistaken for each other, so they run one at a time, each including its lookup.
type createTracker[K comparable] struct {
	backoff func(number int) time.Duration
	locks   keyedLocks[K]
	// owned holds the ids of the objects that this run has created.
	owned sync.Map
	// unresolved holds the keys of creates whose outcome stayed unknown. An object found later may be the result of one of
	// them.
	unresolved sync.Map
}

func (t *createTracker[K]) owns(id any) bool {
	_, ok := t.owned.Load(id)
	return ok
}

type create[K, ID comparable, T any] struct {
	key  K
	req  *rest.Request
	send func(context.Context) (T, error)
	// lookup returns the objects that may be the result, and whether all of them are certain to be new.
	lookup func(context.Context) (found []T, certain bool, err error)
	id     func(T) ID
	// setCandidates stores the ids of the objects that may be the result in an error.
	setCandidates func(*UnknownOutcomeError, []ID)
}

// runCreate sends a create and looks up its result if the response is lost. recoveredFrom is the error of the create if
// the lookup found the result.
func runCreate[K, ID comparable, T any](ctx context.Context, t *createTracker[K], c create[K, ID, T]) (made T, recoveredFrom, err error) {
	release, err := t.locks.acquire(ctx, c.key, exclusive)
	if err != nil {
		return made, nil, err
	}
	defer release()
	made, err = c.send(ctx)
	if err == nil {
		t.owned.Store(c.id(made), nil)
		return made, nil, nil
	}
	if !outcomeUnknown(c.req, err) {
		return made, nil, err
	}
	unknown := &UnknownOutcomeError{Err: err}
	_, unresolved := t.unresolved.Load(c.key)
	found, certain, lookupErr := lookUpResult(ctx, t, c)
	switch {
	case lookupErr != nil:
		unknown.LookupErr = lookupErr
	case len(found) == 1 && certain && !unresolved:
		t.owned.Store(c.id(found[0]), nil)
		return found[0], err, nil
	case len(found) > 0:
		ids := make([]ID, 0, len(found))
		for _, each := range found {
			ids = append(ids, c.id(each))
		}
		c.setCandidates(unknown, ids)
	case mayStillRun(err):
		unknown.LookupErr = errStillRunning
	default:
		// Nothing was created.
		return made, nil, unknown
	}
	t.unresolved.Store(c.key, nil)
	return made, nil, unknown
}

// lookUpResult repeats the lookup until it finds something, up to maxLookups times. A canceled caller still has
// lookupGrace for it.
func lookUpResult[K, ID comparable, T any](ctx context.Context, t *createTracker[K], c create[K, ID, T]) ([]T, bool, error) {
	ctx, done := withGrace(ctx, lookupGrace)
	defer done()
	for lookup := 1; ; lookup++ {
		found, certain, err := c.lookup(ctx)
		if err != nil || len(found) > 0 || lookup == maxLookups {
			return found, certain, err
		}
		select {
		case <-time.After(t.backoff(lookup)):
		case <-ctx.Done():
			return nil, false, context.Cause(ctx)
		}
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

// outcomeUnknown reports whether the platform may have carried out a create that failed with err.
func outcomeUnknown(req *rest.Request, err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && e.OutcomeUnknown && e.Method == req.Method && e.Path == req.Path
}

// mayStillRun reports whether the platform may still be processing a create that failed with err, because nobody waited
// for it to finish.
func mayStillRun(err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && (e.Cause == CauseTimeout || e.Kind == KindCanceled || e.Status == http.StatusGatewayTimeout)
}

// SameName compares names in Unicode NFC, the form in which the CLI passes strings.
func SameName(a, b string) bool { return norm.NFC.String(a) == norm.NFC.String(b) }

// MatchesName reports whether a name matches a regular expression in Unicode NFC.
func MatchesName(expression *regexp.Regexp, name string) bool {
	return expression.MatchString(norm.NFC.String(name))
}
