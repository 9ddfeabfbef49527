package guardai

import (
	"context"

	"golang.org/x/sync/singleflight"
)

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
