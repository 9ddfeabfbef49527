package guardai

import (
	"errors"
	"io"
	"sync"
	"sync/atomic"
)

// firstError keeps the first error of several goroutines.
type firstError struct {
	mu  sync.Mutex
	err error
}

func (f *firstError) set(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.err == nil {
		f.err = err
	}
}

func (f *firstError) get() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.err
}

// localError is a failure of this side while it reads an answer, such as a sink
// that can't take any more. It says nothing about the platform, so it is neither
// retried nor blamed on it.
type localError struct{ err error }

func (l *localError) Error() string { return l.err.Error() }
func (l *localError) Unwrap() error { return l.err }

// localBody notes what reading a request's body fails with, since net/http
// reports it as a broken connection.
type localBody struct {
	io.ReadCloser
	failure *firstError
	closed  atomic.Bool
	// unsent counts down what is read.
	unsent *atomic.Int64
}

// Close may come early: net/http closes a body that it no longer needs while it may
// still be reading it. What that read fails with means nothing.
func (b *localBody) Close() error {
	b.closed.Store(true)
	return b.ReadCloser.Close()
}

func (b *localBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.unsent.Add(-int64(n))
	if err != nil && !errors.Is(err, io.EOF) && !b.closed.Load() {
		b.failure.set(err)
	}
	return n, err
}
