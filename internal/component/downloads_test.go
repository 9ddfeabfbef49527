package component

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
)

func TestParallelMapKeepsTheOrder(t *testing.T) {
	t.Parallel()
	for _, limit := range []int{1, 3, 4, 9} {
		// The second item of each pair finishes before the first, unless the limit is 1.
		ended := map[int]chan struct{}{1: make(chan struct{}), 3: make(chan struct{})}
		work := func(_ context.Context, n int) int {
			if end, odd := ended[n]; odd {
				close(end)
			} else if limit > 1 {
				<-ended[n+1]
			}
			return 10 * n
		}
		got := slices.Collect(parallelMap(t.Context(), []int{0, 1, 2, 3}, limit, work))
		if !slices.Equal(got, []int{0, 10, 20, 30}) {
			t.Errorf("at a limit of %d: got %v", limit, got)
		}
	}
	if got := slices.Collect(parallelMap(t.Context(), nil, 3, func(context.Context, int) int { return 0 })); got != nil {
		t.Errorf("of nothing: got %v", got)
	}
}

// At most limit items are in progress, and a consumer that stops cancels them.
func TestParallelMapIsBounded(t *testing.T) {
	t.Parallel()
	const limit = 3
	var begun atomic.Int64
	var ended sync.WaitGroup
	ended.Add(limit)
	work := func(ctx context.Context, n int) int {
		begun.Add(1)
		if n > 0 {
			<-ctx.Done()
		}
		ended.Done()
		return n
	}
	for got := range parallelMap(t.Context(), []int{0, 1, 2, 3, 4, 5}, limit, work) {
		if got != 0 {
			t.Errorf("got %d first", got)
		}
		break
	}
	ended.Wait()
	if got := begun.Load(); got != limit {
		t.Errorf("%d were begun, want %d", got, limit)
	}
}
