//go:build !unix

package cli

import (
	"os"
	"os/exec"
)

func ownGroup(*exec.Cmd) {}

// interrupt kills: elsewhere than on Unix no signal asks another process to end.
func interrupt(process *os.Process) error { return process.Kill() }

func interruptGroup(process *os.Process) error { return process.Kill() }

func killGroup(*os.Process) {}
