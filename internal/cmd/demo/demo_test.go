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
	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

// fakeDemo returns a demo whose CLI is a shell script, and the output.
func fakeDemo(t *testing.T, script string) (*demo, *bytes.Buffer) {
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
	server, err := sandbox.New(sandbox.Config{Seed: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	shown := &bytes.Buffer{}
	return &demo{Folder: folder, out: shown, platform: server}, shown
}

// The demo checks the platform instead of trusting the CLI.
func TestDemoFailsWithoutChanges(t *testing.T) {
	t.Parallel()
	d, shown := fakeDemo(t, "exit 0")
	err := d.play(t.Context())
	if err == nil || !strings.Contains(err.Error(), `GuardAI should hold "quickstart: maxItemCount=1000`) {
		t.Errorf("play with a CLI that does nothing: %v", err)
	}
	if !strings.Contains(shown.String(), "\n2. ") || strings.Contains(shown.String(), "\n3. ") {
		t.Errorf("it didn't end at step 2:\n%s", shown)
	}
}

// Another organization is deleted while the first command runs.
func TestDemoFailsIfOthersChange(t *testing.T) {
	t.Parallel()
	d, _ := fakeDemo(t, "echo planned")
	d.out = io.MultiWriter(writerFunc(func(p []byte) {
		if bytes.Contains(p, []byte("planned")) {
			d.platform.DeleteOrganization(1)
		}
	}))
	if err := d.play(t.Context()); err == nil || !strings.Contains(err.Error(), "existing organizations changed") {
		t.Errorf("play where an organization goes: %v", err)
	}
}

func TestRun(t *testing.T) {
	t.Parallel()
	d, shown := fakeDemo(t, `echo "got $*"; echo problem >&2; exit ${2:-0}`)
	if err := run("plan")(t.Context(), d); err != nil {
		t.Error(err)
	}
	if want := "\n$ terraform plan\ngot plan\nproblem\n"; shown.String() != want {
		t.Errorf("shown: %q, want %q", shown, want)
	}
	if err := run("apply", "2")(t.Context(), d); err == nil || !strings.Contains(err.Error(), "terraform apply ended with exit code 2") {
		t.Errorf("a command that fails: %v", err)
	}
}

func TestRunIsInterrupted(t *testing.T) {
	t.Parallel()
	d, shown := fakeDemo(t, `trap 'echo cleaned up; exit 1' INT; echo ready; while :; do sleep 0.01; done`)
	ctx, cancel := context.WithCancel(t.Context())
	d.out = io.MultiWriter(shown, writerFunc(func(p []byte) {
		if bytes.Contains(p, []byte("ready")) {
			cancel()
		}
	}))
	if err := run("apply")(ctx, d); !errors.Is(err, context.Canceled) {
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

func TestFiles(t *testing.T) {
	t.Parallel()
	d, shown := fakeDemo(t, "")
	if err := write("a.tf", "x = 1\n")(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	if content, err := d.Read("a.tf"); err != nil || content != "x = 1\n" {
		t.Errorf("a.tf holds %q, %v", content, err)
	}
	if err := remove("a.tf")(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(d.Path("a.tf")); !os.IsNotExist(err) {
		t.Errorf("a.tf is still there: %v", err)
	}
	if want := "\n$ cat > a.tf <<'END'\nx = 1\nEND\n\n$ rm a.tf\n"; shown.String() != want {
		t.Errorf("shown: %q, want %q", shown, want)
	}
}
