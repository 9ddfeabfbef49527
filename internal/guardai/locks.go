package guardai

import (
	"context"
	"math"
	"sync"

	"golang.org/x/sync/semaphore"
)

// organizationLocks keeps writes to one organization's settings apart from
// everything else that changes them. An update reads the settings and writes
// them back; a file that is uploaded in between would lose its entry.
type organizationLocks struct {
	mu    sync.Mutex
	locks map[int64]*semaphore.Weighted
}

func newOrganizationLocks() *organizationLocks {
	return &organizationLocks{locks: map[int64]*semaphore.Weighted{}}
}

// exclusive waits until nothing else changes the organization. The returned
// function ends the hold.
func (l *organizationLocks) exclusive(ctx context.Context, id int64) (release func(), err error) {
	return l.acquire(ctx, id, math.MaxInt64)
}

// shared waits until no update of the organization is under way. Any number of
// holders may have it: the platform keeps single files apart itself.
func (l *organizationLocks) shared(ctx context.Context, id int64) (release func(), err error) {
	return l.acquire(ctx, id, 1)
}

func (l *organizationLocks) acquire(ctx context.Context, id, weight int64) (func(), error) {
	l.mu.Lock()
	lock, ok := l.locks[id]
	if !ok {
		lock = semaphore.NewWeighted(math.MaxInt64)
		l.locks[id] = lock
	}
	l.mu.Unlock()
	if err := lock.Acquire(ctx, weight); err != nil {
		return nil, err
	}
	return func() { lock.Release(weight) }, nil
}
