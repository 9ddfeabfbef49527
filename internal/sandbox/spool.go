package sandbox

import (
	"bytes"
	"errors"
	"io"
	"os"
	"sync"
)

// memoryLimit is the size in bytes up to which a file's content is held in memory.
const memoryLimit = 1 << 20

// spool keeps large contents in a temporary folder, which exists only once one
// is needed.
type spool struct {
	mu     sync.Mutex
	folder string
}

// content is the bytes of a file. They never change; several files may share them.
type content struct {
	data []byte
	path string
	size int64
	// users counts the files that hold it. The state's mutex guards it.
	users int
}

// take reads r to its end. What it read is gone again where it fails.
func (sp *spool) take(r io.Reader) (*content, error) {
	data, err := io.ReadAll(io.LimitReader(r, memoryLimit+1))
	if err != nil {
		return nil, err
	}
	if len(data) <= memoryLimit {
		return &content{data: data, size: int64(len(data))}, nil
	}
	return sp.takeLarge(io.MultiReader(bytes.NewReader(data), r))
}

func (sp *spool) takeLarge(r io.Reader) (*content, error) {
	target, err := sp.create()
	if err != nil {
		return nil, err
	}
	size, err := io.Copy(target, r)
	if err := errors.Join(err, target.Close()); err != nil {
		return nil, errors.Join(err, os.Remove(target.Name()))
	}
	return &content{path: target.Name(), size: size}, nil
}

func (sp *spool) create() (*os.File, error) {
	sp.mu.Lock()
	defer sp.mu.Unlock()
	if sp.folder == "" {
		folder, err := os.MkdirTemp("", "guardai-sandbox-")
		if err != nil {
			return nil, err
		}
		sp.folder = folder
	}
	return os.CreateTemp(sp.folder, "file-")
}

// remove deletes the folder with all that is in it.
func (sp *spool) remove() {
	sp.mu.Lock()
	defer sp.mu.Unlock()
	if sp.folder != "" {
		_ = os.RemoveAll(sp.folder)
		sp.folder = ""
	}
}

// open returns the bytes from the start. The content stays readable through it
// after a release, where the operating system lets an open file be deleted.
func (c *content) open() (io.ReadCloser, error) {
	if c.path == "" {
		return io.NopCloser(bytes.NewReader(c.data)), nil
	}
	return os.Open(c.path)
}

// bytes returns a copy of all bytes.
func (c *content) bytes() ([]byte, error) {
	if c.path == "" {
		return bytes.Clone(c.data), nil
	}
	return os.ReadFile(c.path)
}

// retain notes one more file that holds the content.
func (c *content) retain() { c.users++ }

// release gives a file's hold up. Where none is left, what is on disk goes; a
// file that can't be deleted now goes with the whole folder later.
func (c *content) release() {
	c.users--
	c.discard()
}

// discard deletes what is on disk, unless a file holds it.
func (c *content) discard() {
	if c.users <= 0 && c.path != "" {
		_ = os.Remove(c.path) //nolint:gosec // The path is the spool's own.
	}
}
