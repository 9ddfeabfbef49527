// Package run starts programs so that they end properly when the user interrupts
// the one that started them.
package run

import (
	"context"
	"os/exec"
	"runtime"
	"time"
)

// grace is how long a program may take to end by itself once it was interrupted.
const grace = 20 * time.Second

// Command is exec.CommandContext for a program that is interrupted rather than
// killed when the context ends, so that it can clean up after itself. The program
// has a process group of its own where the system knows such: a Ctrl-C in the
// terminal then reaches it once, from here, and not twice. What it leaves running
// in that group is killed by Sweep.
func Command(ctx context.Context, name string, args ...string) *exec.Cmd {
	command := exec.CommandContext(ctx, name, args...) //nolint:gosec // Running what the caller names is what this is for.
	ownGroup(command)
	command.Cancel = func() error { return interrupt(command.Process) }
	command.WaitDelay = grace
	return command
}

// Sweep kills whatever a program that has ended left running in its group.
func Sweep(command *exec.Cmd) {
	if command.Process != nil {
		killGroup(command.Process)
	}
}

// Executable returns the name of the file that holds a program.
func Executable(name string) string {
	if runtime.GOOS == "windows" {
		return name + ".exe"
	}
	return name
}
