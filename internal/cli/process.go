package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Process is a running program whose output is recorded.
type Process struct {
	// Done is closed when the program has exited.
	Done <-chan struct{}

	command *exec.Cmd
	log     *outputLog
}

// Start starts a command and records its output. The command's context must end before the calling program exits;
// otherwise the process outlives it.
func Start(command *exec.Cmd) (*Process, error) {
	done := make(chan struct{})
	p := &Process{Done: done, command: command, log: &outputLog{changed: make(chan struct{})}}
	command.Stdout, command.Stderr = p.log, p.log
	if err := command.Start(); err != nil {
		return nil, err
	}
	go func() {
		_ = command.Wait() // The result is in ProcessState.
		close(done)
	}()
	return p, nil
}

// Log returns the output so far.
func (p *Process) Log() string {
	text, _ := p.log.read()
	return text
}

// Pid returns the id of the process and of its group.
func (p *Process) Pid() int { return p.command.Process.Pid }

// AwaitOutput waits until the output matches a pattern, and returns the match and its groups.
func (p *Process) AwaitOutput(ctx context.Context, pattern *regexp.Regexp) ([]string, error) {
	for ended := false; ; {
		text, changed := p.log.read()
		if match := pattern.FindStringSubmatch(text); match != nil {
			return match, nil
		}
		if ended {
			return nil, fmt.Errorf("the program ended before it wrote %q:\n%s", pattern, text)
		}
		select {
		case <-changed:
		case <-p.Done:
			ended = true
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// Wait waits for the program and returns its exit code, or -1 if a signal ended it.
func (p *Process) Wait() int {
	<-p.Done
	return p.command.ProcessState.ExitCode()
}

// Interrupt does what a terminal does on Ctrl-C: it signals the whole process group.
func (p *Process) Interrupt() error { return interruptGroup(p.command.Process) }

// Signal signals the program, but not its child processes.
func (p *Process) Signal(signal os.Signal) error { return p.command.Process.Signal(signal) }

// CPU returns the CPU time of an exited program.
func (p *Process) CPU() time.Duration {
	return p.command.ProcessState.UserTime() + p.command.ProcessState.SystemTime()
}

// KillGroup kills the process group and waits for the program.
func (p *Process) KillGroup() {
	killGroup(p.command.Process)
	<-p.Done
}

// ErrPeakMemoryUnavailable means that the system has no Linux /proc to read peak memory from.
var ErrPeakMemoryUnavailable = errors.New("this system doesn't report the peak memory of a process")

// PeakMemory returns the peak resident memory in bytes since the start.
func (p *Process) PeakMemory() (int64, error) {
	status, err := os.ReadFile(p.procFile("status"))
	if err != nil {
		return 0, errors.Join(ErrPeakMemoryUnavailable, err)
	}
	for line := range strings.Lines(string(status)) {
		if value, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			kib, err := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(value), " kB"), 10, 64)
			return kib << 10, err
		}
	}
	return 0, ErrPeakMemoryUnavailable
}

// SamplePeakMemory waits for the program and returns its peak resident memory in bytes, 0 if the system doesn't report it.
// The rusage of an exited process isn't used, because on Linux it includes the memory of its parent.
func (p *Process) SamplePeakMemory() (peak int64) {
	ticker := time.NewTicker(20 * time.Millisecond)
	defer ticker.Stop()
	for {
		select {
		case <-p.Done:
			return peak
		case <-ticker.C:
			if now, err := p.PeakMemory(); err == nil {
				peak = max(peak, now)
			}
		}
	}
}

func (p *Process) procFile(name string) string { return fmt.Sprintf("/proc/%d/%s", p.Pid(), name) }

// outputLog collects output while others read it.
type outputLog struct {
	mu   sync.Mutex
	text bytes.Buffer
	// changed is closed at the next write.
	changed chan struct{}
}

func (l *outputLog) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	close(l.changed)
	l.changed = make(chan struct{})
	return l.text.Write(p)
}

func (l *outputLog) read() (text string, changed <-chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String(), l.changed
}
