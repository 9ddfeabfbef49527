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

// interruptGrace is how long an interrupted program may take to exit before it is killed.
const interruptGrace = 20 * time.Second

// maxErrorOutput is how many bytes of a failed command's output an error includes.
const maxErrorOutput = 8 << 10

// Command is exec.CommandContext for a program that is interrupted rather than killed when the context ends, so it can
// clean up. On Unix, it gets its own process group: Ctrl-C in the terminal then reaches it only once, through the
// context.
func Command(ctx context.Context, name string, args ...string) *exec.Cmd {
	command := exec.CommandContext(ctx, name, args...) //nolint:gosec // The caller names the program.
	setProcessGroup(command)
	command.Cancel = func() error { return interrupt(command.Process) }
	command.WaitDelay = interruptGrace
	return command
}

// Output is the output and exit code of a command.
type Output struct {
	Stdout, Stderr string
	ExitCode       int
	Took           time.Duration
	// CPU is the CPU time of the command and of the processes that it waited for.
	CPU time.Duration
}

// Text returns stdout followed by stderr.
func (o Output) Text() string { return o.Stdout + o.Stderr }

// Capture runs a command and kills the processes that it leaves in its group. A non-zero exit code is not an error. The
// command's own writers receive the output too; if both are the same, Stdout holds both streams in order.
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
		output.CPU = command.ProcessState.UserTime() + command.ProcessState.SystemTime()
	}
	if exit, failed := errors.AsType[*exec.ExitError](err); failed && exit.Exited() {
		err = nil
	}
	return output, err
}

// RequireSuccess is Capture for a command that must exit with 0.
func RequireSuccess(command *exec.Cmd) (Output, error) {
	output, err := Capture(command)
	if err == nil && output.ExitCode != 0 {
		err = fmt.Errorf("exit code %d", output.ExitCode)
	}
	if err != nil {
		text := output.Text()
		err = fmt.Errorf("%s %s: %w\n%s", filepath.Base(command.Path), strings.Join(command.Args[1:], " "), err, text[max(0, len(text)-maxErrorOutput):])
	}
	return output, err
}

func tee(buffer *bytes.Buffer, also io.Writer) io.Writer {
	if also == nil {
		return buffer
	}
	return io.MultiWriter(buffer, also)
}

// Executable returns the file name of a program.
func Executable(name string) string {
	if runtime.GOOS == "windows" {
		return name + ".exe"
	}
	return name
}
