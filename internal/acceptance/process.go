package acceptance

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/guardai/terraform-provider-guardai/internal/cli"
)

// Process is the provider as a process of its own, for measuring it and for seeing what it writes.
type Process struct{ *cli.Provider }

// StartProcess builds the provider and starts it, with variables added to the environment. It ends with the test.
func StartProcess(t testing.TB, environ ...string) *Process {
	t.Helper()
	program := filepath.Join(t.TempDir(), cli.Executable("terraform-provider-guardai"))
	BuildProvider(t, program)
	p, err := (&cli.Folder{Env: append(os.Environ(), environ...)}).StartProvider(t.Context(), program)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Stop)
	return &Process{p}
}

// Workspace is NewWorkspace for this process.
func (p *Process) Workspace(t testing.TB, files map[string]string) *Workspace {
	t.Helper()
	return newWorkspace(t, files, p.Reattach)
}

// Crash ends the process as a panic would, with the stacks of all its goroutines in its log.
func (p *Process) Crash(t testing.TB) {
	t.Helper()
	if err := p.Signal(syscall.SIGQUIT); err != nil {
		t.Fatal(err)
	}
	p.Wait()
}

// PeakMemory is the most resident memory that the process has had since its start or
// since ResetPeak, in bytes. It needs Linux's /proc.
func (p *Process) PeakMemory(t testing.TB) int64 {
	t.Helper()
	peak, err := p.Provider.PeakMemory()
	if err != nil {
		t.Skip(err)
	}
	return peak
}

// ResetPeak restarts the measurement of peak memory.
func (p *Process) ResetPeak(t testing.TB) {
	t.Helper()
	if err := p.ResetPeakMemory(); err != nil {
		t.Skip(err)
	}
}

// Timed returns how long a function takes.
func Timed(what func()) time.Duration {
	began := time.Now()
	what()
	return time.Since(began)
}
