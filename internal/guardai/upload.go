package guardai

import (
	"bytes"
	"context"
	"io"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"net/url"
	"strconv"
)

// Upload is a file to be sent. Open is called for each attempt and must start
// from the beginning; it must yield exactly Size bytes.
type Upload struct {
	// FileKey's Ref is empty for a new file, and else the file to put new content in.
	FileKey
	DatasetID   *int64
	Name        string
	ContentType string
	Size        int64
	// SHA256 is the content's hash in hexadecimal digits: an upload whose answer was
	// lost is found again by it.
	SHA256 string
	Open   func() (io.ReadCloser, error)
}

// Uploaded is a file that was sent.
type Uploaded struct {
	// Ref is the file's reference, which may be another than it was sent with.
	Ref string
	// LostAnswer is how the upload ended where its answer was lost and the file was
	// found by looking for it, else nil.
	LostAnswer error
}

// UploadFile sends a file, streaming it. If the answer is lost, the file is looked
// for; the error is a *LostError where that doesn't find it for certain. A failure
// of Open or of reading what it returned is returned as it is.
func (c *Client) UploadFile(ctx context.Context, upload Upload) (Uploaded, error) {
	var ref string
	sending, err := upload.call(&ref)
	if err != nil {
		return Uploaded{}, err
	}
	if err := c.listings.take(ctx, c, upload.FileKey); err != nil {
		return Uploaded{}, err
	}
	var replaced error
	send := func() (foundFile, error) {
		err := c.upload(ctx, sending)
		if sending.lost(err) != nil && upload.Ref != "" && c.holds(ctx, upload) {
			replaced, ref, err = err, upload.Ref, nil
		}
		return foundFile{key: FileKey{upload.OrganizationID, upload.Type, ref}}, err
	}
	file, lostAnswer, err := c.uploaded.run(ctx, upload.creation(), c.searchFiles(upload), sending, send)
	if replaced != nil {
		lostAnswer = replaced
	}
	return Uploaded{Ref: file.key.Ref, LostAnswer: lostAnswer}, err
}

func (c *Client) upload(ctx context.Context, sending *call) error {
	release, err := c.locks.shared(ctx, sending.organizationID)
	if err != nil {
		return err
	}
	defer release()
	return c.reads.writing(sending.organizationID, func() error { return c.do(ctx, sending) })
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

func (b *framedBody) Close() error { return b.content.Close() }
