package guardai

import (
	"bytes"
	"context"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"net/url"
	"strconv"
)

const filePath = organizationPath + "/file"

// FileKey names a file of an organization. Ref is opaque; the platform may
// answer an upload with another one than it was given.
type FileKey struct {
	OrganizationID int64
	// Type is the kind of file; the documentation names only "classmapping".
	Type string
	Ref  string
}

func (k FileKey) query() url.Values {
	return url.Values{"type": {k.Type}, "ref": {k.Ref}}
}

// Upload is a file to be sent. Open is called for each attempt and must start
// from the beginning; it must yield exactly Size bytes.
type Upload struct {
	// FileKey's Ref is empty for a new file, and else the file to put new content in.
	FileKey
	DatasetID   *int64
	Name        string
	ContentType string
	Size        int64
	Open        func() (io.ReadCloser, error)
}

// UploadFile sends a file, streaming it, and returns its reference. A failure of
// Open or of reading what it returned is returned as it is.
func (c *Client) UploadFile(ctx context.Context, upload Upload) (ref string, err error) {
	release, err := c.locks.shared(ctx, upload.OrganizationID)
	if err != nil {
		return "", err
	}
	defer release()
	sending, err := upload.call(&ref)
	if err != nil {
		return "", err
	}
	err = c.reads.writing(upload.OrganizationID, func() error { return c.do(ctx, sending) })
	return ref, err
}

func (u Upload) call(ref *string) (*call, error) {
	query := url.Values{"type": {u.Type}}
	if u.Ref != "" {
		query.Set("ref", u.Ref)
	}
	if u.DatasetID != nil {
		query.Set("datasetId", strconv.FormatInt(*u.DatasetID, 10))
	}
	head, tail, contentType, err := u.frame()
	if err != nil {
		return nil, err
	}
	return &call{
		method: http.MethodPost, template: filePath, organizationID: u.OrganizationID, query: query,
		contentType: contentType,
		size:        int64(len(head)) + u.Size + int64(len(tail)),
		body: func() (io.ReadCloser, error) {
			content, err := u.Open()
			if err != nil {
				return nil, err
			}
			return &framedBody{io.MultiReader(bytes.NewReader(head), content, bytes.NewReader(tail)), content}, nil
		},
		read: func(r reply) error { return readRef(r, ref) },
	}, nil
}

// frame makes what multipart/form-data puts around a file's content. Knowing it
// beforehand is knowing the length of the whole without reading the file.
func (u Upload) frame() (head, tail []byte, contentType string, err error) {
	var framing bytes.Buffer
	form := multipart.NewWriter(&framing)
	header := textproto.MIMEHeader{}
	header.Set("Content-Disposition", multipart.FileContentDisposition("file", u.Name))
	header.Set("Content-Type", u.ContentType)
	if _, err := form.CreatePart(header); err != nil {
		return nil, nil, "", err
	}
	length := framing.Len()
	if err := form.Close(); err != nil {
		return nil, nil, "", err
	}
	return framing.Bytes()[:length], framing.Bytes()[length:], form.FormDataContentType(), nil
}

// framedBody reads a form and closes the file in it.
type framedBody struct {
	io.Reader
	content io.Closer
}

// Close implements io.Closer.
func (b *framedBody) Close() error { return b.content.Close() }

// DownloadFile hands a file's content to sink, as it comes. A transfer that
// breaks off is repeated, and sink is called again for it, from the start. What
// sink fails with of its own is returned as it is; it must pass on what reading
// fails with. A missing file is IsNotFound.
func (c *Client) DownloadFile(ctx context.Context, key FileKey, sink func(contentType string, content io.Reader) error) error {
	return c.do(ctx, &call{
		method: http.MethodGet, template: filePath, organizationID: key.OrganizationID, query: key.query(),
		read: func(r reply) error {
			content := &noted{reader: r.body}
			err := sink(r.contentType, content)
			if err != nil && content.err == nil {
				return &localError{err}
			}
			return content.err
		},
	})
}

// noted remembers what reading failed with, to tell it from a failure of the one
// who reads.
type noted struct {
	reader io.Reader
	err    error
}

func (n *noted) Read(p []byte) (int, error) {
	count, err := n.reader.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		n.err = err
	}
	return count, err
}

// RenameFile gives a file another name.
func (c *Client) RenameFile(ctx context.Context, key FileKey, name string) error {
	query := key.query()
	query.Set("name", name)
	return c.changeFile(ctx, key, &call{method: http.MethodPut, query: query})
}

// DeleteFile deletes a file. One that is gone already is IsNotFound.
func (c *Client) DeleteFile(ctx context.Context, key FileKey) error {
	return c.changeFile(ctx, key, &call{method: http.MethodDelete, query: key.query()})
}

// changeFile carries out a call that changes the organization's list of files.
func (c *Client) changeFile(ctx context.Context, key FileKey, changing *call) error {
	release, err := c.locks.shared(ctx, key.OrganizationID)
	if err != nil {
		return err
	}
	defer release()
	changing.template, changing.organizationID = filePath, key.OrganizationID
	return c.reads.writing(key.OrganizationID, func() error { return c.do(ctx, changing) })
}

// FileUsage returns the ids of the projects that use a file.
func (c *Client) FileUsage(ctx context.Context, key FileKey) ([]int64, error) {
	var projects []int64
	err := c.do(ctx, &call{
		method: http.MethodGet, template: filePath + "/usage", organizationID: key.OrganizationID, query: key.query(),
		read: func(r reply) error {
			projects = nil
			return readJSON(r, &projects)
		},
	})
	return projects, err
}
