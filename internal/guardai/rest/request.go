package rest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Request describes a request, which may take several attempts.
type Request struct {
	Method string
	// Path is a template for the path below the base URL, in which {name} stands for an entry of PathValues. Logs show it,
	// so it must not contain a user's values. Errors show it with the values.
	Path       string
	PathValues map[string]string
	Query      url.Values
	// Header is sent in addition to the headers of every request.
	Header http.Header
	// Body returns the body of an attempt. It is called right before each attempt. If it fails, the request ends with its
	// error. nil means no body.
	Body func(context.Context) (*Body, error)
	// ReadsFirst is set if Body makes a request. Each attempt then takes the rate limiter's token for that one too, and
	// its own first attempt, which has Prepaid set, takes none.
	ReadsFirst, Prepaid bool
	// ReadOnly marks a POST that changes nothing on the platform, so it is retried like a GET.
	ReadOnly bool
	// Once marks a request that is never retried.
	Once bool
	// Grace is how long a request that was sent in full still waits for its response after its caller is canceled.
	Grace time.Duration
	// Admin marks requests that require administrator rights.
	Admin bool
}

// Body is the body of one attempt.
type Body struct {
	ContentType string
	// Size is the length in bytes. It is required: the body isn't sent in chunks.
	Size int64
	// Content is closed after the attempt.
	Content io.ReadCloser
}

// JSON returns v as a JSON body.
func JSON(v any) (*Body, error) {
	encoded, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	return &Body{
		ContentType: "application/json", Size: int64(len(encoded)), Content: io.NopCloser(bytes.NewReader(encoded)),
	}, nil
}

// path returns the path with its values.
func (r *Request) path() string {
	path := r.Path
	for name, value := range r.PathValues {
		path = strings.ReplaceAll(path, "{"+name+"}", url.PathEscape(value))
	}
	return path
}

func (r *Request) url(base *url.URL) *url.URL {
	u := base.JoinPath(r.path())
	u.RawQuery = r.Query.Encode()
	return u
}

// idempotent reports whether the request may be sent twice.
func (r *Request) idempotent() bool { return r.Method != http.MethodPost || r.ReadOnly }

// Response is a successful response. Read reads its body.
type Response struct {
	ContentType string
	// Date is the Date header, or the zero time.
	Date time.Time
	Body io.Reader
	// readErr is the error of reading the body. It distinguishes a broken transfer from an error of the decode function.
	readErr error
}

func (r *Response) Read(p []byte) (int, error) {
	n, err := r.Body.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		r.readErr = err
	}
	return n, err
}

func (r *Response) isHTML() bool { return isHTML(r.ContentType) }

// DecodeEmpty decodes a response that should be empty. A body that contradicts its content type comes from something in
// between: the platform may not have received the request.
func DecodeEmpty(r *Response) (struct{}, error) {
	raw, err := io.ReadAll(io.LimitReader(r, maxErrorBody))
	raw = bytes.TrimSpace(raw)
	switch {
	case err != nil:
		return struct{}{}, err
	case len(raw) > 0 && r.isHTML():
		return struct{}{}, errHTMLPage
	case len(raw) > 0 && len(raw) < maxErrorBody && isJSON(r.ContentType) && !json.Valid(raw):
		return struct{}{}, &InvalidResponseError{Problem: "it is not valid JSON"}
	}
	return struct{}{}, nil
}
