package component

import (
	"slices"
	"testing"
)

func TestLimited(t *testing.T) {
	t.Parallel()
	found := []int{1, 2, 3}
	for limit, want := range map[int64][]int{-1: {}, 0: {}, 1: {1}, 3: {1, 2, 3}, 100: {1, 2, 3}} {
		if got := Limited(found, limit); !slices.Equal(got, want) {
			t.Errorf("%d of %v: got %v", limit, found, got)
		}
	}
}
