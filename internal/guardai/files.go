package guardai

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
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

// AnswerError is what a sink of DownloadFile returns where the answer isn't the file:
// then the call has failed, and not whoever reads. Problem is a sentence about the
// answer, without a full stop.
type AnswerError struct{ Problem string }

func (e *AnswerError) Error() string { return e.Problem }

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
			var wrong *AnswerError
			switch {
			case errors.As(err, &wrong):
				return &unusable{problem: wrong.Problem}
			case err != nil && content.err == nil:
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
