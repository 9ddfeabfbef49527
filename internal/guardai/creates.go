package guardai

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"

	"golang.org/x/text/unicode/norm"

	"github.com/guardai/terraform-provider-guardai/internal/guardai/rest"
)

const (
	// maxLookups is how often a create whose outcome is unknown is looked up: the platform may still be at work on it
	// when a proxy has given up.
	maxLookups = 3
	// responseGrace is how long a create that was sent whole may still wait for its response once its caller is
	// canceled. A response that is dropped leaves something behind that nobody knows of.
	responseGrace = 800 * time.Millisecond
	// lookupGrace is how long a caller that is canceled may still look a create up. With responseGrace before it, a
	// provider ends within two seconds.
	lookupGrace = 700 * time.Millisecond
)

// errStillAtWork is why a create that nobody waited for to its end can't be said to have failed.
var errStillAtWork = errors.New("it isn't there yet, and the platform may still be at work on it")

// UnknownOutcomeError is a create whose response was lost, so that the platform may have carried it out, and that
// wasn't found again for certain.
type UnknownOutcomeError struct {
	// Err is how the create ended.
	Err error
	// OrganizationIDs or Files are what it may have made, where that can't be told from what others have made.
	OrganizationIDs []int64
	Files           []FileKey
	// LookupErr is why it couldn't be looked up. Where it is nil and there is nothing that it may have made, nothing
	// was created.
	LookupErr error
}

func (e *UnknownOutcomeError) Error() string { return e.Err.Error() }

// Unwrap returns how the create ended.
func (e *UnknownOutcomeError) Unwrap() error { return e.Err }

// createTracker keeps account of one run's creates of a kind, so that one whose response was lost can be told from
// the others. Creates with the same key K, which could be mistaken for each other, go one after the other, from
// sending to the end of the lookup.
type createTracker[K comparable] struct {
	backoff func(number int) time.Duration
	locks   keyedLocks[K]
	// owned are the ids of what this run has created.
	owned sync.Map
	// unresolved are the keys of creates whose outcome stayed unknown: what is found later may be theirs.
	unresolved sync.Map
}

func (t *createTracker[K]) owns(id any) bool {
	_, ok := t.owned.Load(id)
	return ok
}

// create is one create.
type create[K, ID comparable, T any] struct {
	key K
	req *rest.Request
	// send sends it.
	send func(context.Context) (T, error)
	// lookup returns what it may have made, and whether all of that is new for certain.
	lookup func(context.Context) (found []T, certain bool, err error)
	id     func(T) ID
	// candidates puts what it may have made into an error.
	candidates func(*UnknownOutcomeError, []ID)
}

// run sends a create and, if its response is lost, looks up what it made. recoveredFrom is how it ended where it was
// found that way.
func run[K, ID comparable, T any](ctx context.Context, t *createTracker[K], c create[K, ID, T]) (made T, recoveredFrom, err error) {
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
	found, certain, lookupErr := lookUp(ctx, t, c)
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
		c.candidates(unknown, ids)
	case mayFollow(err):
		unknown.LookupErr = errStillAtWork
	default:
		// Nothing was created.
		return made, nil, unknown
	}
	t.unresolved.Store(c.key, nil)
	return made, nil, unknown
}

// lookUp looks until there is something, but not for ever. A caller that is canceled still has lookupGrace for it.
func lookUp[K, ID comparable, T any](ctx context.Context, t *createTracker[K], c create[K, ID, T]) ([]T, bool, error) {
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

// withGrace is ctx for some time longer than it lasts.
func withGrace(ctx context.Context, grace time.Duration) (_ context.Context, done func()) {
	lingering, cancel := context.WithCancelCause(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() {
		time.AfterFunc(grace, func() { cancel(context.Cause(ctx)) })
	})
	return lingering, func() {
		stop()
		cancel(nil)
	}
}

// outcomeUnknown says whether the platform may have carried out a create that failed so.
func outcomeUnknown(req *rest.Request, err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && e.OutcomeUnknown && e.Method == req.Method && e.Path == req.Path
}

// mayFollow says whether a platform that hasn't done its work yet may still do it: nobody has waited for its end.
func mayFollow(err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && (e.Cause == CauseTimeout || e.Kind == KindCanceled || e.Status == http.StatusGatewayTimeout)
}

// SameName compares names as the CLI passes them: in Unicode's NFC.
func SameName(a, b string) bool { return norm.NFC.String(a) == norm.NFC.String(b) }
