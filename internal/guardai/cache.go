package guardai

import (
	"context"
	"strconv"
	"sync"
)

// listThreshold is how many organizations a run reads one by one before it reads all of them with one list request.
const listThreshold = 3

// organizationCache caches the organizations that one run reads. A write invalidates what was read before it.
type organizationCache struct {
	read    func(context.Context, int64) (*Organization, error)
	readAll func(context.Context) ([]*Organization, error)
	reads   callGroup[*Organization]
	lists   callGroup[[]*Organization]
	// firstList is the list that many reads have in common.
	firstList callGroup[struct{}]

	mu      sync.Mutex
	entries map[int64]*cacheEntry
	// requested holds the ids of organizations that were requested and not cached.
	requested map[int64]struct{}
	// listAttempted is set once the list was read or reading it failed.
	listAttempted bool
	// all is the cached list; nil if anything was written since it was read.
	all []*Organization
	// listedIDs are the ids in the last list, even if something was written since; nil before the first list.
	listedIDs map[int64]struct{}
	// forbidden is the error of a list that this caller may not read.
	forbidden error
	// ticks counts the events that are ordered by it: begins of reads and writes, and first sights of organizations.
	ticks int64
	// lastWrite is when a write of any organization last began or ended, in ticks.
	lastWrite int64
}

// cacheEntry is the cached state of one organization.
type cacheEntry struct {
	// organization is nil if it was written since it was read.
	organization *Organization
	// firstSeen is when a read first returned the organization, and lastWrite when a write of it last began or ended, both
	// in ticks, or 0.
	firstSeen, lastWrite int64
}

func newOrganizationCache(read func(context.Context, int64) (*Organization, error), readAll func(context.Context) ([]*Organization, error)) *organizationCache {
	return &organizationCache{read: read, readAll: readAll, entries: map[int64]*cacheEntry{}, requested: map[int64]struct{}{}}
}

// get returns an organization from the cache, or reads it. If the list can't be read or doesn't contain the
// organization, it is read by id.
func (c *organizationCache) get(ctx context.Context, id int64) (*Organization, error) {
	known, useList := c.lookUp(id)
	if known != nil {
		return known, nil
	}
	if useList {
		// A failed list says nothing about this organization, so only cancellation ends the call.
		if err := c.listUnlessAttempted(ctx); err != nil && isCanceled(ctx, err) {
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
		began := c.tick()
		org, err := c.read(ctx, id)
		if err == nil {
			c.mu.Lock()
			defer c.mu.Unlock()
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

// listUnlessAttempted reads the list, unless that was attempted before. Callers that decided to at the same moment
// share one attempt.
func (c *organizationCache) listUnlessAttempted(ctx context.Context) error {
	_, err := c.firstList.do(ctx, "", func(ctx context.Context) (struct{}, error) {
		c.mu.Lock()
		attempted := c.listAttempted
		c.mu.Unlock()
		if attempted {
			return struct{}{}, nil
		}
		_, err := c.list(ctx)
		return struct{}{}, err
	})
	return err
}

// list returns all organizations, from the cache if nothing was written since they were read. A list that is forbidden
// isn't requested again.
func (c *organizationCache) list(ctx context.Context) ([]*Organization, error) {
	return c.lists.do(ctx, "", func(ctx context.Context) ([]*Organization, error) {
		// Checked within the call, since an earlier one may end just before this one starts.
		c.mu.Lock()
		all, forbidden := c.all, c.forbidden
		c.mu.Unlock()
		if all != nil || forbidden != nil {
			return all, forbidden
		}
		began := c.tick()
		all, err := c.readAll(ctx)
		c.mu.Lock()
		defer c.mu.Unlock()
		c.listAttempted = true
		if err != nil {
			if IsForbidden(err) {
				c.forbidden = err
			}
			return nil, err
		}
		if c.lastWrite < began {
			c.all = all
		}
		c.listedIDs = make(map[int64]struct{}, len(all))
		for _, org := range all {
			c.listedIDs[org.ID] = struct{}{}
			c.store(began, org)
		}
		return all, nil
	})
}

// isListed reports whether the platform lists an organization. The last list is enough to know that it doesn't, because
// an organization that comes later gets another id.
func (c *organizationCache) isListed(ctx context.Context, id int64) (bool, error) {
	c.mu.Lock()
	_, listed := c.listedIDs[id]
	known := c.listedIDs != nil
	c.mu.Unlock()
	if known && !listed {
		return false, nil
	}
	if _, err := c.list(ctx); err != nil {
		return false, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	_, listed = c.listedIDs[id]
	return listed, nil
}

// tick returns the next number to compare reads and writes by.
func (c *organizationCache) tick() int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.nextTick()
}

// nextTick is tick for a caller that holds mu, as for all methods below.
func (c *organizationCache) nextTick() int64 {
	c.ticks++
	return c.ticks
}

// store caches the result of a read that began at a tick, unless a write has begun since. An incomplete organization
// isn't stored, so it is read by id when it is needed.
func (c *organizationCache) store(began int64, org *Organization) {
	if org.incomplete {
		return
	}
	entry := c.entry(org.ID)
	if entry.lastWrite < began {
		entry.organization = org
	}
	if entry.firstSeen == 0 {
		entry.firstSeen = c.nextTick()
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

func (c *organizationCache) invalidateList() {
	c.lastWrite, c.all = c.nextTick(), nil
	c.lists.forget("")
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
		c.store(c.nextTick(), updated)
	}
}

// recordCreate notes the end of a create, which lists read before it may not include. org is nil if the create failed.
func (c *organizationCache) recordCreate(org *Organization) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.invalidateList()
	if org != nil {
		if c.listedIDs != nil {
			c.listedIDs[org.ID] = struct{}{}
		}
		c.store(c.nextTick(), org)
	}
}

// seenBefore reports whether a read that ended before a tick returned the organization.
func (c *organizationCache) seenBefore(id, tick int64) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	seen := c.entry(id).firstSeen
	return seen != 0 && seen < tick
}
