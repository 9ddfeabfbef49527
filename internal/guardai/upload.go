package guardai

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"net/url"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"

	"github.com/guardai/terraform-provider-guardai/internal/guardai/rest"
)

// maxRefBytes limits the reference that an upload returns.
const maxRefBytes = 4 << 10

// Upload is a file to upload.
type Upload struct {
	// FileKey.Ref is the file to replace the content of, or empty for a new file.
	FileKey
	DatasetID *int64
	Name      string
	// PreviousName is the name of the file to replace, which the platform may keep; empty if unknown.
	PreviousName string
	ContentType  string
	Size         int64
	// SHA256 is the hash of the content in hexadecimal digits. It identifies the file if the response is lost.
	SHA256 string
	Open   func() (io.ReadCloser, error)
}

// Uploaded is the result of an upload.
type Uploaded struct {
	// Ref is the file's reference, which may differ from that in Upload.
	Ref string
	// RecoveredFrom is the error of the upload if its response was lost and a lookup found the file; otherwise nil.
	RecoveredFrom error
}

// UploadFile streams a file to the platform. If the response is lost, the file is looked up. The error is an
// *UnknownOutcomeError if that doesn't identify it. Errors of Upload.Open and of its reader are returned unchanged.
func (c *Client) UploadFile(ctx context.Context, upload Upload) (Uploaded, error) {
	req, err := upload.request()
	if err != nil {
		return Uploaded{}, err
	}
	if err := c.prepareLookup(ctx, upload.FileKey); err != nil {
		return Uploaded{}, err
	}
	key, recoveredFrom, err := c.files.run(ctx, uploadKey{upload.OrganizationID, upload.Type, norm.NFC.String(upload.Name)},
		func(ctx context.Context) (FileKey, error) { return c.upload(ctx, req, upload) },
		func(ctx context.Context) ([]FileKey, bool, error) { return c.lookUpFile(ctx, upload) })
	return Uploaded{Ref: key.Ref, RecoveredFrom: recoveredFrom}, c.wrapCanceled(ctx, req, err)
}

func (c *Client) upload(ctx context.Context, req *rest.Request, upload Upload) (FileKey, error) {
	unlock, err := c.locks.RLock(ctx, upload.OrganizationID)
	if err != nil {
		return FileKey{}, err
	}
	defer unlock()
	var ref string
	_, err = c.cache.invalidateAround(upload.OrganizationID, func() (_ *Organization, err error) {
		ref, err = fetch(ctx, c, req, decodeRef)
		return nil, err
	})
	return FileKey{upload.OrganizationID, upload.Type, ref}, err
}

func (u Upload) request() (*rest.Request, error) {
	req := organizationRequest(http.MethodPost, "/file", u.OrganizationID)
	req.Grace = responseGrace
	req.Query = url.Values{"type": {u.Type}}
	if u.Ref != "" {
		req.Query.Set("ref", u.Ref)
	}
	if u.DatasetID != nil {
		req.Query.Set("datasetId", strconv.FormatInt(*u.DatasetID, 10))
	}
	var err error
	req.Body, err = multipartForm(u.Name, u.ContentType, u.Size, u.Open)
	return req, err
}

// multipartForm returns a function that streams a file as a form, for each attempt of a request.
func multipartForm(name, contentType string, size int64, open func() (io.ReadCloser, error)) (func(context.Context) (*rest.Body, error), error) {
	head, tail, formType, err := multipartFraming(name, contentType)
	if err != nil {
		return nil, err
	}
	return func(context.Context) (*rest.Body, error) {
		content, err := open()
		if err != nil {
			return nil, err
		}
		framed := &multipartBody{io.MultiReader(bytes.NewReader(head), content, bytes.NewReader(tail)), content}
		return &rest.Body{ContentType: formType, Size: int64(len(head)) + size + int64(len(tail)), Content: framed}, nil
	}, nil
}

// multipartFraming returns the parts of a multipart/form-data body around a file's content. They determine the length
// of the body without reading the file.
func multipartFraming(name, contentType string) (head, tail []byte, formType string, err error) {
	var framing bytes.Buffer
	form := multipart.NewWriter(&framing)
	header := textproto.MIMEHeader{}
	header.Set("Content-Disposition", multipart.FileContentDisposition("file", name))
	header.Set("Content-Type", contentType)
	if _, err := form.CreatePart(header); err != nil {
		return nil, nil, "", err
	}
	length := framing.Len()
	if err := form.Close(); err != nil {
		return nil, nil, "", err
	}
	return framing.Bytes()[:length], framing.Bytes()[length:], form.FormDataContentType(), nil
}

// multipartBody reads a multipart body and closes the file in it.
type multipartBody struct {
	io.Reader
	content io.Closer
}

func (b *multipartBody) Close() error { return b.content.Close() }

// decodeRef decodes the reference that an upload returns. The API documents it only as a string, so both a JSON string
// and plain text are valid.
func decodeRef(r *rest.Response) (string, error) {
	raw, err := io.ReadAll(io.LimitReader(r, maxRefBytes+1))
	switch {
	case err != nil:
		return "", err
	case len(raw) > maxRefBytes:
		return "", &InvalidResponseError{Problem: "it is too long for a file reference"}
	}
	return parseRef(string(raw))
}

func parseRef(raw string) (string, error) {
	ref := strings.TrimSpace(raw)
	if strings.HasPrefix(ref, `"`) {
		if err := json.Unmarshal([]byte(ref), &ref); err != nil {
			return "", &InvalidResponseError{Problem: "it is not a valid JSON string"}
		}
	} else if strings.ContainsAny(ref, "{}[]<>\r\n") || ref == "null" {
		return "", &InvalidResponseError{Problem: "it is not a file reference"}
	}
	if strings.TrimSpace(ref) == "" {
		return "", &InvalidResponseError{Problem: "it contains no file reference"}
	}
	return ref, nil
}
