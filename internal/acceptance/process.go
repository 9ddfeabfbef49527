package acceptance

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/guardai/terraform-provider-guardai/internal/cli"
)

// Process is the provider as a separate process, for measurements and for reading its log.
type Process struct{ *cli.Provider }

// StartProcess builds and starts the provider with more environment variables. The process ends with the test.
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

// Workspace is NewWorkspace with this process as the provider.
func (p *Process) Workspace(t testing.TB, files map[string]string) *Workspace {
	t.Helper()
	return newWorkspace(t, files, p.Reattach)
}

// Crash ends the process like a panic, with all goroutine stacks in its log.
func (p *Process) Crash(t testing.TB) {
	t.Helper()
	if err := p.Signal(syscall.SIGQUIT); err != nil {
		t.Fatal(err)
	}
	p.Wait()
}

// PeakMemory returns the peak resident memory in bytes since the start or the last ResetPeak. It skips the test on
// systems without Linux's /proc.
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
