package component

import (
	"slices"
	"strconv"
	"strings"
	"testing"
)

func TestTruncate(t *testing.T) {
	t.Parallel()
	found := []int{1, 2, 3}
	for limit, want := range map[int64][]int{-1: {}, 0: {}, 1: {1}, 3: {1, 2, 3}, 100: {1, 2, 3}} {
		if got := Truncate(found, limit); !slices.Equal(got, want) {
			t.Errorf("%d of %v: got %v", limit, found, got)
		}
	}
}

func TestJoinLimited(t *testing.T) {
	t.Parallel()
	things := make([]string, 3000)
	for i := range things {
		things[i] = strconv.Itoa(i + 1)
	}
	first := strings.Join(things[:20], ", ")
	for count, want := range map[int]string{0: "", 1: "1", 20: first, 21: first + ", and 1 more", 3000: first + ", and 2980 more"} {
		if got := JoinLimited(things[:count], ", "); got != want {
			t.Errorf("%d things: got %q, want %q", count, got, want)
		}
	}
	if things[20] != "21" {
		t.Error("the caller's slice was changed")
	}
}
