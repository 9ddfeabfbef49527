// Package filecontent reads the content of a file to upload from the arguments that set it, hashes it, and makes sure
// that what is uploaded is what was planned.
package filecontent

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"runtime"
	"strings"

	"github.com/guardai/terraform-provider-guardai/internal/component"
)

// Digest is the size of a content in bytes and its SHA-256 hash in hexadecimal digits.
type Digest struct {
	Size   int64
	SHA256 string
}

// Sum reads a content to its end.
func Sum(content io.Reader) (Digest, error) {
	digest := sha256.New()
	size, err := io.Copy(digest, content)
	return Digest{size, hex.EncodeToString(digest.Sum(nil))}, err
}

// Content is a content to upload.
type Content struct {
	Digest
	Open func() (io.ReadCloser, error)
}

var (
	// errNotExist is a source that doesn't exist.
	errNotExist = errors.New("there is no such file")
	// errChanged is a source whose content changed after the plan.
	errChanged = errors.New("the content of the file has changed since the plan. Nothing was uploaded. Create a new plan and apply it")
)

func inline(text string) *Content {
	digest, _ := Sum(strings.NewReader(text)) // Never fails.
	return &Content{digest, func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(text)), nil }}
}

// fromFile hashes a file as a stream.
func fromFile(ctx context.Context, name string) (*Content, error) {
	file, info, err := openFile(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	digest, err := Sum(&contextReader{ctx, file})
	switch {
	case err != nil:
		return nil, component.UnwrapPathError(err)
	case digest.Size != info.Size():
		return nil, errors.New("its size is not what the file system says; copy it to an ordinary file")
	}
	return planned(name, digest), nil
}

// planned returns the content of a file with a known size and hash. Reading it fails with errChanged if they no longer
// match.
func planned(name string, digest Digest) *Content {
	return &Content{digest, func() (io.ReadCloser, error) {
		file, info, err := openFile(name)
		if err != nil {
			return nil, fmt.Errorf("%q: %w", name, err)
		}
		if info.Size() != digest.Size {
			return nil, errors.Join(errChanged, file.Close())
		}
		return &checkedFile{file: file, want: digest, remaining: digest.Size, digest: sha256.New()}, nil
	}}
}

// checkName returns an error if the system would open another file than the one with this name.
func checkName(system, name string) error {
	if system == "windows" && strings.TrimRight(name, ". ") != name {
		return errors.New("its name ends in a dot or a space, which Windows ignores, so it would open another file")
	}
	return nil
}

func openFile(name string) (*os.File, fs.FileInfo, error) {
	if err := checkName(runtime.GOOS, name); err != nil {
		return nil, nil, err
	}
	info, err := os.Stat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil, errNotExist
	case err != nil:
		return nil, nil, component.UnwrapPathError(err)
	case info.IsDir():
		return nil, nil, errors.New("it is a folder, not a file")
	case !info.Mode().IsRegular():
		return nil, nil, errors.New("it is not a regular file")
	}
	file, err := os.Open(name) //nolint:gosec // The user names the file.
	if err != nil {
		return nil, nil, component.UnwrapPathError(err)
	}
	return file, info, nil
}

// contextReader fails when its context is done.
type contextReader struct {
	ctx    context.Context //nolint:containedctx // A reader lives for one copy.
	reader io.Reader
}

func (c *contextReader) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, context.Cause(c.ctx)
	}
	return c.reader.Read(p)
}

// checkedFile reads a file during its upload. It fails before it returns the last bytes unless the whole content is as
// planned, so that an upload of changed content never completes.
type checkedFile struct {
	file *os.File
	want Digest
	// remaining is how many of the planned bytes are still to be read.
	remaining int64
	digest    hash.Hash
}

func (c *checkedFile) Read(p []byte) (int, error) {
	if c.remaining == 0 {
		return 0, c.verify()
	}
	n, err := c.file.Read(p[:min(int64(len(p)), c.remaining)])
	c.digest.Write(p[:n])
	c.remaining -= int64(n)
	switch {
	case errors.Is(err, io.EOF) && c.remaining > 0:
		return 0, errChanged
	case err != nil && !errors.Is(err, io.EOF):
		return 0, component.UnwrapPathError(err)
	case c.remaining == 0:
		if err := c.verify(); !errors.Is(err, io.EOF) {
			return 0, err
		}
	}
	return n, nil
}

// verify returns io.EOF if the file has the planned content and nothing more.
func (c *checkedFile) verify() error {
	if hex.EncodeToString(c.digest.Sum(nil)) != c.want.SHA256 {
		return errChanged
	}
	n, err := c.file.ReadAt(make([]byte, 1), c.want.Size)
	switch {
	case n > 0:
		return errChanged
	case err != nil && !errors.Is(err, io.EOF):
		return component.UnwrapPathError(err)
	}
	return io.EOF
}

func (c *checkedFile) Close() error { return c.file.Close() }
