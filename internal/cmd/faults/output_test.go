package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/guardai/terraform-provider-guardai/internal/cmd/faults/matrix"
)

var results = []matrix.Result{
	{Operation: "create", Fault: "503", Mode: matrix.Once, Verdict: matrix.AtOnce, Required: true},
	{Operation: "read", Fault: "503", Mode: matrix.Once, Verdict: matrix.NextApply, Required: true},
}

func TestWriteIntoAPage(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "page.md")
	page := "before\n" + pageBegin + "\nold\n" + pageEnd + "after\n"
	if err := os.WriteFile(file, []byte(page), 0o600); err != nil {
		t.Fatal(err)
	}
	// The second time, too.
	for range 2 {
		if err := write(file, results); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(file) //nolint:gosec // The path is the test's own.
	if err != nil {
		t.Fatal(err)
	}
	text := string(got)
	if !strings.HasPrefix(text, "before\n"+pageBegin) || !strings.HasSuffix(text, pageEnd+"after\n") ||
		strings.Contains(text, "old") || strings.Count(text, "| 503 | at once |") != 1 {
		t.Errorf("the page is:\n%s", text)
	}
}

func TestOutputNeedsMarks(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "page.md")
	if err := os.WriteFile(file, []byte("no marks\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := checkOutput(file); err == nil || !strings.Contains(err.Error(), "<!-- faults: begin -->") {
		t.Errorf("a page without marks: %v", err)
	}
}

func TestWriteAsJSON(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "results.json")
	if err := checkOutput(file); err != nil {
		t.Fatal(err)
	}
	if err := write(file, results); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(file) //nolint:gosec // The path is the test's own.
	if err != nil {
		t.Fatal(err)
	}
	var got []matrix.Result
	if err := json.Unmarshal(text, &got); err != nil || len(got) != 2 || got[1] != results[1] {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestJudge(t *testing.T) {
	t.Parallel()
	if err := judge(results[:1]); err != nil {
		t.Errorf("a good run: %v", err)
	}
	if err := judge(results); err == nil || !strings.Contains(err.Error(), "1 of 2 runs") || !strings.Contains(err.Error(), "read / 503 (once): next apply") {
		t.Errorf("a run that must pass at once: %v", err)
	}
	if err := judge(nil); err == nil {
		t.Error("nothing at all is good")
	}
}
