package guardai

import (
	"context"
	"strconv"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"
)

// listThreshold is how many organizations a run reads one by one. Once it asks for another, it reads all of them in
// one list.
const listThreshold = 3

// organizationCache shares what is read of organizations within one run. An organization that was read since its last
// write isn't read again.
type organizationCache struct {
	read    func(context.Context, int64) (*Organization, error)
	readAll func(context.Context) ([]*Organization, error)
	reads   callGroup[*Organization]
	lists   callGroup[[]*Organization]

	mu      sync.Mutex
	entries map[int64]*cacheEntry
	// asked are the organizations that weren't known when they were asked for.
	asked map[int64]struct{}
	// listed says that the list was read, or can't be.
	listed bool
	// all is the list, nil where something was written since it was read.
	all []*Organization
	// written is the last begin or end of a write of any organization.
	written time.Time
	// latest is what now returned last.
	latest time.Time
}

// cacheEntry is what is known of one organization.
type cacheEntry struct {
	// known is nil where the organization was written since it was read.
	known *Organization
	// seen is the end of the first read that showed it, and written the last begin or end of a write.
	seen, written time.Time
}

func newOrganizationCache(read func(context.Context, int64) (*Organization, error), readAll func(context.Context) ([]*Organization, error)) *organizationCache {
	return &organizationCache{read: read, readAll: readAll, entries: map[int64]*cacheEntry{}, asked: map[int64]struct{}{}}
}

// organization returns what is known of an organization, or asks for it. Where the list can't be had or leaves the
// organization out, it is asked for by id.
func (c *organizationCache) organization(ctx context.Context, id int64) (*Organization, error) {
	known, fromList := c.lookUp(id)
	if known != nil {
		return known, nil
	}
	if fromList {
		// What the list fails with says nothing about one organization.
		if _, err := c.list(ctx); err != nil && isCanceled(ctx, err) {
			return nil, err
		}
		if known, _ := c.lookUp(id); known != nil {
			return known, nil
		}
	}
	return c.reads.do(ctx, strconv.FormatInt(id, 10), func(ctx context.Context) (*Organization, error) {
		began := c.begin()
		org, err := c.read(ctx, id)
		if err == nil {
			c.keep(began, org)
		}
		return org, err
	})
}

// lookUp returns what is known of an organization, and otherwise whether to take it from the list.
func (c *organizationCache) lookUp(id int64) (known *Organization, fromList bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if known := c.entry(id).known; known != nil {
		return known, false
	}
	c.asked[id] = struct{}{}
	return nil, !c.listed && len(c.asked) > listThreshold
}

// list returns every organization. A list that was read after the last write is not read again.
func (c *organizationCache) list(ctx context.Context) ([]*Organization, error) {
	c.mu.Lock()
	all := c.all
	c.mu.Unlock()
	if all != nil {
		return all, nil
	}
	return c.lists.do(ctx, "", func(ctx context.Context) ([]*Organization, error) {
		began := c.begin()
		all, err := c.readAll(ctx)
		c.mu.Lock()
		defer c.mu.Unlock()
		c.listed = true
		if err != nil {
			return nil, err
		}
		if c.written.Before(began) {
			c.all = all
		}
		for _, org := range all {
			c.put(began, org)
		}
		return all, nil
	})
}

// begin is when a read or a create begins.
func (c *organizationCache) begin() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now()
}

// now is later each time, however coarse the clock is. The caller holds the lock.
func (c *organizationCache) now() time.Time {
	now := time.Now()
	if !now.After(c.latest) {
		now = c.latest.Add(1)
	}
	c.latest = now
	return now
}

// keep remembers a read, unless a write has begun since it began.
func (c *organizationCache) keep(began time.Time, org *Organization) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.put(began, org)
}

// put is keep for a caller that holds the lock. What a list shows of an organization only in part is asked for by id.
func (c *organizationCache) put(began time.Time, org *Organization) {
	if org.Partial {
		return
	}
	entry := c.entry(org.ID)
	if entry.written.Before(began) {
		entry.known = org
	}
	if entry.seen.IsZero() {
		entry.seen = c.now()
	}
}

func (c *organizationCache) entry(id int64) *cacheEntry {
	entry, ok := c.entries[id]
	if !ok {
		entry = &cacheEntry{}
		c.entries[id] = entry
	}
	return entry
}

// writing runs a write of an organization. What is read before its end is not taken for what is there after it. The
// write returns the organization as it is now, or nil.
func (c *organizationCache) writing(id int64, write func() (*Organization, error)) (*Organization, error) {
	c.invalidate(id, nil)
	org, err := write()
	c.invalidate(id, org)
	return org, err
}

// invalidate forgets what was read of an organization, and of all of them together. now is what is known of it by
// now, or nil.
func (c *organizationCache) invalidate(id int64, now *Organization) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.invalidateList()
	entry := c.entry(id)
	entry.known, entry.written = nil, c.written
	c.reads.forget(strconv.FormatInt(id, 10))
	if now != nil {
		c.put(c.now(), now)
	}
}

// created notes the end of a create, which no list before it shows for certain. org is nil where it failed.
func (c *organizationCache) created(org *Organization) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.invalidateList()
	if org != nil {
		c.put(c.now(), org)
	}
}

func (c *organizationCache) invalidateList() {
	c.written, c.all = c.now(), nil
	c.lists.forget("")
}

// seenBefore says whether a read that ended before a time showed an organization.
func (c *organizationCache) seenBefore(id int64, at time.Time) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	seen := c.entry(id).seen
	return !seen.IsZero() && seen.Before(at)
}

// callGroup lets all who want the same at the same time share one call for it. A caller that is canceled leaves at
// once, and the call goes on for the others.
type callGroup[V any] struct{ group singleflight.Group }

// do returns what fn returns for key, from a call that may be another caller's.
func (g *callGroup[V]) do(ctx context.Context, key string, fn func(context.Context) (V, error)) (V, error) {
	var none V
	if ctx.Err() != nil {
		return none, context.Cause(ctx)
	}
	shared := g.group.DoChan(key, func() (any, error) { return fn(context.WithoutCancel(ctx)) })
	select {
	case result := <-shared:
		value, _ := result.Val.(V)
		return value, result.Err
	case <-ctx.Done():
		return none, context.Cause(ctx)
	}
}

// forget has whoever comes next for key start a new call.
func (g *callGroup[V]) forget(key string) { g.group.Forget(key) }
