//go:build unix

package command

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// onPipeClosed calls do when the reader of the pipe f closes it. A program that writes only at startup would never
// notice.
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
