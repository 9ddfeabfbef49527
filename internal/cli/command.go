package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// grace is how long a program may take to end by itself once it was interrupted.
const grace = 20 * time.Second

// shownOutput is how much of a failed command's output an error shows, in bytes.
const shownOutput = 8 << 10

// Command is exec.CommandContext for a program that is interrupted rather than killed when the context ends, so that
// it can clean up after itself. It has a process group of its own where the system knows such: a Ctrl-C in the
// terminal then reaches it once, from here, and not twice.
func Command(ctx context.Context, name string, args ...string) *exec.Cmd {
	command := exec.CommandContext(ctx, name, args...) //nolint:gosec // Running what the caller names is what this is for.
	ownGroup(command)
	command.Cancel = func() error { return interrupt(command.Process) }
	command.WaitDelay = grace
	return command
}

// Output is what a command wrote, and how it ended.
type Output struct {
	Stdout, Stderr string
	ExitCode       int
	// Took is the time from start to end.
	Took time.Duration
}

// Text is all that the command wrote.
func (o Output) Text() string { return o.Stdout + o.Stderr }

// Capture runs a command to its end and kills what it leaves running in its group. An
// exit code other than 0 is no error. Writers that the command already has receive the
// output as it is written; where both are the same, Stdout holds all, in order.
func Capture(command *exec.Cmd) (Output, error) {
	var stdout, stderr bytes.Buffer
	same := command.Stdout != nil && command.Stdout == command.Stderr
	command.Stdout, command.Stderr = tee(&stdout, command.Stdout), tee(&stderr, command.Stderr)
	if same {
		command.Stderr = command.Stdout
	}
	began := time.Now()
	err := command.Run()
	output := Output{Stdout: stdout.String(), Stderr: stderr.String(), ExitCode: -1, Took: time.Since(began)}
	if command.Process != nil {
		killGroup(command.Process)
	}
	if command.ProcessState != nil {
		output.ExitCode = command.ProcessState.ExitCode()
	}
	if exit, failed := errors.AsType[*exec.ExitError](err); failed && exit.Exited() {
		err = nil
	}
	return output, err
}

// Succeed is Capture for a command that must end with exit code 0.
func Succeed(command *exec.Cmd) (Output, error) {
	output, err := Capture(command)
	if err == nil && output.ExitCode != 0 {
		err = fmt.Errorf("exit code %d", output.ExitCode)
	}
	if err != nil {
		text := output.Text()
		err = fmt.Errorf("%s %s: %w\n%s", filepath.Base(command.Path), strings.Join(command.Args[1:], " "), err, text[max(0, len(text)-shownOutput):])
	}
	return output, err
}

func tee(buffer *bytes.Buffer, also io.Writer) io.Writer {
	if also == nil {
		return buffer
	}
	return io.MultiWriter(buffer, also)
}

// Executable returns the name of the file that holds a program.
func Executable(name string) string {
	if runtime.GOOS == "windows" {
		return name + ".exe"
	}
	return name
}
