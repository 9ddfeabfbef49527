package guardai

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"sync"
	"time"
)

// maxLooks is how often a lost create is looked for: the platform may still be at
// work on it when a proxy has given up.
const maxLooks = 3

// lookupGrace is how long a run that is canceled may still look for a create. With
// answerGrace before it, a provider ends within two seconds.
const lookupGrace = 700 * time.Millisecond

// errStillAtWork is why a create that nobody waited for to its end can't be said to
// have failed.
var errStillAtWork = errors.New("it isn't there yet, and the platform may still be at work on it")

// LostError is a create whose answer was lost, so that the platform may have
// carried it out, and that wasn't found again for certain.
type LostError struct {
	// Err is how the create ended.
	Err error
	// Candidates are the import ids of the objects that it may have made, where there
	// are more than the creates that could have made them.
	Candidates []string
	// LookupErr is why it couldn't be looked for. Where it is nil and there are no
	// Candidates, nothing was created.
	LookupErr error
}

func (e *LostError) Error() string { return e.Err.Error() }

// Unwrap returns how the create ended.
func (e *LostError) Unwrap() error { return e.Err }

// lost returns the failure of a call of which the platform may have carried out
// more than it answered, or nil.
func (c *call) lost(err error) *Error {
	e, ok := errors.AsType[*Error](err)
	if !ok || !e.Unanswered || e.Method != http.MethodPost || e.Path != c.template {
		return nil
	}
	return e
}

// creations keeps account of one run's creates of a kind, so that one whose answer
// was lost can be told from the others. A key is what two creates share that could
// be mistaken for each other. T is what is created.
type creations[T comparable] struct {
	client *Client
	// locks has creates under way as its shared holders. Who looks for a lost one
	// holds the key exclusively: by then every other create is answered or lost too.
	locks *keyedLocks[creationKey]

	mu   sync.Mutex
	lost map[creationKey][]*creation[T]
	// unsure are the keys of lost creates that nobody could look for: what is found
	// later may be theirs.
	unsure map[creationKey]bool
	// owned are the import ids of what this run has created.
	owned map[string]struct{}
}

// creationKey is what two creates share that could be mistaken for each other.
// Organizations have a name alone.
type creationKey struct {
	organizationID int64
	fileType, name string
}

// creation is one create, and what became of it.
type creation[T comparable] struct {
	key creationKey
	// request is the same for creates that asked for the same.
	request string
	// made says whether it can have made what was found.
	made func(T) bool
	// began is when it was sent, and at the clock of the shared reads then.
	began time.Time
	at    uint64

	resolved   bool
	found      T
	candidates []string
	lookupErr  error
}

// search finds what lost creates of a key may have made.
type search[T comparable] struct {
	// look returns what is new and could be meant by any of them.
	look func(context.Context, []*creation[T]) ([]T, error)
	// importID is how an object is named in an import.
	importID func(T) string
	// certain says that an object is new for certain.
	certain func(T) bool
}

func newCreations[T comparable](c *Client) *creations[T] {
	return &creations[T]{
		client: c, locks: newKeyedLocks[creationKey](),
		lost: map[creationKey][]*creation[T]{}, unsure: map[creationKey]bool{}, owned: map[string]struct{}{},
	}
}

// run sends a create and, if its answer is lost, looks for what it made.
// lostAnswer is how it ended where it was found that way.
func (c *creations[T]) run(ctx context.Context, this *creation[T], find search[T], creating *call, send func() (T, error)) (made T, lostAnswer, err error) {
	var none T
	release, err := c.locks.shared(ctx, this.key)
	if err != nil {
		return none, nil, err
	}
	this.began = time.Now()
	made, err = send()
	failure := creating.lost(err)
	switch {
	case err == nil:
		c.own(find.importID(made))
	case failure != nil:
		c.note(this)
	}
	release()
	if failure == nil {
		return made, nil, err
	}
	c.resolve(ctx, this, find)
	if this.found != none {
		return this.found, err, nil
	}
	if this.lookupErr == nil && this.candidates == nil && mayFollow(failure) {
		this.lookupErr = errStillAtWork
	}
	return none, nil, &LostError{Err: err, Candidates: this.candidates, LookupErr: this.lookupErr}
}

// mayFollow says whether a platform that hasn't done its work yet may still do it:
// nobody has waited for its end.
func mayFollow(e *Error) bool {
	_, silent := errors.AsType[silenceError](e)
	return silent || e.Kind == KindCanceled || e.Status == http.StatusGatewayTimeout
}

func (c *creations[T]) own(id string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.owned[id] = struct{}{}
}

func (c *creations[T]) owns(id string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	_, ok := c.owned[id]
	return ok
}

func (c *creations[T]) note(lost *creation[T]) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.lost[lost.key] = append(c.lost[lost.key], lost)
}

// open returns the lost creates of a key that nobody has looked for yet.
func (c *creations[T]) open(key creationKey) []*creation[T] {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(c.lost[key]), func(lost *creation[T]) bool { return lost.resolved })
}

// resolve looks for a lost create, and for all that could be mistaken for it at
// the same time. A run that is canceled still has lookupGrace for it.
func (c *creations[T]) resolve(ctx context.Context, this *creation[T], find search[T]) {
	ctx, done := c.client.lingering(ctx, lookupGrace)
	defer done()
	release, err := c.locks.exclusive(ctx, this.key)
	if err != nil {
		c.giveUp(this, context.Cause(ctx))
		return
	}
	defer release()
	lost := c.open(this.key)
	if !slices.Contains(lost, this) {
		// Whoever held the lock before has looked for it too.
		return
	}
	found, err := c.lookAgain(ctx, lost, find)
	switch {
	case err != nil && ctx.Err() != nil:
		c.giveUp(this, context.Cause(ctx))
	case err != nil:
		c.fail(lost, err)
	default:
		c.assign(this.key, lost, found, find)
	}
}

// giveUp ends the search for one create, unless another's has found it.
func (c *creations[T]) giveUp(this *creation[T], err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !this.resolved {
		this.resolved, this.lookupErr = true, err
		c.unsure[this.key] = true
	}
}

// fail ends the search for creates that can't be looked for.
func (c *creations[T]) fail(lost []*creation[T], err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, each := range lost {
		if !each.resolved {
			each.resolved, each.lookupErr = true, err
			c.unsure[each.key] = true
		}
	}
}

// lookAgain looks until there is one for each lost create, but not for ever.
func (c *creations[T]) lookAgain(ctx context.Context, lost []*creation[T], find search[T]) ([]T, error) {
	for look := 1; ; look++ {
		found, err := find.look(ctx, lost)
		if err != nil || len(found) >= len(lost) || look >= maxLooks {
			return found, err
		}
		select {
		case <-time.After(c.client.retry.backoff(look, randomJitter())):
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
	}
}

// assign gives each lost create what it made. Nothing is assigned where anything of
// what was found may be another's: then each create gets to know what it may have
// made.
func (c *creations[T]) assign(key creationKey, lost []*creation[T], found []T, find search[T]) {
	c.mu.Lock()
	defer c.mu.Unlock()
	lost = slices.DeleteFunc(lost, func(each *creation[T]) bool { return each.resolved })
	certain := !c.unsure[key] && !slices.ContainsFunc(found, func(each T) bool { return !find.certain(each) })
	pairs, complete := match(lost, found)
	for _, each := range lost {
		each.resolved = true
		if !certain || !complete {
			each.candidates = importIDs(found, each.made, find.importID)
			continue
		}
		if made, ok := pairs[each]; ok {
			each.found = made
			c.owned[find.importID(made)] = struct{}{}
		}
	}
}

// match finds out which create has made what, where that is certain: what only one
// create can have made, or only creates that asked for the same, is taken from what
// is left until nothing is. It is not complete where something can't be told.
func match[T comparable](lost []*creation[T], found []T) (pairs map[*creation[T]]T, complete bool) {
	pairs = map[*creation[T]]T{}
	left := slices.Clone(found)
	for len(left) > 0 {
		i := slices.IndexFunc(left, func(each T) bool {
			makers := makersOf(lost, pairs, each)
			return len(makers) > 0 && !slices.ContainsFunc(makers, func(m *creation[T]) bool { return m.request != makers[0].request })
		})
		if i < 0 {
			return pairs, false
		}
		pairs[makersOf(lost, pairs, left[i])[0]] = left[i]
		left = slices.Delete(left, i, i+1)
	}
	return pairs, true
}

// makersOf are the creates that can have made something and aren't known to have
// made something else.
func makersOf[T comparable](lost []*creation[T], pairs map[*creation[T]]T, made T) []*creation[T] {
	return slices.DeleteFunc(slices.Clone(lost), func(each *creation[T]) bool {
		_, has := pairs[each]
		return has || !each.made(made)
	})
}

func importIDs[T any](found []T, made func(T) bool, importID func(T) string) []string {
	var ids []string
	for _, each := range found {
		if made(each) {
			ids = append(ids, importID(each))
		}
	}
	return ids
}
