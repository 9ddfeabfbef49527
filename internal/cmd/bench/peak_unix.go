//go:build unix

package main

import (
	"os"
	"runtime"
	"syscall"
)

// peakMemoryOf returns the peak resident memory of a process that has ended, in bytes.
func peakMemoryOf(state *os.ProcessState) int64 {
	usage, ok := state.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0
	}
	if runtime.GOOS == "darwin" {
		return usage.Maxrss
	}
	return usage.Maxrss << 10
}
