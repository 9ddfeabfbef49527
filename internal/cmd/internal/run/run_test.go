//go:build unix

package run

import (
	"bufio"
	"context"
	"io"
	"os"
	"strings"
	"testing"
	"time"
)

func TestCommandIsInterruptedNotKilled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	command := Command(ctx, "sh", "-c", `trap 'echo cleaned up; exit 7' INT; echo ready; while :; do sleep 0.01; done`)
	output, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(output)
	lines.Scan()
	cancel()
	lines.Scan()
	if lines.Text() != "cleaned up" {
		t.Errorf("after the interruption it wrote %q", lines.Text())
	}
	_ = command.Wait()
	if code := command.ProcessState.ExitCode(); code != 7 {
		t.Errorf("it ended with %d, want its own 7", code)
	}
}

func TestSweepKillsWhatIsLeft(t *testing.T) {
	reader, writer, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = reader.Close() }()
	command := Command(t.Context(), "sh", "-c", "sleep 60 & echo started")
	command.Stdout = writer
	if err := command.Run(); err != nil {
		t.Fatal(err)
	}
	_ = writer.Close()
	Sweep(command)
	// The sleep holds the other end of the pipe for as long as it runs.
	if err := reader.SetReadDeadline(time.Now().Add(30 * time.Second)); err != nil {
		t.Fatal(err)
	}
	output, err := io.ReadAll(reader)
	if err != nil || strings.TrimSpace(string(output)) != "started" {
		t.Errorf("what the shell left running still holds its output: %q, %v", output, err)
	}
}

func TestSweepBeforeStart(t *testing.T) {
	Sweep(Command(t.Context(), "sh"))
}
