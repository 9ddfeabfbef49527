package main

import (
	"io"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/guardai/terraform-provider-guardai/internal/cmd/internal/program"
)

func TestTable(t *testing.T) {
	t.Parallel()
	found := results{
		measurements: []measurement{
			{
				name: "plan", count: 2000, calls: 5, oneByOne: 2000, took: 3 * time.Second,
				baseline: "an empty provider", baselineTook: 2 * time.Second, peak: 40 << 20,
			},
			{name: "start", took: 50 * time.Millisecond, baseline: "an empty provider", baselineTook: 40 * time.Millisecond},
			{name: "list", count: 10_000, calls: 3, took: 2500 * time.Millisecond},
		},
		notes: []string{"Not measured."},
	}
	want := []string{
		"| plan | 2,000 | 5 | 2,000 | 3.00 s | 1.5 ms | an empty provider | 2.00 s | 1.50 | 40 MiB |",
		"| start | – | – | – | 50.0 ms | – | an empty provider | 40.0 ms | 1.25 | – |",
		"| list | 10,000 | 3 | – | 2.50 s | 0.2 ms | – | – | – | – |",
		"",
		"Not measured.",
	}
	lines := strings.Split(strings.TrimSpace(found.table()), "\n")
	if len(lines) != len(want)+2 {
		t.Fatalf("got:\n%s", found.table())
	}
	for i, line := range want {
		if lines[i+2] != line {
			t.Errorf("line %d is %q, want %q", i+2, lines[i+2], line)
		}
	}
	if cells := strings.Count(lines[0], "|"); cells != strings.Count(lines[1], "|") || cells != strings.Count(lines[2], "|") {
		t.Errorf("the columns don't match:\n%s", strings.Join(lines[:3], "\n"))
	}
}

func TestMedian(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		times []time.Duration
		want  time.Duration
	}{
		{[]time.Duration{7}, 7},
		{[]time.Duration{9, 1, 5}, 5},
		{[]time.Duration{9, 1, 5, 3}, 4},
	} {
		if got := median(test.times); got != test.want {
			t.Errorf("median of %v is %v, want %v", test.times, got, test.want)
		}
	}
}

func TestFlags(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"-runs", "0"}, {"-only", "("}, {"more"}, {"-out", filepath.Join(t.TempDir(), "missing.md")}} {
		if code := newProgram(&options{}).Execute(t.Context(), args, io.Discard, t.Output()); code != program.ExitUsage {
			t.Errorf("%q: exit code %d", args, code)
		}
	}
}

// The page has the markers that the program needs.
func TestPageHasMarks(t *testing.T) {
	t.Parallel()
	page := program.Page{File: filepath.Join("..", "..", "..", "development", "performance.md"), Name: "bench"}
	if err := page.Check(); err != nil {
		t.Error(err)
	}
}
