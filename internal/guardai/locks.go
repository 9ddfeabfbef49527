package guardai

import (
	"context"
	"math"
	"sync"

	"golang.org/x/sync/semaphore"
)

// keyedLocks are locks with any number of shared holders or one exclusive holder, one for each key.
type keyedLocks[K comparable] struct {
	mu    sync.Mutex
	locks map[K]*semaphore.Weighted
}

// exclusive waits until nobody else holds the key. The returned function ends the hold.
func (l *keyedLocks[K]) exclusive(ctx context.Context, key K) (release func(), err error) {
	return l.acquire(ctx, key, math.MaxInt64)
}

// shared waits until nobody holds the key exclusively.
func (l *keyedLocks[K]) shared(ctx context.Context, key K) (release func(), err error) {
	return l.acquire(ctx, key, 1)
}

func (l *keyedLocks[K]) acquire(ctx context.Context, key K, weight int64) (func(), error) {
	l.mu.Lock()
	lock, ok := l.locks[key]
	if !ok {
		if l.locks == nil {
			l.locks = map[K]*semaphore.Weighted{}
		}
		lock = semaphore.NewWeighted(math.MaxInt64)
		l.locks[key] = lock
	}
	l.mu.Unlock()
	if err := lock.Acquire(ctx, weight); err != nil {
		return nil, err
	}
	return func() { lock.Release(weight) }, nil
}
