package guardai

import (
	"context"
	"sync"
)

// flights lets all who want the same thing at the same time share one call for
// it. Unlike x/sync's singleflight, a caller that is canceled leaves at once,
// the call goes on for the others, and it is canceled when the last has left.
type flights[K comparable, V any] struct {
	mu      sync.Mutex
	current map[K]*flight[V]
}

type flight[V any] struct {
	done    chan struct{}
	cancel  context.CancelFunc
	waiting int
	value   V
	err     error
}

// do returns what fn returns for key, from a call that may be another caller's.
func (f *flights[K, V]) do(ctx context.Context, key K, fn func(context.Context) (V, error)) (V, error) {
	current := f.join(ctx, key, fn)
	select {
	case <-current.done:
		return current.value, current.err
	case <-ctx.Done():
		f.leave(key, current)
		var none V
		return none, context.Cause(ctx)
	}
}

func (f *flights[K, V]) join(ctx context.Context, key K, fn func(context.Context) (V, error)) *flight[V] {
	f.mu.Lock()
	defer f.mu.Unlock()
	if current, ok := f.current[key]; ok {
		current.waiting++
		return current
	}
	shared, cancel := context.WithCancel(context.WithoutCancel(ctx))
	current := &flight[V]{done: make(chan struct{}), cancel: cancel, waiting: 1}
	if f.current == nil {
		f.current = map[K]*flight[V]{}
	}
	f.current[key] = current
	go func() {
		defer cancel()
		current.value, current.err = fn(shared)
		f.forget(key, current)
		close(current.done)
	}()
	return current
}

// leave gives up waiting. The last to leave cancels the call.
func (f *flights[K, V]) leave(key K, current *flight[V]) {
	f.mu.Lock()
	defer f.mu.Unlock()
	current.waiting--
	if current.waiting == 0 {
		current.cancel()
		if f.current[key] == current {
			delete(f.current, key)
		}
	}
}

// forget takes a call out, so that whoever comes next starts a new one.
func (f *flights[K, V]) forget(key K, current *flight[V]) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.current[key] == current {
		delete(f.current, key)
	}
}
