//go:build unix

package main

import (
	"os"
	"runtime"
	"syscall"
)

// peakOf returns the most resident memory of a process that has ended, in bytes.
func peakOf(state *os.ProcessState) int64 {
	usage, ok := state.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0
	}
	if runtime.GOOS == "darwin" {
		return usage.Maxrss
	}
	return usage.Maxrss << 10
}
