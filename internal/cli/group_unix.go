//go:build unix

package cli

import (
	"os"
	"os/exec"
	"syscall"
)

func setProcessGroup(command *exec.Cmd) {
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
}

func interrupt(process *os.Process) error { return process.Signal(os.Interrupt) }

// interruptGroup does what a terminal does on Ctrl-C.
func interruptGroup(process *os.Process) error { return syscall.Kill(-process.Pid, syscall.SIGINT) }

func killGroup(process *os.Process) {
	_ = syscall.Kill(-process.Pid, syscall.SIGKILL)
}
