package rest

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"time"
)

// ErrorKind says what went wrong with a request.
type ErrorKind int

const (
	// KindStatus is a response with a status of failure.
	KindStatus ErrorKind = iota + 1
	// KindInvalidResponse is a response that can't be used.
	KindInvalidResponse
	// KindConnection is a connection that couldn't be made, broke or went silent.
	KindConnection
	// KindRetryLater is a platform that asks to wait longer than is reasonable.
	KindRetryLater
	// KindLogin is an API key that the platform didn't accept.
	KindLogin
	// KindCanceled is a request that the caller gave up.
	KindCanceled
	// KindRedirect is a response that points elsewhere and isn't followed.
	KindRedirect
)

// Error is how every failed request ends.
type Error struct {
	Kind ErrorKind
	// Method, BaseURL and Path name the request; Path is a template without any value.
	Method, BaseURL, Path string
	// Status is the response's HTTP status, 0 where there was none.
	Status int
	// Message is one line of at most 1 KiB, without markup or secrets: the platform's words, or what was wrong with
	// its response.
	Message string
	// Cause is why a connection failed (KindConnection).
	Cause Cause
	// Attempts is how often the request was sent, and Elapsed how long all of that took.
	Attempts int
	Elapsed  time.Duration
	// Admin says that the request is one for administrators.
	Admin bool
	// RetryAt is when the platform asks to come back (KindRetryLater).
	RetryAt time.Time
	// OutcomeUnknown says that the request may have been carried out although no usable response came.
	OutcomeUnknown bool
	// Err is the cause, if there is one.
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

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// IsStatus says whether err is a response with this status of failure.
func IsStatus(err error, status int) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && e.Kind == KindStatus && e.Status == status
}

// Canceled is the error of a request that was given up before it was sent, while it waited for something else.
func (c *Client) Canceled(req *Request, cause error) *Error {
	return &Error{Kind: KindCanceled, Method: req.Method, BaseURL: c.base.String(), Path: req.Path, Err: cause}
}

var htmlTitle = regexp.MustCompile(`(?is)<title[^>]*>(.*?)</title>`)

// errorMessage finds the platform's words in the response to a request that failed: a Spring error, a proxy's HTML
// page, or text.
func errorMessage(contentType string, raw []byte) string {
	var spring struct {
		Message string `json:"message"`
		Error   string `json:"error"`
	}
	if json.Unmarshal(raw, &spring) == nil {
		if spring.Message != "" {
			return spring.Message
		}
		return spring.Error
	}
	if isHTML(contentType) {
		if title := htmlTitle.FindSubmatch(raw); title != nil {
			return "an HTML page titled " + string(title[1])
		}
		return "an HTML page"
	}
	return string(raw)
}
