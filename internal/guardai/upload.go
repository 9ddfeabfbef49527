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

// maxRef bounds the reference that an upload returns, in bytes.
const maxRef = 4 << 10

// Upload is a file to be sent. Open is called for each attempt and must start
// from the beginning; it must yield exactly Size bytes.
type Upload struct {
	// FileKey's Ref is empty for a new file, and else the file to put new content in.
	FileKey
	DatasetID   *int64
	Name        string
	ContentType string
	Size        int64
	// SHA256 is the content's hash in hexadecimal digits: an upload whose response was lost is found again by it.
	SHA256 string
	Open   func() (io.ReadCloser, error)
}

// Uploaded is a file that was sent.
type Uploaded struct {
	// Ref is the file's reference, which may be another than it was sent with.
	Ref string
	// RecoveredFrom is how the upload ended where its response was lost and the file was found by looking it up, else
	// nil.
	RecoveredFrom error
}

// UploadFile sends a file, streaming it. If the response is lost, the file is looked up; the error is an
// *UnknownOutcomeError where that doesn't find it for certain. A failure of Open or of reading what it returned is
// returned as it is.
func (c *Client) UploadFile(ctx context.Context, upload Upload) (Uploaded, error) {
	req, err := upload.request()
	if err != nil {
		return Uploaded{}, err
	}
	if err := c.noteListing(ctx, upload.FileKey); err != nil {
		return Uploaded{}, err
	}
	key, recoveredFrom, err := run(ctx, &c.files, create[fileName, FileKey, FileKey]{
		key:        fileName{upload.OrganizationID, upload.Type, norm.NFC.String(upload.Name)},
		req:        req,
		send:       func(ctx context.Context) (FileKey, error) { return c.upload(ctx, req, upload) },
		lookup:     func(ctx context.Context) ([]FileKey, bool, error) { return c.lookUpFile(ctx, upload) },
		id:         func(key FileKey) FileKey { return key },
		candidates: func(e *UnknownOutcomeError, keys []FileKey) { e.Files = keys },
	})
	return Uploaded{Ref: key.Ref, RecoveredFrom: recoveredFrom}, c.waited(ctx, req, err)
}

func (c *Client) upload(ctx context.Context, req *rest.Request, upload Upload) (FileKey, error) {
	release, err := c.locks.acquire(ctx, upload.OrganizationID, shared)
	if err != nil {
		return FileKey{}, err
	}
	defer release()
	var ref string
	_, err = c.cache.writing(upload.OrganizationID, func() (_ *Organization, err error) {
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
	head, tail, contentType, err := u.frame()
	if err != nil {
		return nil, err
	}
	req.Body = func(context.Context) (*rest.Body, error) {
		content, err := u.Open()
		if err != nil {
			return nil, err
		}
		framed := &framedBody{io.MultiReader(bytes.NewReader(head), content, bytes.NewReader(tail)), content}
		return &rest.Body{ContentType: contentType, Size: int64(len(head)) + u.Size + int64(len(tail)), Content: framed}, nil
	}
	return req, nil
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

func (b *framedBody) Close() error { return b.content.Close() }

// decodeRef decodes the reference that an upload returns: a JSON string or bare text, since the documentation says
// only "string".
func decodeRef(r *rest.Response) (string, error) {
	raw, err := io.ReadAll(io.LimitReader(r, maxRef+1))
	switch {
	case err != nil:
		return "", err
	case len(raw) > maxRef:
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
	if ref == "" {
		return "", &InvalidResponseError{Problem: "it holds no file reference"}
	}
	return ref, nil
}
