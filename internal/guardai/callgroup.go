package guardai

import (
	"context"
	"sync"
)

// callGroup lets concurrent callers with the same key share one call. A canceled caller returns at once. The call
// continues for the others, and is canceled when none is left, which x/sync/singleflight doesn't do.
type callGroup[V any] struct {
	mu    sync.Mutex
	calls map[string]*sharedCall[V]
}

type sharedCall[V any] struct {
	cancel  context.CancelFunc
	callers int
	// done is closed once value and err are set.
	done  chan struct{}
	value V
	err   error
}

// do returns the result of fn for key, which may come from another caller's call.
func (g *callGroup[V]) do(ctx context.Context, key string, fn func(context.Context) (V, error)) (V, error) {
	var none V
	if ctx.Err() != nil {
		return none, context.Cause(ctx)
	}
	call := g.join(ctx, key, fn)
	select {
	case <-call.done:
		return call.value, call.err
	case <-ctx.Done():
		g.leave(key, call)
		return none, context.Cause(ctx)
	}
}

// join returns the call in progress for key, or starts one.
func (g *callGroup[V]) join(ctx context.Context, key string, fn func(context.Context) (V, error)) *sharedCall[V] {
	g.mu.Lock()
	defer g.mu.Unlock()
	call, ok := g.calls[key]
	if !ok {
		shared, cancel := context.WithCancel(context.WithoutCancel(ctx))
		call = &sharedCall[V]{cancel: cancel, done: make(chan struct{})}
		if g.calls == nil {
			g.calls = map[string]*sharedCall[V]{}
		}
		g.calls[key] = call
		go func() {
			defer cancel()
			call.value, call.err = fn(shared)
			g.mu.Lock()
			defer g.mu.Unlock()
			g.remove(key, call)
			close(call.done)
		}()
	}
	call.callers++
	return call
}

// leave cancels a call whose last caller is gone.
func (g *callGroup[V]) leave(key string, call *sharedCall[V]) {
	g.mu.Lock()
	defer g.mu.Unlock()
	call.callers--
	if call.callers == 0 {
		call.cancel()
		g.remove(key, call)
	}
}

// forget makes the next caller for key start a new call.
func (g *callGroup[V]) forget(key string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.calls, key)
}

// remove removes a call unless a newer one has taken its place. The caller holds mu.
func (g *callGroup[V]) remove(key string, call *sharedCall[V]) {
	if g.calls[key] == call {
		delete(g.calls, key)
	}
}
