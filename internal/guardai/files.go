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

// DownloadFile passes a file's content to sink as it arrives. If the transfer breaks, it starts over and calls sink
// again. sink must return the errors of reading content. Its other errors are returned unchanged, except that an
// *InvalidResponseError, which means that the response isn't the file, becomes an *Error. A missing file is IsNotFound.
func (c *Client) DownloadFile(ctx context.Context, key FileKey, sink func(contentType string, content io.Reader) error) error {
	_, err := fetch(ctx, c, key.request(http.MethodGet, ""), func(r *rest.Response) (struct{}, error) {
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

// DeleteFile deletes a file. If it is already gone, the error is IsNotFound.
func (c *Client) DeleteFile(ctx context.Context, key FileKey) error {
	return c.changeFile(ctx, key, key.request(http.MethodDelete, ""))
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
	return fetch(ctx, c, key.request(http.MethodGet, "/usage"), rest.DecodeJSON[[]int64])
}
