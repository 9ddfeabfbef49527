//go:build unix

package cancellation_test

import (
	"errors"
	"regexp"
	"syscall"
	"testing"
	"time"

	"github.com/guardai/terraform-provider-guardai/internal/acceptance"
	"github.com/guardai/terraform-provider-guardai/internal/cli"
)

// watchdog is how long the CLI may take to exit after Ctrl-C. It is shorter than the Retry-After in these tests.
const watchdog = 30 * time.Second

func newWorkspace(t *testing.T, testbed *cli.Testbed, s *acceptance.Sandbox, files map[string]string) *acceptance.Workspace {
	t.Helper()
	folder, err := testbed.Folder(append(s.Environ(), "TF_LOG_PROVIDER=WARN", "TF_IN_AUTOMATION=1")...)
	if err != nil {
		t.Fatal(err)
	}
	w := &acceptance.Workspace{Folder: folder}
	for name, content := range files {
		w.Write(t, name, content)
	}
	return w
}

// start starts a CLI command in its own process group, as a shell does.
func start(t *testing.T, w *acceptance.Workspace, args ...string) *cli.Process {
	t.Helper()
	process, err := cli.Start(w.Command(t.Context(), args...))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(process.KillGroup)
	return process
}

// waitForOutput waits until the CLI has written a text.
func waitForOutput(t *testing.T, process *cli.Process, text string) {
	t.Helper()
	if _, err := process.AwaitOutput(t.Context(), regexp.MustCompile(regexp.QuoteMeta(text))); err != nil {
		t.Fatal(err)
	}
}

// waitFor waits for a condition while the CLI runs.
func waitFor(t *testing.T, process *cli.Process, condition func() bool) {
	t.Helper()
	for !condition() {
		select {
		case <-time.After(10 * time.Millisecond):
		case <-process.Done:
			t.Fatalf("the CLI ended before it was interrupted:\n%s", process.Log())
		}
	}
}

// waitForExit waits until the CLI has exited by itself, and returns how long that took.
func waitForExit(t *testing.T, process *cli.Process) time.Duration {
	t.Helper()
	began := time.Now()
	timer := time.AfterFunc(watchdog, process.KillGroup)
	defer timer.Stop()
	code := process.Wait()
	took := time.Since(began)
	if code != 1 {
		t.Fatalf("the CLI ended with %d after Ctrl-C (-1: it had to be killed):\n%s", code, process.Log())
	}
	if err := syscall.Kill(-process.Pid(), 0); !errors.Is(err, syscall.ESRCH) {
		t.Errorf("the CLI left a process running: %v", err)
	}
	return took
}
