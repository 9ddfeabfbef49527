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
	// writes counts the calls of invalidate.
	writes int
}

type cachedList[T any] struct {
	list []T
	// writes is the count of writes before the list was read. get never returns a list that was read before a write.
	writes int
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
		if ok && cached.writes == writes {
			return cached.list, cached.forbidden
		}
		list, err := read(ctx)
		if err == nil || IsForbidden(err) {
			c.store(key, cachedList[T]{list, writes, err})
		}
		return list, err
	})
}

func (c *listCache[T]) store(key string, list cachedList[T]) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.entries == nil {
		c.entries = map[string]cachedList[T]{}
	}
	if list.writes >= c.entries[key].writes {
		c.entries[key] = list
	}
}

// latest returns the last list of key that was read, even if something was written since; nil if there is none.
func (c *listCache[T]) latest(key string) []T {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.entries[key].list
}

// invalidate makes get read all lists again.
func (c *listCache[T]) invalidate() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.writes++
}
