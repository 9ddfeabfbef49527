package guardai

import (
	"context"
	"errors"
	"io"
	"net/http"
)

// Code is the code file of a definition, to upload.
type Code struct {
	Name        string
	ContentType string
	Size        int64
	// SHA256 is the hash of the content in hexadecimal digits.
	SHA256 string
	Open   func() (io.ReadCloser, error)
}

// UploadCode streams the code file of a definition to the platform, in place of an earlier one. After a lost response, it
// downloads the file, and repeats the upload if the platform has another content. Errors of Code.Open and of its reader
// are returned unchanged.
func (c *Client) UploadCode(ctx context.Context, key DefinitionKey, code Code) error {
	req := key.request(http.MethodPost, "")
	req.Grace = responseGrace
	unlock, err := c.lockDefinition(ctx, key, req)
	if err != nil {
		return err
	}
	defer unlock()
	defer c.definitionLists.invalidate()
	if req.Body, err = multipartForm(code.Name, code.ContentType, code.Size, code.Open); err != nil {
		return err
	}
	for attempt := 1; ; attempt++ {
		_, err := fetch(ctx, c, req, key.decode)
		e, isCall := errors.AsType[*Error](err)
		if err == nil || !isCall || !e.OutcomeUnknown {
			return err
		}
		has, readErr := c.hasCode(ctx, key, code.SHA256)
		if readErr == nil && has {
			return nil
		}
		if readErr != nil || attempt > c.rest.MaxRetries() || wait(ctx, c.rest.Backoff(attempt)) != nil {
			return err
		}
	}
}

// hasCode reports whether a definition's code file has this SHA-256 hash. A canceled caller still has lookupGrace for it.
func (c *Client) hasCode(ctx context.Context, key DefinitionKey, sha string) (bool, error) {
	ctx, done := withGrace(ctx, lookupGrace)
	defer done()
	return hasContent(sha, func(sink Sink) error { return c.DownloadCode(ctx, key, sink) })
}

// DownloadCode passes the content of a definition's code file to sink, like DownloadFile. A definition without code file
// is IsNotFound, as is a missing definition.
func (c *Client) DownloadCode(ctx context.Context, key DefinitionKey, sink Sink) error {
	return c.downloadContent(ctx, key.request(http.MethodGet, "/data"), sink)
}
