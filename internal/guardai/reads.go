package guardai

import (
	"context"
	"sync"
)

// fewReads is how many organizations a run reads one by one. Once it asks for
// another, it takes all of them from one list.
const fewReads = 3

// organizationReads shares what is read of organizations within one run. An
// organization that was read since its last write isn't read again.
type organizationReads struct {
	client  *Client
	singles flights[singleRead, *Organization]
	lists   flights[uint64, []*Organization]

	mu sync.Mutex
	// clock counts the begins and ends of writes. A read belongs to the count that
	// it began with.
	clock  uint64
	states map[int64]*readState
	// asked are the organizations that weren't known when they were asked for.
	asked map[int64]struct{}
	// listed says that the list was read, or can't be.
	listed bool
	// all is the list as of the clock allAt.
	all   []*Organization
	allAt uint64
}

// singleRead is an organization between two writes.
type singleRead struct {
	id      int64
	changed uint64
}

// readState is what is known of one organization.
type readState struct {
	known *Organization
	// seen is the clock after the first read that showed it: a read that was under way
	// when something was created may show that.
	seen uint64
	// changed is the clock at the last begin or end of a write.
	changed uint64
}

func newOrganizationReads(c *Client) *organizationReads {
	return &organizationReads{client: c, states: map[int64]*readState{}, asked: map[int64]struct{}{}}
}

// organization returns what is known of an organization, or asks for it. Where
// the list can't be had or leaves the organization out, it is asked for by id.
func (r *organizationReads) organization(ctx context.Context, id int64) (*Organization, error) {
	known, fromList := r.lookUp(id)
	if known != nil {
		return known, nil
	}
	if fromList {
		// What the list fails with is no answer to a question about one organization.
		if _, err := r.list(ctx); err != nil && isCanceled(ctx, err) {
			return nil, err
		}
		if known, _ := r.lookUp(id); known != nil {
			return known, nil
		}
	}
	return r.single(ctx, id)
}

// lookUp returns what is known of an organization, and otherwise whether to take
// it from the list.
func (r *organizationReads) lookUp(id int64) (known *Organization, fromList bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if state := r.states[id]; state != nil && state.known != nil {
		return state.known, false
	}
	r.asked[id] = struct{}{}
	return nil, !r.listed && len(r.asked) > fewReads
}

func (r *organizationReads) single(ctx context.Context, id int64) (*Organization, error) {
	r.mu.Lock()
	at := r.clock
	key := singleRead{id: id, changed: r.state(id).changed}
	r.mu.Unlock()
	return r.singles.do(ctx, key, func(ctx context.Context) (*Organization, error) {
		org, err := r.client.ReadOrganization(ctx, id)
		if err == nil {
			r.mu.Lock()
			r.keep(at, org)
			r.mu.Unlock()
		}
		return org, err
	})
}

// list returns every organization. A list that was read after the last write is
// not read again.
func (r *organizationReads) list(ctx context.Context) ([]*Organization, error) {
	r.mu.Lock()
	at, all := r.clock, r.all
	fresh := all != nil && r.allAt == at
	r.mu.Unlock()
	if fresh {
		return all, nil
	}
	return r.lists.do(ctx, at, func(ctx context.Context) ([]*Organization, error) {
		all, _, err := r.client.readOrganizations(ctx)
		if err == nil || !isCanceled(ctx, err) {
			r.keepAll(at, all, err)
		}
		return all, err
	})
}

func (r *organizationReads) keepAll(at uint64, all []*Organization, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.listed = true
	if err != nil {
		return
	}
	if r.clock == at {
		r.all, r.allAt = all, at
	}
	for _, org := range all {
		// What a list tells of an organization only in part is asked for by id.
		if !org.Partial {
			r.keep(at, org)
		}
	}
}

// keep remembers a read that began at a clock, unless a write has begun since.
// The caller holds the lock.
func (r *organizationReads) keep(at uint64, org *Organization) {
	state := r.state(org.ID)
	if state.changed <= at {
		state.known = org
	}
	if state.seen == 0 {
		state.seen = r.clock + 1
	}
}

func (r *organizationReads) state(id int64) *readState {
	state, ok := r.states[id]
	if !ok {
		state = &readState{}
		r.states[id] = state
	}
	return state
}

// writing runs a write of an organization. What is read before its end is not
// taken for what is there after it.
func (r *organizationReads) writing(id int64, write func() error) error {
	_, err := r.updating(id, func() (*Organization, error) { return nil, write() })
	return err
}

// updating is writing for a write that returns the organization as it is now.
func (r *organizationReads) updating(id int64, write func() (*Organization, error)) (*Organization, error) {
	r.mark(id, nil)
	org, err := write()
	r.mark(id, org)
	return org, err
}

// mark notes the begin or the end of a write, and what is known after it.
func (r *organizationReads) mark(id int64, now *Organization) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.clock++
	state := r.state(id)
	state.changed = r.clock
	state.known = nil
	if now != nil && !now.Partial {
		r.keep(r.clock, now)
	}
}

// creating runs the create of an organization, which no list before its end
// can hold for certain. It hands on the clock at its begin.
func (r *organizationReads) creating(create func(at uint64) (*Organization, error)) (*Organization, error) {
	org, err := create(r.tick(nil))
	r.tick(org)
	return org, err
}

func (r *organizationReads) tick(created *Organization) uint64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.clock++
	if created != nil && !created.Partial {
		r.keep(r.clock, created)
	}
	return r.clock
}

// seenBefore says whether a read that ended before a clock showed an organization.
func (r *organizationReads) seenBefore(id int64, at uint64) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	state := r.states[id]
	return state != nil && state.seen != 0 && state.seen <= at
}
