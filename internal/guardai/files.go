package guardai

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/guardai/terraform-provider-guardai/internal/guardai/rest"
)

// FileTypeClassMapping is the only file type that the API documents, and the only one that an organization's settings
// list.
const FileTypeClassMapping = "classmapping"

// FileKey identifies a file of an organization.
type FileKey struct {
	OrganizationID int64
	// Type is the file type, such as FileTypeClassMapping.
	Type string
	Ref  string
}

// String returns the file's import id: ORGANIZATION_ID/TYPE/REF, each part percent-encoded.
func (k FileKey) String() string {
	return strings.Join([]string{strconv.FormatInt(k.OrganizationID, 10), url.PathEscape(k.Type), url.PathEscape(k.Ref)}, "/")
}

// request returns a request about the file.
func (k FileKey) request(method, suffix string) *rest.Request {
	req := organizationRequest(method, "/file"+suffix, k.OrganizationID)
	req.Query = url.Values{"type": {k.Type}, "ref": {k.Ref}}
	return req
}

// ListedFileError is a 404 for a file that its organization lists. The file isn't known to be gone, so the error is not
// IsNotFound.
type ListedFileError struct{ Err error }

func (e *ListedFileError) Error() string {
	return strings.TrimRight(e.Err.Error(), ".") + ". Its organization still lists the file, so it may not be gone. Try again later"
}

// File returns a file's entry in the organization's list, or nil. Only class mapping files are listed.
func (o *Organization) File(key FileKey) *ClassMappingFile {
	if key.Type != FileTypeClassMapping {
		return nil
	}
	for i, file := range o.Settings.ClassMappingFiles {
		if file.Ref == key.Ref {
			return &o.Settings.ClassMappingFiles[i]
		}
	}
	return nil
}

// DownloadFile passes a file's content to sink as it arrives. If the transfer breaks, it starts over and calls sink
// again. sink must return the errors of reading content. Its other errors are returned unchanged, except that an
// *InvalidResponseError, which means that the response isn't the file, becomes an *Error. A missing file is IsNotFound,
// or a *ListedFileError if its organization lists it.
func (c *Client) DownloadFile(ctx context.Context, key FileKey, sink Sink) error {
	return c.confirmFileGone(ctx, key, c.downloadContent(ctx, key.request(http.MethodGet, ""), sink))
}

// Sink receives a content as it arrives.
type Sink = func(contentType string, content io.Reader) error

func (c *Client) downloadContent(ctx context.Context, req *rest.Request, sink Sink) error {
	// The stored bytes: without it, net/http decompresses a response that is labeled as compressed.
	req.Header = http.Header{"Accept-Encoding": {"identity"}}
	_, err := fetch(ctx, c, req, func(r *rest.Response) (struct{}, error) {
		return struct{}{}, sink(r.ContentType, r)
	})
	return err
}

// RenameFile renames a file.
func (c *Client) RenameFile(ctx context.Context, key FileKey, name string) error {
	req := key.request(http.MethodPut, "")
	req.Query.Set("name", name)
	return c.changeFile(ctx, key, req)
}

// DeleteFile deletes a file. A missing file is IsNotFound, or a *ListedFileError if its organization lists it.
func (c *Client) DeleteFile(ctx context.Context, key FileKey) error {
	c.initialFiles.recordDeleted(key)
	return c.confirmFileGone(ctx, key, c.changeFile(ctx, key, key.request(http.MethodDelete, "")))
}

// confirmFileGone returns the error of a call about a file. If it is IsNotFound, the organization is read to confirm that
// the file is gone; one that can't be read confirms nothing.
func (c *Client) confirmFileGone(ctx context.Context, key FileKey, err error) error {
	if !IsNotFound(err) || key.Type != FileTypeClassMapping {
		return err
	}
	org, readErr := c.ReadOrganization(ctx, key.OrganizationID)
	switch {
	case readErr != nil:
		return readErr
	case org.File(key) != nil:
		return &ListedFileError{err}
	}
	return err
}

// changeFile sends a request that changes the organization's list of files.
func (c *Client) changeFile(ctx context.Context, key FileKey, req *rest.Request) error {
	unlock, err := c.locks.RLock(ctx, key.OrganizationID)
	if err != nil {
		return c.wrapCanceled(ctx, req, err)
	}
	defer unlock()
	return c.write(ctx, key.OrganizationID, req)
}

// FileUsage returns the ids of the projects that use a file.
func (c *Client) FileUsage(ctx context.Context, key FileKey) ([]int64, error) {
	return fetch(ctx, c, key.request(http.MethodGet, "/usage"), func(r *rest.Response) ([]int64, error) {
		projects, err := rest.DecodeJSON[[]int64](r)
		if err == nil && projects == nil {
			err = &InvalidResponseError{Problem: "it is null, not a list of projects"}
		}
		return projects, err
	})
}

// AfterWrite calls read until the result of a write shows, because a platform may need a moment for that. read returns
// whether it shows. It is called maxLookups times at most, with the waits of retries in between.
func (c *Client) AfterWrite(ctx context.Context, read func(context.Context) (shows bool, err error)) error {
	for attempt := 1; ; attempt++ {
		shows, err := read(ctx)
		if shows || err != nil || attempt == maxLookups {
			return err
		}
		if err := wait(ctx, c.rest.Backoff(attempt)); err != nil {
			return err
		}
	}
}
