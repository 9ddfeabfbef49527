package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/guardai/terraform-provider-guardai/internal/cli"
)

// fakeTerminal returns a terminal whose CLI is a shell script, and what it shows.
func fakeTerminal(t *testing.T, script string) (*terminal, *bytes.Buffer) {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("the fake CLI is a shell script")
	}
	path := filepath.Join(t.TempDir(), "terraform")
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+script+"\n"), 0o700); err != nil { //nolint:gosec // A script must be executable.
		t.Fatal(err)
	}
	folder, err := cli.NewFolder(t.TempDir(), path)
	if err != nil {
		t.Fatal(err)
	}
	shown := &bytes.Buffer{}
	return &terminal{Folder: folder, out: shown}, shown
}

func TestTerminalShowsWhatItRuns(t *testing.T) {
	term, shown := fakeTerminal(t, `echo "got $*"; echo problem >&2`)
	term.step("Plan.")
	if err := term.command(t.Context(), "plan", "-out=x"); err != nil {
		t.Fatal(err)
	}
	term.checked("%d things", 3)
	term.step("Apply.")
	want := "\n1. Plan.\n\n$ terraform plan -out=x\n    got plan -out=x\n    problem\n\nChecked: 3 things.\n\n2. Apply.\n"
	if shown.String() != want {
		t.Errorf("shown:\n%s\nwant:\n%s", shown, want)
	}
}

func TestTerminalReportsFailures(t *testing.T) {
	term, _ := fakeTerminal(t, "exit 2")
	if err := term.command(t.Context(), "apply"); err == nil || !strings.Contains(err.Error(), "terraform apply ended with exit code 2") {
		t.Errorf("command: %v", err)
	}
	if err := term.noChanges(t.Context()); err == nil || !strings.Contains(err.Error(), "nothing to do") {
		t.Errorf("noChanges: %v", err)
	}
}

func TestTerminalIsInterrupted(t *testing.T) {
	term, shown := fakeTerminal(t, `trap 'echo cleaned up; exit 1' INT; echo ready; while :; do sleep 0.01; done`)
	ctx, cancel := context.WithCancel(t.Context())
	term.out = io.MultiWriter(term.out, writerFunc(func(p []byte) {
		if bytes.Contains(p, []byte("ready")) {
			cancel()
		}
	}))
	if err := term.command(ctx, "apply"); !errors.Is(err, context.Canceled) {
		t.Errorf("command: %v", err)
	}
	if !strings.Contains(shown.String(), "cleaned up") {
		t.Errorf("the CLI couldn't clean up: %s", shown)
	}
}

type writerFunc func(p []byte)

func (f writerFunc) Write(p []byte) (int, error) {
	f(p)
	return len(p), nil
}

func TestTerminalFiles(t *testing.T) {
	term, shown := fakeTerminal(t, "")
	if err := term.write("a.tf", "x = 1\ny = 2\n"); err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(filepath.Join(term.Dir, "a.tf"))
	if err != nil || string(content) != "x = 1\ny = 2\n" {
		t.Errorf("a.tf holds %q, %v", content, err)
	}
	if err := term.remove("a.tf"); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(term.Dir, "a.tf")); !os.IsNotExist(err) {
		t.Errorf("a.tf is still there: %v", err)
	}
	if want := "\n$ cat > a.tf <<'END'\nx = 1\ny = 2\nEND\n\n$ rm a.tf\n"; shown.String() != want {
		t.Errorf("shown: %q, want %q", shown, want)
	}
}
