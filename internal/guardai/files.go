package guardai

import (
	"context"
	"io"
	"net/http"
	"net/url"

	"github.com/guardai/terraform-provider-guardai/internal/guardai/rest"
)

// FileTypeClassMapping is the type of file that the documentation names, and the one that an organization's settings
// list.
const FileTypeClassMapping = "classmapping"

// FileKey names a file of an organization. Ref is opaque; the platform may return another one for an upload than it
// was given.
type FileKey struct {
	OrganizationID int64
	// Type is the kind of file; the documentation names only "classmapping".
	Type string
	Ref  string
}

// request is a request about the file.
func (k FileKey) request(method, suffix string) *rest.Request {
	req := organizationRequest(method, "/file"+suffix, k.OrganizationID)
	req.Query = url.Values{"type": {k.Type}, "ref": {k.Ref}}
	return req
}

// DownloadFile hands a file's content to sink, as it comes. A transfer that breaks off is repeated, and sink is called
// again for it, from the start. What sink fails with of its own is returned as it is, and an *InvalidResponseError is
// for a response that isn't the file; it must pass on what reading fails with. A missing file is IsNotFound.
func (c *Client) DownloadFile(ctx context.Context, key FileKey, sink func(contentType string, content io.Reader) error) error {
	_, err := fetch(ctx, c, key.request(http.MethodGet, ""), func(r *rest.Response) (struct{}, error) {
		return struct{}{}, sink(r.ContentType, r)
	})
	return err
}

// RenameFile gives a file another name.
func (c *Client) RenameFile(ctx context.Context, key FileKey, name string) error {
	req := key.request(http.MethodPut, "")
	req.Query.Set("name", name)
	return c.changeFile(ctx, key, req)
}

// DeleteFile deletes a file. One that is gone already is IsNotFound.
func (c *Client) DeleteFile(ctx context.Context, key FileKey) error {
	return c.changeFile(ctx, key, key.request(http.MethodDelete, ""))
}

// changeFile carries out a request that changes the organization's list of files.
func (c *Client) changeFile(ctx context.Context, key FileKey, req *rest.Request) error {
	release, err := c.locks.acquire(ctx, key.OrganizationID, shared)
	if err != nil {
		return c.waited(ctx, req, err)
	}
	defer release()
	return c.write(ctx, key.OrganizationID, req)
}

// FileUsage returns the ids of the projects that use a file.
func (c *Client) FileUsage(ctx context.Context, key FileKey) ([]int64, error) {
	return fetch(ctx, c, key.request(http.MethodGet, "/usage"), rest.DecodeJSON[[]int64])
}
