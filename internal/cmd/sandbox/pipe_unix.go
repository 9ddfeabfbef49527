//go:build unix

package main

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// onPipeClosed calls do when f is a pipe that nobody reads from any more. A program that only writes when it starts
// would never notice, and outlive whatever started it.
func onPipeClosed(f *os.File, do func()) {
	if info, err := f.Stat(); err != nil || info.Mode()&os.ModeNamedPipe == 0 {
		return
	}
	go func() {
		fds := []unix.PollFd{{Fd: int32(f.Fd())}} //nolint:gosec // A file descriptor is a small number.
		for {
			_, err := unix.Poll(fds, -1)
			switch {
			case errors.Is(err, unix.EINTR):
			case err != nil:
				return
			case fds[0].Revents != 0:
				do()
				return
			}
		}
	}()
}
