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
)

// fakeRunner returns a runner whose CLI is a shell script, and what it shows.
func fakeRunner(t *testing.T, script string) (*runner, *bytes.Buffer) {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("the fake CLI is a shell script")
	}
	w := &workspace{dir: t.TempDir(), cliConfig: "cli.tfrc"}
	w.cli = filepath.Join(w.dir, "terraform")
	w.quickstart = t.TempDir()
	if err := os.WriteFile(w.cli, []byte("#!/bin/sh\n"+script+"\n"), 0o700); err != nil { //nolint:gosec // A script must be executable.
		t.Fatal(err)
	}
	shown := &bytes.Buffer{}
	return newRunner(shown, w, "http://127.0.0.1:1"), shown
}

func TestRunnerShowsWhatItRuns(t *testing.T) {
	r, shown := fakeRunner(t, `echo "got $*"; echo problem >&2`)
	r.step("Plan.")
	if err := r.command(t.Context(), "plan", "-out=x"); err != nil {
		t.Fatal(err)
	}
	r.checked("%d things", 3)
	r.step("Apply.")
	want := "\n1. Plan.\n\n$ terraform plan -out=x\n    got plan -out=x\n    problem\n\nChecked: 3 things.\n\n2. Apply.\n"
	if shown.String() != want {
		t.Errorf("shown:\n%s\nwant:\n%s", shown, want)
	}
}

func TestRunnerChoosesTheEnvironment(t *testing.T) {
	t.Setenv("TF_CLI_ARGS_plan", "-destroy")
	t.Setenv("GUARDAI_TOKEN", "someone's")
	r, shown := fakeRunner(t, "env; pwd -P")
	if err := r.command(t.Context(), "plan"); err != nil {
		t.Fatal(err)
	}
	got := shown.String()
	for _, forbidden := range []string{"TF_CLI_ARGS_plan", "GUARDAI_TOKEN"} {
		if strings.Contains(got, forbidden) {
			t.Errorf("the CLI was given %s", forbidden)
		}
	}
	dir, err := filepath.EvalSymlinks(r.dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, wanted := range []string{"GUARDAI_HOST=http://127.0.0.1:1", "TF_CLI_CONFIG_FILE=cli.tfrc", "CHECKPOINT_DISABLE=1", "TF_CLI_ARGS=-no-color", dir} {
		if !strings.Contains(got, "    "+wanted+"\n") {
			t.Errorf("the CLI wasn't given %s:\n%s", wanted, got)
		}
	}
}

func TestRunnerReportsFailures(t *testing.T) {
	r, _ := fakeRunner(t, "exit 2")
	if err := r.command(t.Context(), "apply"); err == nil || !strings.Contains(err.Error(), "terraform apply ended with exit code 2") {
		t.Errorf("command: %v", err)
	}
	if err := r.noChanges(t.Context()); err == nil || !strings.Contains(err.Error(), "nothing to do") {
		t.Errorf("noChanges: %v", err)
	}
}

func TestRunnerIsInterrupted(t *testing.T) {
	r, shown := fakeRunner(t, `trap 'echo cleaned up; exit 1' INT; echo ready; while :; do sleep 0.01; done`)
	ctx, cancel := context.WithCancel(t.Context())
	r.out = io.MultiWriter(r.out, writerFunc(func(p []byte) {
		if bytes.Contains(p, []byte("ready")) {
			cancel()
		}
	}))
	if err := r.command(ctx, "apply"); !errors.Is(err, context.Canceled) {
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

func TestRunnerFiles(t *testing.T) {
	r, shown := fakeRunner(t, "")
	if err := r.write("a.tf", "x = 1\ny = 2\n"); err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(filepath.Join(r.dir, "a.tf"))
	if err != nil || string(content) != "x = 1\ny = 2\n" {
		t.Errorf("a.tf holds %q, %v", content, err)
	}
	if err := r.remove("a.tf"); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(r.dir, "a.tf")); !os.IsNotExist(err) {
		t.Errorf("a.tf is still there: %v", err)
	}
	if want := "\n$ cat > a.tf <<'END'\nx = 1\ny = 2\nEND\n\n$ rm a.tf\n"; shown.String() != want {
		t.Errorf("shown: %q, want %q", shown, want)
	}
}
