package organizationfile

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/guardai/terraform-provider-guardai/internal/component"
)

// content is what a configuration says a file is to hold.
type content struct {
	// at is the argument that names it.
	at   path.Path
	size int64
	// sha256 is in hexadecimal digits.
	sha256 string
	open   func() (io.ReadCloser, error)
}

// errNotThere is a source that doesn't exist, yet or any more.
var errNotThere = errors.New("there is no such file")

// errChanged is a source that isn't what was planned.
var errChanged = errors.New("the file is not the one that the plan was made with: its content has changed since. Make a new plan and apply that; nothing was uploaded")

// contentOf returns what a configuration names, nil if it names nothing. A source is read once, to hash it.
func contentOf(ctx context.Context, m resourceModel) (*content, error) {
	switch {
	case !m.Source.IsNull():
		return fileContent(ctx, m.Source.ValueString())
	case !m.Content.IsNull():
		return inlineContent("content", m.Content.ValueString()), nil
	case !m.ContentBase64.IsNull():
		raw, err := base64.StdEncoding.DecodeString(m.ContentBase64.ValueString())
		if err != nil {
			return nil, errors.New("it is not standard base64")
		}
		return inlineContent("content_base64", string(raw)), nil
	}
	return nil, nil //nolint:nilnil // No content is a case of its own, and no failure.
}

func inlineContent(argument, text string) *content {
	sum := sha256.Sum256([]byte(text))
	return &content{
		at: path.Root(argument), size: int64(len(text)), sha256: hex.EncodeToString(sum[:]),
		open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(text)), nil },
	}
}

// fileContent hashes a file. It holds a buffer of it at a time.
func fileContent(ctx context.Context, name string) (*content, error) {
	file, info, err := openFile(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	digest := sha256.New()
	size, err := io.Copy(digest, &canceledReader{ctx, file})
	switch {
	case err != nil:
		return nil, component.UnwrapPathError(err)
	case size != info.Size():
		return nil, errors.New("its size is not what the file system says; copy it to an ordinary file")
	}
	return plannedFile(name, size, hex.EncodeToString(digest.Sum(nil))), nil
}

// plannedFile is a file of which size and hash are known; whoever reads it finds out whether they still hold.
func plannedFile(name string, size int64, sum string) *content {
	return &content{at: path.Root("source"), size: size, sha256: sum, open: func() (io.ReadCloser, error) {
		file, info, err := openFile(name)
		if err != nil {
			return nil, fmt.Errorf("%q: %w", name, err)
		}
		if info.Size() != size {
			return nil, errors.Join(errChanged, file.Close())
		}
		return &checkedFile{file: file, size: size, left: size, digest: sha256.New(), want: sum}, nil
	}}
}

func openFile(name string) (*os.File, fs.FileInfo, error) {
	info, err := os.Stat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil, errNotThere
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

// canceledReader ends with its context.
type canceledReader struct {
	ctx    context.Context //nolint:containedctx // It is made for a single copy, whose context it is.
	reader io.Reader
}

func (c *canceledReader) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, context.Cause(c.ctx)
	}
	return c.reader.Read(p)
}

// checkedFile reads a file that is being sent. It keeps the last bytes back until it has seen that all of them are
// what was planned, so that an upload of anything else can't become complete.
type checkedFile struct {
	file *os.File
	// left is how much of size is still to be read.
	size, left int64
	digest     hash.Hash
	want       string
}

func (c *checkedFile) Read(p []byte) (int, error) {
	if c.left == 0 {
		return 0, c.end()
	}
	n, err := c.file.Read(p[:min(int64(len(p)), c.left)])
	c.digest.Write(p[:n])
	c.left -= int64(n)
	switch {
	case errors.Is(err, io.EOF) && c.left > 0:
		return 0, errChanged
	case err != nil && !errors.Is(err, io.EOF):
		return 0, component.UnwrapPathError(err)
	case c.left == 0:
		if err := c.end(); !errors.Is(err, io.EOF) {
			return 0, err
		}
	}
	return n, nil
}

// end is io.EOF where the file holds what was planned and nothing more.
func (c *checkedFile) end() error {
	if hex.EncodeToString(c.digest.Sum(nil)) != c.want {
		return errChanged
	}
	n, err := c.file.ReadAt(make([]byte, 1), c.size)
	switch {
	case n > 0:
		return errChanged
	case err != nil && !errors.Is(err, io.EOF):
		return component.UnwrapPathError(err)
	}
	return io.EOF
}

func (c *checkedFile) Close() error { return c.file.Close() }
