package acceptance

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

// Process is the provider as a process of its own, for measuring it.
type Process struct {
	reattach string
	command  *exec.Cmd
}

// reattachLine is what a provider in debug mode prints for the CLI.
var reattachLine = regexp.MustCompile(`TF_REATTACH_PROVIDERS='(.*)'`)

// StartProcess builds the provider and starts it. It ends with the test.
func StartProcess(t testing.TB) *Process {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "terraform-provider-guardai")
	build := exec.CommandContext(t.Context(), "go", "build", "-o", binary, "github.com/guardai/terraform-provider-guardai") //nolint:gosec // The test names the path.
	if output, err := build.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, output)
	}
	p := &Process{command: exec.CommandContext(t.Context(), binary, "-debug")} //nolint:gosec // It was built just now.
	stdout, err := p.command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = p.command.Process.Signal(os.Interrupt)
		_ = p.command.Wait()
	})
	for lines := bufio.NewScanner(stdout); lines.Scan(); {
		if found := reattachLine.FindStringSubmatch(lines.Text()); found != nil {
			p.reattach = regexp.MustCompile(`"[^"]*/guardai":`).ReplaceAllString(found[1], strconv.Quote(ImpliedSource)+":")
			return p
		}
	}
	t.Fatal("the provider ended before it said how to attach to it")
	return nil
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
