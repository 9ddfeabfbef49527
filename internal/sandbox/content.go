package sandbox

import (
	"bytes"
	"errors"
	"io"
	"math"
	"os"
	"path/filepath"
	"runtime"
)

// content is the immutable content of one or more files.
type content struct {
	// Name is the file in the state folder that holds the content. It is empty without a state folder.
	Name string `json:"name"`
	Size int64  `json:"size"`

	dir  string
	data io.ReaderAt
}

// store reads r to its end. It leaves nothing behind on error.
func (d *stateDir) store(r io.Reader) (*content, error) {
	if d.path != "" {
		target, size, err := spool(d.path, r)
		if err != nil {
			return nil, err
		}
		return &content{Name: filepath.Base(target.Name()), Size: size, dir: d.path}, target.Close()
	}
	head, err := io.ReadAll(io.LimitReader(r, memoryLimit()+1))
	if err != nil {
		return nil, err
	}
	if size := int64(len(head)); size <= memoryLimit() {
		return &content{Size: size, data: bytes.NewReader(head)}, nil
	}
	target, size, err := spool("", io.MultiReader(bytes.NewReader(head), r))
	if err != nil {
		return nil, err
	}
	// The operating system keeps the data until the file is closed: when no file uses the content, or when the process
	// exits.
	return &content{Size: size, data: target}, os.Remove(target.Name()) //nolint:gosec // spool has just created it.
}

// memoryLimit is the size in bytes up to which content is held in memory when there is no state folder. Windows can't
// delete an open file, so there everything is held in memory.
func memoryLimit() int64 {
	if runtime.GOOS == "windows" {
		return math.MaxInt64 - 1
	}
	return 1 << 20
}

// spool copies r to a new file in dir, or in the system's temporary folder if dir is empty.
func spool(dir string, r io.Reader) (target *os.File, size int64, err error) {
	target, err = os.CreateTemp(dir, contentPrefix)
	if err != nil {
		return nil, 0, err
	}
	if size, err = io.Copy(target, r); err != nil {
		return nil, 0, errors.Join(err, target.Close(), os.Remove(target.Name()))
	}
	return target, size, nil
}

func (c *content) open() (io.ReadCloser, error) {
	if c.Name != "" {
		return os.Open(filepath.Join(c.dir, c.Name))
	}
	return io.NopCloser(io.NewSectionReader(c.data, 0, c.Size)), nil
}

// discard deletes content that no file uses.
func (c *content) discard() {
	if c.Name != "" {
		_ = os.Remove(filepath.Join(c.dir, c.Name)) // Otherwise, the next start deletes it.
	}
}
