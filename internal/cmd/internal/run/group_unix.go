//go:build unix

package run

import (
	"os"
	"os/exec"
	"syscall"
)

func ownGroup(command *exec.Cmd) {
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
}

func interrupt(process *os.Process) error {
	return process.Signal(os.Interrupt)
}

func killGroup(process *os.Process) {
	// There is nothing left to kill where the program ended properly.
	_ = syscall.Kill(-process.Pid, syscall.SIGKILL)
}
