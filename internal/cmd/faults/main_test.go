package main

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/guardai/terraform-provider-guardai/internal/cmd/internal/program"
)

var results = []Result{
	{Operation: "create", Fault: "503", Mode: Once, Verdict: AtOnce, Required: true},
	{Operation: "read", Fault: "503", Mode: Once, Verdict: NextApply, Required: true},
}

func TestWriteAsJSON(t *testing.T) {
	t.Parallel()
	opts := options{only: "*/*", workers: 1, out: filepath.Join(t.TempDir(), "results.json")}
	if err := errors.Join(opts.check(), opts.write("", results)); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(opts.out)
	if err != nil {
		t.Fatal(err)
	}
	var got []Result
	if err := json.Unmarshal(text, &got); err != nil || len(got) != 2 || got[1] != results[1] {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestFlags(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"-workers", "0"}, {"-only", "[x"}, {"more"}, {"-out", filepath.Join(t.TempDir(), "missing.md")}} {
		if code := newProgram().Execute(t.Context(), args, io.Discard, t.Output()); code != program.ExitUsage {
			t.Errorf("%q: exit code %d", args, code)
		}
	}
}

// The page has the marks that the program needs.
func TestPageHasMarks(t *testing.T) {
	t.Parallel()
	opts := options{out: filepath.Join("..", "..", "..", "development", "reliability.md")}
	if err := opts.page().Check(); err != nil {
		t.Error(err)
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
