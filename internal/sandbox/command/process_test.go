//go:build unix

package command

import (
	"bufio"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"
)

// runAsSandboxEnvVar makes the test binary run as the sandbox.
const runAsSandboxEnvVar = "RUN_AS_SANDBOX"

func TestMain(m *testing.M) {
	if os.Getenv(runAsSandboxEnvVar) != "" {
		os.Exit(Main(os.Args[1:]))
	}
	os.Exit(m.Run())
}

// The sandbox exits on a signal, and when the reader of its output is gone.
func TestProcessExits(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(*exec.Cmd, *os.File) error{
		"Ctrl-C":        func(cmd *exec.Cmd, _ *os.File) error { return cmd.Process.Signal(os.Interrupt) },
		"SIGHUP":        func(cmd *exec.Cmd, _ *os.File) error { return cmd.Process.Signal(syscall.SIGHUP) },
		"closed output": func(_ *exec.Cmd, output *os.File) error { return output.Close() },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cmd := exec.Command(os.Args[0], "-addr", "127.0.0.1:0") //nolint:gosec,noctx // It is the test itself.
			cmd.Env = append(os.Environ(), runAsSandboxEnvVar+"=1")
			reader, writer, err := os.Pipe()
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = reader.Close() })
			cmd.Stdout = writer
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			_ = writer.Close()
			lines := bufio.NewScanner(reader)
			for lines.Scan() {
				if strings.Contains(lines.Text(), "openapi.yaml") { // The last line.
					break
				}
			}
			if err := end(cmd, reader); err != nil {
				t.Error(err)
			}
			kill := time.AfterFunc(10*time.Second, func() { _ = cmd.Process.Kill() })
			defer kill.Stop()
			if err := cmd.Wait(); err != nil {
				t.Errorf("it ended with %v", err)
			}
		})
	}
}
