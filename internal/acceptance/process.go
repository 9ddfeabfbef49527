package acceptance

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// Process is the provider as a process of its own, for measuring it and for seeing
// what it writes.
type Process struct {
	reattach string
	command  *exec.Cmd
	log      lockedBuffer
	ended    chan struct{}
}

// lockedBuffer is written by a process and read beside it.
type lockedBuffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

// reattachLine is what a provider in debug mode prints for the CLI.
var reattachLine = regexp.MustCompile(`TF_REATTACH_PROVIDERS='(.*)'`)

// StartProcess builds the provider and starts it, with variables added to the
// environment. It ends with the test.
func StartProcess(t testing.TB, environ ...string) *Process {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "terraform-provider-guardai")
	buildProvider(t, binary)
	p := &Process{command: exec.CommandContext(t.Context(), binary, "-debug"), ended: make(chan struct{})} //nolint:gosec // It was built just now.
	p.command.Env, p.command.Stderr = append(os.Environ(), environ...), &p.log
	stdout, err := p.command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = p.command.Process.Signal(os.Interrupt)
		<-p.ended
	})
	found := p.attachment(stdout)
	go func() {
		_ = p.command.Wait()
		close(p.ended)
	}()
	if found == "" {
		t.Fatal("the provider ended before it said how to attach to it")
	}
	p.reattach = regexp.MustCompile(`"[^"]*/guardai":`).ReplaceAllString(found, strconv.Quote(ImpliedSource)+":")
	return p
}

// attachment reads what the CLI needs to attach to the process.
func (p *Process) attachment(stdout io.Reader) string {
	for lines := bufio.NewScanner(stdout); lines.Scan(); {
		if found := reattachLine.FindStringSubmatch(lines.Text()); found != nil {
			return found[1]
		}
	}
	return ""
}

// Log is what the process has written to its standard error so far.
func (p *Process) Log() string { return p.log.String() }

// Crash ends the process as a panic would, with the stacks of all its goroutines in
// its log.
func (p *Process) Crash(t testing.TB) {
	t.Helper()
	if err := p.command.Process.Signal(syscall.SIGQUIT); err != nil {
		t.Fatal(err)
	}
	<-p.ended
}

// Workspace is NewWorkspace for this process.
func (p *Process) Workspace(t testing.TB, files map[string]string) *Workspace {
	t.Helper()
	return newWorkspace(t, p.reattach, files)
}

// PeakMemory is the most resident memory that the process has had since its start
// or since ForgetPeak, in bytes. It needs Linux's /proc.
func (p *Process) PeakMemory(t testing.TB) int64 {
	t.Helper()
	status, err := os.ReadFile(p.proc("status"))
	if err != nil {
		t.Skipf("peak memory can't be read here: %v", err)
	}
	for line := range strings.Lines(string(status)) {
		if value, found := strings.CutPrefix(line, "VmHWM:"); found {
			kib, err := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(value), "kB")), 10, 64)
			if err != nil {
				t.Fatal(err)
			}
			return kib << 10
		}
	}
	t.Skip("peak memory isn't known here")
	return 0
}

// ForgetPeak starts the measuring of peak memory anew.
func (p *Process) ForgetPeak(t testing.TB) {
	t.Helper()
	const resetPeak = "5"
	if err := os.WriteFile(p.proc("clear_refs"), []byte(resetPeak), 0o600); err != nil {
		t.Skipf("peak memory can't be reset here: %v", err)
	}
}

func (p *Process) proc(name string) string {
	return fmt.Sprintf("/proc/%d/%s", p.command.Process.Pid, name)
}

// Timed returns how long a function takes.
func Timed(what func()) time.Duration {
	began := time.Now()
	what()
	return time.Since(began)
}
