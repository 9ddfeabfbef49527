package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/guardai/terraform-provider-guardai/internal/cmd/internal/run"
)

// startTimeout is how long the sandbox may take until it is ready.
const startTimeout = 30 * time.Second

// sandboxProcess is a sandbox with example data that runs until it is stopped.
type sandboxProcess struct {
	url    string
	cancel context.CancelFunc
	// ended is closed when the process has ended.
	ended chan struct{}
}

// startSandbox starts the sandbox on a free port and waits until it is ready.
func startSandbox(ctx context.Context, w *workspace) (*sandboxProcess, error) {
	ready := filepath.Join(w.dir, "ready")
	// The sandbox outlives the interruption of the demo until the CLI has ended.
	own, cancel := context.WithCancel(context.WithoutCancel(ctx))
	command := run.Command(own, w.sandbox, "-addr", "127.0.0.1:0", "-seed", "-ready-file", ready)
	log := &lockedBuffer{}
	command.Dir, command.Stdout, command.Stderr = w.dir, log, log
	if err := command.Start(); err != nil {
		cancel()
		return nil, fmt.Errorf("starting the sandbox: %w", err)
	}
	s := &sandboxProcess{cancel: cancel, ended: make(chan struct{})}
	go s.wait(command)
	url, err := s.waitReady(ctx, ready)
	if err != nil {
		s.stop()
		return nil, fmt.Errorf("starting the sandbox: %w\n%s", err, log)
	}
	s.url = url
	return s, nil
}

func (s *sandboxProcess) wait(command *exec.Cmd) {
	// How it ends doesn't matter: it ends because it is told to, or waitReady and the
	// demo's requests find that it isn't there.
	_ = command.Wait()
	run.Sweep(command)
	close(s.ended)
}

// waitReady returns the sandbox's URL, which it writes to a file once it accepts
// requests.
func (s *sandboxProcess) waitReady(ctx context.Context, file string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	for {
		content, err := os.ReadFile(file) //nolint:gosec // The path is the demo's own.
		if url := strings.TrimSpace(string(content)); err == nil && url != "" {
			return url, nil
		}
		select {
		case <-s.ended:
			return "", errors.New("it ended by itself")
		case <-ctx.Done():
			return "", ctx.Err()
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// stop ends the sandbox and waits until it has.
func (s *sandboxProcess) stop() {
	s.cancel()
	<-s.ended
}

// lockedBuffer keeps what a process writes while it runs.
type lockedBuffer struct {
	mu     sync.Mutex
	buffer bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buffer.Write(p)
}

// String returns what has been written so far.
func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buffer.String()
}
