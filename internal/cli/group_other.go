//go:build !unix

package cli

import (
	"os"
	"os/exec"
)

func setProcessGroup(*exec.Cmd) {}

// interrupt kills the process: only Unix has a signal that asks another process to exit.
func interrupt(process *os.Process) error { return process.Kill() }

func interruptGroup(process *os.Process) error { return process.Kill() }

func killGroup(*os.Process) {}
