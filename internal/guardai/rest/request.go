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

// Request describes a request, whatever number of attempts it takes.
type Request struct {
	Method string
	// Path is a template below the base URL, in which {name} stands for a value of PathValues. It is what logs and
	// errors show, so it holds nothing of the user's.
	Path       string
	PathValues map[string]string
	Query      url.Values
	// Body makes the body of an attempt, right before it is sent. nil: no body. What it fails with is how the
	// request ends.
	Body func(context.Context) (*Body, error)
	// Repeatable marks a POST that changes nothing, so that it may be repeated like a GET.
	Repeatable bool
	// Grace is how long a request that was sent whole still waits for its response once its caller is canceled.
	Grace time.Duration
	// Admin marks requests that only administrators may make.
	Admin bool
}

// Body is the body of one attempt.
type Body struct {
	ContentType string
	// Size is its length in bytes: with that known, a body isn't sent in chunks.
	Size int64
	// Content is closed when the attempt is over.
	Content io.ReadCloser
}

// JSON returns v as a body.
func JSON(v any) (*Body, error) {
	encoded, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	return &Body{
		ContentType: "application/json", Size: int64(len(encoded)), Content: io.NopCloser(bytes.NewReader(encoded)),
	}, nil
}

// url is where the request goes.
func (r *Request) url(base *url.URL) *url.URL {
	path := r.Path
	for name, value := range r.PathValues {
		path = strings.ReplaceAll(path, "{"+name+"}", url.PathEscape(value))
	}
	u := base.JoinPath(path)
	u.RawQuery = r.Query.Encode()
	return u
}

// safe says whether the request may be sent twice.
func (r *Request) safe() bool { return r.Method != http.MethodPost || r.Repeatable }

// Response is a response of success. Reading it reads its body.
type Response struct {
	ContentType string
	// Date is the platform's time, zero where it doesn't say.
	Date time.Time
	Body io.Reader
	// failure is what reading the body failed with, to tell it from a failure of the one who reads.
	failure error
}

func (r *Response) Read(p []byte) (int, error) {
	n, err := r.Body.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		r.failure = err
	}
	return n, err
}

func (r *Response) isHTML() bool { return isHTML(r.ContentType) }

// Done decodes a response that should be empty. One that isn't what it says it is comes from something in between:
// the platform may not have got the request at all.
func Done(r *Response) (struct{}, error) {
	raw, err := io.ReadAll(io.LimitReader(r, maxErrorBody))
	raw = bytes.TrimSpace(raw)
	switch {
	case err != nil:
		return struct{}{}, err
	case len(raw) > 0 && r.isHTML():
		return struct{}{}, errPage
	case len(raw) > 0 && len(raw) < maxErrorBody && isJSON(r.ContentType) && !json.Valid(raw):
		return struct{}{}, &InvalidResponseError{Problem: "it is not valid JSON"}
	}
	return struct{}{}, nil
}
