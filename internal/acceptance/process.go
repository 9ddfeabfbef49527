package acceptance

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/guardai/terraform-provider-guardai/internal/cli"
)

// Process is the provider as a separate process, whose log tests read.
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
