package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestTable(t *testing.T) {
	t.Parallel()
	found := results{
		measurements: []measurement{
			{
				name: "plan", count: 2000, calls: 5, oneByOne: 2000, took: 3 * time.Second,
				beside: "`terraform_data`", besideTook: 2 * time.Second, peak: 40 << 20,
			},
			{name: "start", took: 50 * time.Millisecond, beside: "an empty provider", besideTook: 40 * time.Millisecond},
			{name: "list", count: 10_000, calls: 3, took: 2500 * time.Millisecond},
		},
		notes: []string{"Not measured."},
	}
	want := []string{
		"| plan | 2,000 | 5 | 2,000 | 3.00 s | 1.5 ms | `terraform_data` | 2.00 s | 1.50 | 40 MiB |",
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

func TestWritePage(t *testing.T) {
	t.Parallel()
	page := filepath.Join(t.TempDir(), "page.md")
	if err := os.WriteFile(page, []byte("# Page\n\n"+pageBegin+"\nold\n\n"+pageEnd+"\nmore\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	// A second time takes the place of the first.
	for _, report := range []string{"first\n", "second\n"} {
		if err := writePage(page, report); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(page) //nolint:gosec // It is the test's own.
	if err != nil {
		t.Fatal(err)
	}
	if want := "# Page\n\n" + pageBegin + "\nsecond\n\n" + pageEnd + "\nmore\n"; string(got) != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if err := os.WriteFile(page, []byte("# Page\n"+pageEnd+pageBegin), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := checkPage(page); err == nil {
		t.Error("a page without marks in their order is taken")
	}
}

func TestParse(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"-runs", "0"}, {"-only", "("}, {"more"}} {
		if _, err := parse(args, t.Output()); err == nil {
			t.Errorf("%q is taken", args)
		}
	}
	chosen, err := parse([]string{"-quick", "-runs", "3", "-only", "files"}, t.Output())
	if err != nil || !chosen.quick || chosen.runs != 3 || !chosen.only.MatchString("plan of files") || chosen.only.MatchString("start") {
		t.Errorf("got %+v, %v", chosen, err)
	}
}

// The guide has the marks that the program needs.
func TestGuideHasMarks(t *testing.T) {
	t.Parallel()
	if err := checkPage(filepath.Join("..", "..", "..", "templates", "guides", "performance.md")); err != nil {
		t.Error(err)
	}
}
