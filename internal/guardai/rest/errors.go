package rest

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"time"
)

// ErrorKind classifies an Error.
type ErrorKind int

const (
	// KindStatus is a response with an error status, except those of KindNotFound and KindForbidden.
	KindStatus ErrorKind = iota + 1
	// KindNotFound is a 404 in the platform's own form. Something in between can't know that an object is gone.
	KindNotFound
	// KindForbidden is a 403 in the platform's own form.
	KindForbidden
	// KindInvalidResponse is a response with invalid content.
	KindInvalidResponse
	// KindConnection is a connection that couldn't be established, broke or stalled.
	KindConnection
	// KindRetryLater is a Retry-After header that asks for a longer wait than the client is willing to make.
	KindRetryLater
	// KindLogin is an API key that the platform rejected.
	KindLogin
	// KindCanceled is a request that the caller canceled.
	KindCanceled
	// KindRedirect is a redirect that the client doesn't follow.
	KindRedirect
)

// Error is the error of a failed request.
type Error struct {
	Kind ErrorKind
	// Method, BaseURL and Path identify the request. Path contains the ids, but no query.
	Method, BaseURL, Path string
	// Status is the HTTP status of the response, or 0 if there was none.
	Status int
	// OwnForm is set if the response has the form of the platform's own errors.
	OwnForm bool
	// Message is one line of at most 1 KiB, without markup or secrets: the platform's own message, or what was wrong with
	// its response.
	Message string
	// Cause is why a connection failed (KindConnection).
	Cause Cause
	// Attempts is how many times the request was sent, and Elapsed how long all attempts took.
	Attempts int
	Elapsed  time.Duration
	// Admin is set if the request requires administrator rights.
	Admin bool
	// RetryAt is when the platform asks the client to retry (KindRetryLater).
	RetryAt time.Time
	// OutcomeUnknown is set if the platform may have carried out the request although no usable response arrived.
	OutcomeUnknown bool
	// Err is the underlying error, if any.
	Err error
}

func (e *Error) Error() string {
	var text strings.Builder
	text.WriteString(e.Method + " " + e.BaseURL + e.Path)
	switch {
	case e.Kind == KindCanceled:
		text.WriteString(" was canceled")
	case e.Status != 0:
		fmt.Fprintf(&text, " returned %d %s", e.Status, http.StatusText(e.Status))
	default:
		text.WriteString(" failed")
	}
	if e.Attempts > 1 {
		fmt.Fprintf(&text, " after %d attempts in %s", e.Attempts, e.Elapsed.Round(100*time.Millisecond))
	}
	if e.Message != "" {
		text.WriteString(": " + e.Message)
	}
	return text.String()
}

// Unwrap returns the underlying error.
func (e *Error) Unwrap() error { return e.Err }

// IsStatus reports whether err is a response with this error status.
func IsStatus(err error, status int) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && e.Kind == KindStatus && e.Status == status
}

// Canceled returns the error of a request that was canceled before it was sent.
func (c *Client) Canceled(req *Request, cause error) *Error {
	return &Error{Kind: KindCanceled, Method: req.Method, BaseURL: c.base.String(), Path: req.path(), Err: cause}
}

var htmlTitle = regexp.MustCompile(`(?is)<title[^>]*>(.*?)</title>`)

// errorMessage extracts the message from an error response: a Spring error, a proxy's HTML page, or plain text. own
// reports whether it has the form of the platform's own errors, {"timestamp","status","error","message","path"}. Spring
// omits the message in some configurations, and proxies that respond with JSON have another form.
func errorMessage(contentType string, status int, raw []byte) (message string, own bool) {
	var spring struct {
		Timestamp any    `json:"timestamp"`
		Status    int    `json:"status"`
		Error     string `json:"error"`
		Message   string `json:"message"`
		Path      string `json:"path"`
	}
	if json.Unmarshal(raw, &spring) == nil {
		own = spring.Timestamp != nil && spring.Status == status && spring.Error != "" && spring.Path != ""
		return cmp.Or(spring.Message, spring.Error), own
	}
	if isHTML(contentType) {
		if title := htmlTitle.FindSubmatch(raw); title != nil {
			return "an HTML page titled " + string(title[1]), false
		}
		return "an HTML page", false
	}
	return string(raw), false
}
