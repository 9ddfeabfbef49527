//go:build unix

package cli

import (
	"bytes"
	"context"
	"io"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// cleanUpScript cleans up when it is interrupted.
const cleanUpScript = `trap 'echo cleaned up; exit 7' INT; echo ready; while :; do sleep 0.01; done`

var ready = regexp.MustCompile(`(?m)^ready$`)

func TestCommandIsInterruptedNotKilled(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	process, err := Start(Command(ctx, "sh", "-c", cleanUpScript))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := process.AwaitOutput(t.Context(), ready); err != nil {
		t.Fatal(err)
	}
	cancel()
	if code := process.Wait(); code != 7 || !strings.Contains(process.Log(), "cleaned up") {
		t.Errorf("it ended with %d, want its own 7:\n%s", code, process.Log())
	}
}

func TestInterruptReachesProcessGroup(t *testing.T) {
	t.Parallel()
	process, err := Start(Command(t.Context(), "sh", "-c", "trap '' INT; (trap 'echo inner; exit 0' INT; echo ready; while :; do sleep 0.01; done)"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(process.KillGroup)
	if _, err := process.AwaitOutput(t.Context(), ready); err != nil {
		t.Fatal(err)
	}
	if err := process.Interrupt(); err != nil {
		t.Fatal(err)
	}
	if code := process.Wait(); code != 0 && !strings.Contains(process.Log(), "inner") {
		t.Errorf("it ended with %d:\n%s", code, process.Log())
	}
}

func TestAwaitOutputOfEndedProcess(t *testing.T) {
	t.Parallel()
	process, err := Start(Command(t.Context(), "sh", "-c", "echo other"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := process.AwaitOutput(t.Context(), ready); err == nil || !strings.Contains(err.Error(), "other") {
		t.Errorf("got %v", err)
	}
}

func TestPeakMemory(t *testing.T) {
	t.Parallel()
	process, err := Start(Command(t.Context(), "sh", "-c", cleanUpScript))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(process.KillGroup)
	if _, err := process.AwaitOutput(t.Context(), ready); err != nil {
		t.Fatal(err)
	}
	if err := process.ResetPeakMemory(); err != nil {
		t.Skip(err)
	}
	if peak, err := process.PeakMemory(); err != nil || peak < 100<<10 || peak > 100<<20 {
		t.Errorf("a shell has %d bytes, %v", peak, err)
	}
}

func TestCaptureKillsBackgroundProcesses(t *testing.T) {
	t.Parallel()
	reader, writer, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = reader.Close() }()
	command := Command(t.Context(), "sh", "-c", "sleep 60 >&3 2>&3 & echo started")
	command.ExtraFiles = []*os.File{writer}
	output, err := Capture(command)
	if err != nil || output.Stdout != "started\n" {
		t.Fatalf("%+v, %v", output, err)
	}
	_ = writer.Close()
	// The sleep holds the other end of the pipe for as long as it runs.
	if err := reader.SetReadDeadline(time.Now().Add(30 * time.Second)); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadAll(reader); err != nil {
		t.Errorf("what the shell left running still holds its output: %v", err)
	}
}

func TestCapture(t *testing.T) {
	t.Parallel()
	var both bytes.Buffer
	command := Command(t.Context(), "sh", "-c", "echo out; echo err >&2; echo more; exit 3")
	command.Stdout, command.Stderr = &both, &both
	output, err := Capture(command)
	if err != nil || output.ExitCode != 3 || output.Stdout != "out\nerr\nmore\n" || both.String() != output.Text() {
		t.Errorf("%+v, %v", output, err)
	}
	output, err = RequireSuccess(Command(t.Context(), "sh", "-c", "echo out; echo err >&2; exit 3"))
	if output.Stdout != "out\n" || output.Stderr != "err\n" || err == nil || !strings.Contains(err.Error(), "exit code 3\nout\nerr\n") {
		t.Errorf("%+v, %v", output, err)
	}
	if _, err := Capture(Command(t.Context(), "no such program")); err == nil {
		t.Error("what doesn't start is no error")
	}
	if _, err := Capture(Command(t.Context(), "sh", "-c", "kill -9 $$")); err == nil {
		t.Error("what is killed is no error")
	}
}

func TestFolder(t *testing.T) {
	t.Parallel()
	f, err := NewFolder(t.TempDir(), "sh", "A=1")
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Write("a/b.txt", "one\ntwo\n"); err != nil {
		t.Fatal(err)
	}
	if err := f.Replace("a/b.txt", "two", "three"); err != nil {
		t.Error(err)
	}
	for _, old := range []string{"four", "e"} {
		if err := f.Replace("a/b.txt", old, "x"); err == nil {
			t.Errorf("%q isn't there once, and is replaced", old)
		}
	}
	output, err := f.Subfolder("a").WithEnv("A=2").RequireSuccess(t.Context(), "-c", "cat b.txt; echo $A")
	if err != nil || output.Stdout != "one\nthree\n2\n" {
		t.Errorf("%+v, %v", output, err)
	}
}

func TestLines(t *testing.T) {
	t.Parallel()
	got := Lines("╷\n│ Error: x\n│\n│   with  y,\n╵\nz\n")
	if want := []string{"Error: x", "with y,", "z"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

const showJSON = `{"format_version":"1.0","values":{"root_module":{"resources":[
	{"address":"a","mode":"managed","type":"t","name":"a","values":{"id":9007199254740993}},
	{"address":"b","mode":"managed","type":"t","name":"b","values":{"id":"1/x/y"}},
	{"address":"data.c","mode":"data","type":"t","name":"c","values":{"id":7}}]}}}`

func TestState(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{showJSON: {"9007199254740993", "1/x/y"}, `{"format_version":"1.0"}`: nil} {
		f := &Folder{Dir: t.TempDir(), CLI: "./cli"}
		writeScript(t, f.Path("cli"), "echo '"+text+"'")
		f.CLI = f.Path("cli")
		state, err := f.State(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if got := ManagedIDs(state); !slices.Equal(got, want) {
			t.Errorf("got %v, want %v", got, want)
		}
	}
}
