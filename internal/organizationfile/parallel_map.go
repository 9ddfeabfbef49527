package organizationfile

import (
	"context"
	"iter"
)

// parallelMap yields what work makes of each item, in the order of the items, and
// works on up to limit of them at once. It is at most that far ahead of whoever
// listens; when they stop, the work's context is canceled.
func parallelMap[From, To any](ctx context.Context, items []From, limit int, work func(context.Context, From) To) iter.Seq[To] {
	return func(yield func(To) bool) {
		ctx, stop := context.WithCancel(ctx)
		defer stop()
		left, begun := items, []chan To{}
		for len(left) > 0 || len(begun) > 0 {
			for len(left) > 0 && len(begun) < limit {
				item, done := left[0], make(chan To, 1)
				go func() { done <- work(ctx, item) }()
				left, begun = left[1:], append(begun, done)
			}
			if !yield(<-begun[0]) {
				return
			}
			begun = begun[1:]
		}
	}
}
