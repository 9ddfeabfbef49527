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

// content is the content that a configuration sets.
type content struct {
	// at is the argument that sets it.
	at   path.Path
	size int64
	// sha256 is the hash in hexadecimal digits.
	sha256 string
	open   func() (io.ReadCloser, error)
}

// errNotExist is a source that doesn't exist.
var errNotExist = errors.New("there is no such file")

// errChanged is a source whose content changed after the plan.
var errChanged = errors.New("the content of the file has changed since the plan. Nothing was uploaded. Create a new plan and apply it")

// contentOf returns the content that a model sets, or nil if it sets none. It reads a source once, to hash it.
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
	return nil, nil //nolint:nilnil // Setting no content is valid.
}

func inlineContent(argument, text string) *content {
	sum := sha256.Sum256([]byte(text))
	return &content{
		at: path.Root(argument), size: int64(len(text)), sha256: hex.EncodeToString(sum[:]),
		open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(text)), nil },
	}
}

// fileContent hashes a file as a stream.
func fileContent(ctx context.Context, name string) (*content, error) {
	file, info, err := openFile(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	digest := sha256.New()
	size, err := io.Copy(digest, &contextReader{ctx, file})
	switch {
	case err != nil:
		return nil, component.UnwrapPathError(err)
	case size != info.Size():
		return nil, errors.New("its size is not what the file system says; copy it to an ordinary file")
	}
	return plannedFile(name, size, hex.EncodeToString(digest.Sum(nil))), nil
}

// plannedFile returns the content of a file with a known size and hash. Reading it fails with errChanged if they no
// longer match.
func plannedFile(name string, size int64, sum string) *content {
	return &content{at: path.Root("source"), size: size, sha256: sum, open: func() (io.ReadCloser, error) {
		file, info, err := openFile(name)
		if err != nil {
			return nil, fmt.Errorf("%q: %w", name, err)
		}
		if info.Size() != size {
			return nil, errors.Join(errChanged, file.Close())
		}
		return &checkedFile{file: file, size: size, remaining: size, digest: sha256.New(), want: sum}, nil
	}}
}

func openFile(name string) (*os.File, fs.FileInfo, error) {
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
	// remaining is how many bytes of size are still to be read.
	size, remaining int64
	digest          hash.Hash
	want            string
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
