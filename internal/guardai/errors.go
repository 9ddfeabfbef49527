package guardai

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// maxErrorText bounds the platform's words in an error, in bytes.
const maxErrorText = 1 << 10

// ErrorKind says what went wrong with a call.
type ErrorKind int

const (
	// KindStatus is an answer with a status of failure.
	KindStatus ErrorKind = iota + 1
	// KindAnswer is an answer of success that can't be used.
	KindAnswer
	// KindConnection is a connection that couldn't be made, broke or went silent.
	KindConnection
	// KindRetryLater is a platform that asks to wait longer than is reasonable.
	KindRetryLater
	// KindLogin is an API key that the platform didn't accept.
	KindLogin
	// KindCanceled is a call that the caller gave up.
	KindCanceled
	// KindRedirect is an answer that points elsewhere and isn't followed.
	KindRedirect
)

// Error is how every failed call ends.
type Error struct {
	Kind ErrorKind
	// Method and Path name the call; Path is a template without any value.
	Method, Path string
	// Status is the answer's HTTP status, 0 where there was none.
	Status int
	// Message is one line of at most 1 KiB, without markup or secrets: the
	// platform's words, or what was wrong with its answer.
	Message string
	// Admin says that the call is one for administrators.
	Admin bool
	// RetryAt is when the platform asks to come back (KindRetryLater).
	RetryAt time.Time
	// Unanswered says that the request may have been carried out although no
	// usable answer came.
	Unanswered bool
	// Err is the cause, if there is one.
	Err error
}

func (e *Error) Error() string {
	text := e.Method + " " + e.Path
	if e.Status != 0 {
		text += fmt.Sprintf(" answered %d %s", e.Status, http.StatusText(e.Status))
	}
	if e.Message != "" {
		text += ": " + e.Message
	}
	return text
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// IsNotFound says whether err is the platform's 404.
func IsNotFound(err error) bool { return isStatus(err, http.StatusNotFound) }

// IsForbidden says whether err is the platform's 403.
func IsForbidden(err error) bool { return isStatus(err, http.StatusForbidden) }

// isCanceled says whether a call ended because its caller, or the process, gave up.
func isCanceled(ctx context.Context, err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ctx.Err() != nil || (ok && e.Kind == KindCanceled)
}

func isStatus(err error, status int) bool {
	var e *Error
	return errors.As(err, &e) && e.Kind == KindStatus && e.Status == status
}

// failure makes the Error of an answer that isn't a success. It reads the
// answer's body, as far as it is worth it.
func (c *Client) failure(call *call, resp *http.Response) *Error {
	e := &Error{
		Kind: KindStatus, Method: call.method, Path: call.template,
		Status: resp.StatusCode, Admin: call.admin,
		Unanswered: resp.StatusCode >= 500 && resp.StatusCode != http.StatusServiceUnavailable,
	}
	if resp.StatusCode >= 300 && resp.StatusCode < 400 {
		e.Kind = KindRedirect
		e.Message = "it points to another address"
		if to, err := resp.Location(); err == nil {
			e.Message = c.secrets.clean("it points to " + to.Scheme + "://" + to.Host)
		}
		return e
	}
	// What can't be read of an error's explanation changes nothing about the error.
	raw, _ := io.ReadAll(io.LimitReader(resp.Body, maxErrorAnswer))
	contentType := resp.Header.Get("Content-Type")
	e.Message = c.secrets.clean(errorMessage(contentType, raw))
	if resp.StatusCode == http.StatusNotFound && isHTML(contentType) {
		// The platform's errors are JSON: a page comes from something in between,
		// which can't tell what is gone.
		e.Kind = KindAnswer
	}
	return e
}

// errorMessage finds the platform's words in an error answer: a Spring error, a
// proxy's HTML page, or text.
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

var (
	htmlTitle = regexp.MustCompile(`(?is)<title[^>]*>(.*?)</title>`)
	markup    = regexp.MustCompile(`<[^>]*>`)
)

// oneLine makes text fit for an error: no markup, no control characters, no runs
// of white space, at most limit bytes of valid UTF-8.
func oneLine(text string, limit int) string {
	text = markup.ReplaceAllString(strings.ToValidUTF8(text, "\uFFFD"), " ")
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, text)
	text = strings.Join(strings.Fields(text), " ")
	if len(text) <= limit {
		return text
	}
	const ellipsis = "…"
	cut := limit - len(ellipsis)
	for cut > 0 && !utf8.RuneStart(text[cut]) {
		cut--
	}
	return text[:cut] + ellipsis
}
