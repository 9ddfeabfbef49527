//go:build unix

package main

import (
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/guardai/terraform-provider-guardai/internal/acceptance"
	"github.com/guardai/terraform-provider-guardai/internal/cli"
)

// firstStep matches the output after the setup.
var firstStep = regexp.MustCompile(`(?m)^1\. Plan`)

// An interrupted demo leaves no process and no folder.
func TestInterruptedDemoLeavesNothing(t *testing.T) {
	t.Parallel()
	program := filepath.Join(t.TempDir(), "demo")
	if err := cli.Build(t.Context(), ".", ".", program, t.Output()); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		// pipe is a command that reads the demo's output.
		pipe   string
		signal os.Signal
	}{
		"output closed": {pipe: ` | head -n 1`},
		"errors closed": {pipe: ` 2>&1 >/dev/null | head -n 1`},
		"SIGTERM":       {signal: syscall.SIGTERM},
		"Ctrl-C":        {signal: os.Interrupt},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			temp := t.TempDir()
			command := cli.Command(t.Context(), "sh", "-c", "exec "+program+test.pipe)
			command.Env = append(os.Environ(), "TMPDIR="+temp, cli.EnvVar+"="+acceptance.CLIPath(t))
			process, err := cli.Start(command)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(process.KillGroup)
			if test.signal != nil {
				interrupt(t, process, test.signal)
			}
			process.Wait()
			checkNothingLeft(t, process, temp)
		})
	}
}

// interrupt signals the demo after its first output.
func interrupt(t *testing.T, process *cli.Process, signal os.Signal) {
	t.Helper()
	if _, err := process.AwaitOutput(t.Context(), firstStep); err != nil {
		t.Fatal(err)
	}
	if err := process.Signal(signal); err != nil {
		t.Fatal(err)
	}
	if code := process.Wait(); code != 1 || !strings.Contains(process.Log(), "interrupted") {
		t.Errorf("it ended with %d:\n%s", code, process.Log())
	}
}

// checkNothingLeft checks that a process left no other processes and no files.
func checkNothingLeft(t *testing.T, process *cli.Process, temp string) {
	t.Helper()
	if err := syscall.Kill(-process.Pid(), 0); !errors.Is(err, syscall.ESRCH) {
		t.Errorf("a process is left: %v", err)
	}
	left, err := filepath.Glob(filepath.Join(temp, "*"))
	if err != nil || len(left) > 0 {
		t.Errorf("files are left: %v, %v", left, err)
	}
	if running := runningIn(t, temp); len(running) > 0 {
		t.Errorf("processes are left: %v", running)
	}
}

// runningIn returns the programs that run in or from a folder, as far as Linux's /proc shows them. The demo's children
// have their own process groups.
func runningIn(t *testing.T, dir string) []string {
	t.Helper()
	var running []string
	for _, link := range []string{"cwd", "exe"} {
		processes, err := filepath.Glob("/proc/[0-9]*/" + link)
		if err != nil {
			t.Fatal(err)
		}
		for _, process := range processes {
			if target, err := os.Readlink(process); err == nil && strings.HasPrefix(target, dir) {
				running = append(running, target)
			}
		}
	}
	slices.Sort(running)
	return slices.Compact(running)
}
