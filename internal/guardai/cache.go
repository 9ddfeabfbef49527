package guardai

import (
	"context"
	"strconv"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"
)

// listThreshold is how many organizations a run reads one by one before it reads all of them with one list request.
const listThreshold = 3

// organizationCache caches the organizations that one run reads. A write invalidates what was read before it.
type organizationCache struct {
	read    func(context.Context, int64) (*Organization, error)
	readAll func(context.Context) ([]*Organization, error)
	reads   callGroup[*Organization]
	lists   callGroup[[]*Organization]

	mu      sync.Mutex
	entries map[int64]*cacheEntry
	// requested holds the ids of organizations that were requested and not cached.
	requested map[int64]struct{}
	// listAttempted is set once the list was read or reading it failed.
	listAttempted bool
	// all is the cached list; nil if anything was written since it was read.
	all []*Organization
	// lastWrite is when a write of any organization last began or ended.
	lastWrite time.Time
	// lastTimestamp is the last result of timestampLocked.
	lastTimestamp time.Time
}

// cacheEntry is the cached state of one organization.
type cacheEntry struct {
	// organization is nil if it was written since it was read.
	organization *Organization
	// firstSeen is when a read first returned the organization; lastWrite is when a write of it last began or ended.
	firstSeen, lastWrite time.Time
}

func newOrganizationCache(read func(context.Context, int64) (*Organization, error), readAll func(context.Context) ([]*Organization, error)) *organizationCache {
	return &organizationCache{read: read, readAll: readAll, entries: map[int64]*cacheEntry{}, requested: map[int64]struct{}{}}
}

// get returns an organization from the cache, or reads it. If the list can't be read or doesn't contain the
// organization, it is read by id.
func (c *organizationCache) get(ctx context.Context, id int64) (*Organization, error) {
	known, fromList := c.lookUp(id)
	if known != nil {
		return known, nil
	}
	if fromList {
		// A failed list says nothing about this organization, so only cancellation ends the call.
		if err := c.listOnce(ctx); err != nil && isCanceled(ctx, err) {
			return nil, err
		}
		if known, _ := c.lookUp(id); known != nil {
			return known, nil
		}
	}
	return c.reads.do(ctx, strconv.FormatInt(id, 10), func(ctx context.Context) (*Organization, error) {
		// An earlier call may have ended since the lookup.
		if known, _ := c.lookUp(id); known != nil {
			return known, nil
		}
		began := c.timestamp()
		org, err := c.read(ctx, id)
		if err == nil {
			c.store(began, org)
		}
		return org, err
	})
}

// lookUp returns the cached organization, or whether to read the list to find it.
func (c *organizationCache) lookUp(id int64) (known *Organization, useList bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if known := c.entry(id).organization; known != nil {
		return known, false
	}
	c.requested[id] = struct{}{}
	return nil, !c.listAttempted && len(c.requested) > listThreshold
}

// listOnce reads the list, unless that was attempted before. Callers that decided to at the same moment share one
// attempt.
func (c *organizationCache) listOnce(ctx context.Context) error {
	_, err := c.lists.do(ctx, "once", func(ctx context.Context) ([]*Organization, error) {
		c.mu.Lock()
		attempted := c.listAttempted
		c.mu.Unlock()
		if attempted {
			return nil, nil
		}
		return c.list(ctx)
	})
	return err
}

// list returns all organizations, from the cache if nothing was written since they were read.
func (c *organizationCache) list(ctx context.Context) ([]*Organization, error) {
	return c.lists.do(ctx, "", func(ctx context.Context) ([]*Organization, error) {
		// Checked within the call, since an earlier one may end just before this one starts.
		if all := c.cachedList(); all != nil {
			return all, nil
		}
		began := c.timestamp()
		all, err := c.readAll(ctx)
		c.mu.Lock()
		defer c.mu.Unlock()
		c.listAttempted = true
		if err != nil {
			return nil, err
		}
		if c.lastWrite.Before(began) {
			c.all = all
		}
		for _, org := range all {
			c.storeLocked(began, org)
		}
		return all, nil
	})
}

// cachedList returns the cached list, or nil.
func (c *organizationCache) cachedList() []*Organization {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.all
}

// timestamp returns a time to compare reads and writes by.
func (c *organizationCache) timestamp() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.timestampLocked()
}

// timestampLocked returns a later time on each call, even if the clock is too coarse. The caller holds mu.
func (c *organizationCache) timestampLocked() time.Time {
	now := time.Now()
	if !now.After(c.lastTimestamp) {
		now = c.lastTimestamp.Add(1)
	}
	c.lastTimestamp = now
	return now
}

// store caches the result of a read that began at began, unless a write has begun since.
func (c *organizationCache) store(began time.Time, org *Organization) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.storeLocked(began, org)
}

// storeLocked is store for a caller that holds mu. A partial organization isn't stored, so it is read by id when it is
// needed.
func (c *organizationCache) storeLocked(began time.Time, org *Organization) {
	if org.Partial {
		return
	}
	entry := c.entry(org.ID)
	if entry.lastWrite.Before(began) {
		entry.organization = org
	}
	if entry.firstSeen.IsZero() {
		entry.firstSeen = c.timestampLocked()
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

// invalidateAround runs a write of an organization and discards what was read before it ended. The write returns the
// organization's new state, or nil if it doesn't know it.
func (c *organizationCache) invalidateAround(id int64, write func() (*Organization, error)) (*Organization, error) {
	c.invalidate(id, nil)
	org, err := write()
	c.invalidate(id, org)
	return org, err
}

// invalidate discards the cached organization and the cached list. It then caches updated, unless that is nil.
func (c *organizationCache) invalidate(id int64, updated *Organization) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.invalidateList()
	entry := c.entry(id)
	entry.organization, entry.lastWrite = nil, c.lastWrite
	c.reads.forget(strconv.FormatInt(id, 10))
	if updated != nil {
		c.storeLocked(c.timestampLocked(), updated)
	}
}

// recordCreate notes the end of a create, which lists read before it may not include. org is nil if the create failed.
func (c *organizationCache) recordCreate(org *Organization) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.invalidateList()
	if org != nil {
		c.storeLocked(c.timestampLocked(), org)
	}
}

func (c *organizationCache) invalidateList() {
	c.lastWrite, c.all = c.timestampLocked(), nil
	c.lists.forget("")
}

// seenBefore reports whether a read that ended before a time returned the organization.
func (c *organizationCache) seenBefore(id int64, at time.Time) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	seen := c.entry(id).firstSeen
	return !seen.IsZero() && seen.Before(at)
}

// callGroup lets concurrent callers with the same key share one call. A canceled caller returns at once; the call
// continues for the others.
type callGroup[V any] struct{ group singleflight.Group }

// do returns the result of fn for key, which may come from another caller's call.
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

// forget makes the next caller for key start a new call.
func (g *callGroup[V]) forget(key string) { g.group.Forget(key) }
