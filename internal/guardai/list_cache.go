package guardai

import (
	"context"
	"fmt"
	"sync"
)

// listCache caches lists by key until something in one of them is written. Concurrent callers share a request. A list
// that is forbidden isn't requested again. The zero value is ready to use.
type listCache[T any] struct {
	calls callGroup[[]T]

	mu      sync.Mutex
	entries map[string]cachedList[T]
	// writes counts the calls of invalidate. What was read before a write is never used after it.
	writes int
}

type cachedList[T any] struct {
	list []T
	// forbidden is the error of a list that the caller may not read.
	forbidden error
}

// get returns the list of key from the cache, or from read.
func (c *listCache[T]) get(ctx context.Context, key string, read func(context.Context) ([]T, error)) ([]T, error) {
	c.mu.Lock()
	writes := c.writes
	c.mu.Unlock()
	return c.calls.do(ctx, fmt.Sprintf("%d %s", writes, key), func(ctx context.Context) ([]T, error) {
		c.mu.Lock()
		cached, ok := c.entries[key]
		c.mu.Unlock()
		if ok {
			return cached.list, cached.forbidden
		}
		list, err := read(ctx)
		if err == nil || IsForbidden(err) {
			c.store(writes, key, cachedList[T]{list, err})
		}
		return list, err
	})
}

func (c *listCache[T]) store(writes int, key string, list cachedList[T]) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if writes != c.writes {
		return
	}
	if c.entries == nil {
		c.entries = map[string]cachedList[T]{}
	}
	c.entries[key] = list
}

// invalidate discards all lists, also those that are being read.
func (c *listCache[T]) invalidate() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.entries = nil
	c.writes++
}
