//go:build unix

package cancellation_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/guardai/terraform-provider-guardai/internal/acceptance"
	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

// watchdog ends a CLI that goes on after Ctrl-C. It is shorter than the wait that
// the platform asks for in these tests, and far longer than an end takes.
const watchdog = 30 * time.Second

// terminal is a folder in which the CLI runs, with the provider as a program.
type terminal struct {
	dir     string
	environ []string
}

func newTerminal(t *testing.T, install *acceptance.Installation, s *acceptance.Sandbox, files map[string]string) *terminal {
	t.Helper()
	c := &terminal{dir: t.TempDir(), environ: append(install.Environ(t.TempDir()), "TF_LOG_PROVIDER=WARN", "TF_IN_AUTOMATION=1",
		"GUARDAI_HOST="+s.URL, "GUARDAI_API_KEY_ID="+sandbox.AdminKeyID, "GUARDAI_API_KEY="+sandbox.AdminKey)}
	for name, content := range files {
		c.write(t, name, content)
	}
	return c
}

func (c *terminal) write(t *testing.T, name, content string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(c.dir, name), []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

// running is a command of the CLI under way, in a process group of its own as a
// shell would have it.
type running struct {
	command *exec.Cmd
	wrote   *transcript
	// ended is closed when the CLI has ended.
	ended  chan struct{}
	cancel context.CancelFunc
}

func (c *terminal) start(t *testing.T, args ...string) *running {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	r := &running{wrote: newTranscript(), ended: make(chan struct{}), cancel: cancel}
	// env finds terraform on the terminal's PATH.
	r.command = exec.CommandContext(ctx, "/usr/bin/env", append([]string{"terraform"}, args...)...) //nolint:gosec // The test names the command.
	r.command.Dir, r.command.Env, r.command.Stdout, r.command.Stderr = c.dir, c.environ, r.wrote, r.wrote
	r.command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	r.command.Cancel = func() error { return syscall.Kill(-r.command.Process.Pid, syscall.SIGKILL) }
	if err := r.command.Start(); err != nil {
		cancel()
		t.Fatal(err)
	}
	go func() {
		_ = r.command.Wait()
		close(r.ended)
	}()
	t.Cleanup(func() {
		cancel()
		<-r.ended
	})
	return r
}

// run runs a command of the CLI to its end, and returns its exit code.
func (c *terminal) run(t *testing.T, args ...string) (int, string) {
	t.Helper()
	r := c.start(t, args...)
	<-r.ended
	return r.command.ProcessState.ExitCode(), r.wrote.String()
}

func (c *terminal) mustRun(t *testing.T, args ...string) {
	t.Helper()
	if code, wrote := c.run(t, args...); code != 0 {
		t.Fatalf("%s ended with %d:\n%s", strings.Join(args, " "), code, wrote)
	}
}

// await waits for an event while the CLI runs.
func (r *running) await(t *testing.T, event <-chan struct{}) {
	t.Helper()
	select {
	case <-event:
	case <-r.ended:
		t.Fatalf("the CLI ended before it was interrupted:\n%s", r.wrote)
	}
}

// interrupt does what a terminal does at Ctrl-C: it signals the whole group, the
// provider too.
func (r *running) interrupt(t *testing.T) {
	t.Helper()
	if err := syscall.Kill(-r.command.Process.Pid, syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
}

// end waits until the CLI has ended, which it must by itself, and tells how long
// that took.
func (r *running) end(t *testing.T) time.Duration {
	t.Helper()
	began := time.Now()
	timer := time.AfterFunc(watchdog, r.cancel)
	defer timer.Stop()
	<-r.ended
	took := time.Since(began)
	if code := r.command.ProcessState.ExitCode(); code != 1 {
		t.Fatalf("the CLI ended with %d after Ctrl-C (-1: it had to be killed):\n%s", code, r.wrote)
	}
	if err := syscall.Kill(-r.command.Process.Pid, 0); !errors.Is(err, syscall.ESRCH) {
		t.Errorf("the CLI left a process running: %v", err)
	}
	return took
}

// transcript is what a program writes, for those who wait for a part of it.
type transcript struct {
	mu      sync.Mutex
	text    bytes.Buffer
	awaited map[string]chan struct{}
}

func newTranscript() *transcript { return &transcript{awaited: map[string]chan struct{}{}} }

func (w *transcript) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	n, err := w.text.Write(p)
	for part, found := range w.awaited {
		w.tell(part, found)
	}
	return n, err
}

// has returns a channel that is closed once a part has been written.
func (w *transcript) has(part string) <-chan struct{} {
	w.mu.Lock()
	defer w.mu.Unlock()
	found := make(chan struct{})
	w.awaited[part] = found
	w.tell(part, found)
	return found
}

func (w *transcript) tell(part string, found chan struct{}) {
	if bytes.Contains(w.text.Bytes(), []byte(part)) {
		close(found)
		delete(w.awaited, part)
	}
}

// String returns what has been written so far.
func (w *transcript) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.text.String()
}
