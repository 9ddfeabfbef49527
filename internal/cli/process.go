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

// Process is a running program whose output is kept.
type Process struct {
	// Done is closed when the program has ended.
	Done <-chan struct{}

	command *exec.Cmd
	log     *log
}

// Start starts a command and keeps what it writes. Its context must end before the
// program that started it, or the process outlives it.
func Start(command *exec.Cmd) (*Process, error) {
	done := make(chan struct{})
	p := &Process{Done: done, command: command, log: &log{grown: make(chan struct{})}}
	command.Stdout, command.Stderr = p.log, p.log
	if err := command.Start(); err != nil {
		return nil, err
	}
	go func() {
		// How it ended is in ExitCode.
		_ = command.Wait()
		close(done)
	}()
	return p, nil
}

// Log is what the process has written so far.
func (p *Process) Log() string {
	text, _ := p.log.read()
	return text
}

// Pid is the process's id, and that of its group.
func (p *Process) Pid() int { return p.command.Process.Pid }

// Await waits until the process has written what matches a pattern, and returns the match with its groups.
func (p *Process) Await(ctx context.Context, pattern *regexp.Regexp) ([]string, error) {
	for ended := false; ; {
		text, grown := p.log.read()
		if match := pattern.FindStringSubmatch(text); match != nil {
			return match, nil
		}
		if ended {
			return nil, fmt.Errorf("the program ended before it wrote %q:\n%s", pattern, text)
		}
		select {
		case <-grown:
		case <-p.Done:
			ended = true
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// Wait waits for the end and returns the exit code, -1 where a signal ended the program.
func (p *Process) Wait() int {
	<-p.Done
	return p.command.ProcessState.ExitCode()
}

// Interrupt does what a terminal does at Ctrl-C: it signals the whole group.
func (p *Process) Interrupt() error { return interruptGroup(p.command.Process) }

// Signal signals the program alone, and not those that it has started.
func (p *Process) Signal(signal os.Signal) error { return p.command.Process.Signal(signal) }

// CPU is the time that the program has computed, once it has ended.
func (p *Process) CPU() time.Duration {
	return p.command.ProcessState.UserTime() + p.command.ProcessState.SystemTime()
}

// KillGroup kills the program and what it has left running in its group.
func (p *Process) KillGroup() {
	killGroup(p.command.Process)
	<-p.Done
}

// ErrNoMemoryFigures is the error where the system doesn't report peak memory: it takes Linux's /proc.
var ErrNoMemoryFigures = errors.New("this system doesn't report the peak memory of a process")

// PeakMemory is the most resident memory that the process has had since its start or since ResetPeakMemory, in bytes.
func (p *Process) PeakMemory() (int64, error) {
	status, err := os.ReadFile(p.proc("status"))
	if err != nil {
		return 0, errors.Join(ErrNoMemoryFigures, err)
	}
	for line := range strings.Lines(string(status)) {
		if value, found := strings.CutPrefix(line, "VmHWM:"); found {
			kib, err := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(value), " kB"), 10, 64)
			return kib << 10, err
		}
	}
	return 0, ErrNoMemoryFigures
}

// ResetPeakMemory has PeakMemory count from now on.
func (p *Process) ResetPeakMemory() error {
	const resetPeak = "5"
	if err := os.WriteFile(p.proc("clear_refs"), []byte(resetPeak), 0o600); err != nil {
		return errors.Join(ErrNoMemoryFigures, err)
	}
	return nil
}

func (p *Process) proc(name string) string { return fmt.Sprintf("/proc/%d/%s", p.Pid(), name) }

// log is written by a process while others read it.
type log struct {
	mu   sync.Mutex
	text bytes.Buffer
	// grown is closed at the next write.
	grown chan struct{}
}

func (l *log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	close(l.grown)
	l.grown = make(chan struct{})
	return l.text.Write(p)
}

func (l *log) read() (text string, grown <-chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String(), l.grown
}
