package rest

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/hashicorp/go-retryablehttp"
	"github.com/hashicorp/terraform-plugin-log/tflog"
)

// Fetch sends a request, retries it if that is safe and may help, and returns the decoded response. It calls decode for
// each attempt that gets a successful response. Every request goes through Fetch. The error is an *Error, or an error
// of req.Body or decode, unchanged.
func Fetch[T any](ctx context.Context, c *Client, req *Request, token string, decode func(*Response) (T, error)) (T, error) {
	var value T
	x := &exchange{client: c, req: req, token: token, began: time.Now()}
	err := x.run(ctx, func(r *Response) (err error) {
		value, err = decode(r)
		return err
	})
	if err != nil {
		var none T
		return none, x.finalError(ctx, err)
	}
	return value, nil
}

// exchange is a request in progress. It is the http.RoundTripper of its attempts.
type exchange struct {
	client *Client
	req    *Request
	token  string
	began  time.Time
	// attempts counts the attempts so far, and unreachableAttempts those that couldn't connect.
	attempts, unreachableAttempts int
	// attemptBegan and bodySize describe the current attempt.
	attemptBegan time.Time
	bodySize     int64
}

// run makes attempts until one succeeds or a retry makes no sense.
func (x *exchange) run(ctx context.Context, decode func(*Response) error) error {
	outgoing, err := retryablehttp.NewRequestWithContext(ctx, x.req.Method, x.req.url(x.client.base).String(), nil)
	if err != nil {
		return err
	}
	outgoing.Header = x.header()
	outgoing.SetResponseHandler(func(resp *http.Response) error { return x.receive(ctx, resp, decode) })
	retrying := &retryablehttp.Client{
		HTTPClient:   &http.Client{Transport: x, CheckRedirect: sameOriginOnly},
		RetryMax:     x.client.maxRetries,
		CheckRetry:   x.checkRetry,
		Backoff:      x.backoff,
		ErrorHandler: retryablehttp.PassthroughErrorHandler,
	}
	resp, err := retrying.Do(outgoing)
	if resp != nil {
		_ = resp.Body.Close()
	}
	return err
}

func (x *exchange) header() http.Header {
	header := x.req.Header.Clone()
	if header == nil {
		header = http.Header{}
	}
	header.Set("Accept", "application/json")
	if x.client.userAgent != "" {
		header.Set("User-Agent", x.client.userAgent)
	}
	if x.token != "" {
		header.Set("Authorization", "Bearer "+x.token)
	}
	return header
}

// RoundTrip makes one attempt, or follows a redirect within it. It makes the body itself, right before the attempt, so
// that an attempt has exactly one body: net/http can't make a second one from another read, under the old length.
func (x *exchange) RoundTrip(req *http.Request) (*http.Response, error) {
	ctx := req.Context()
	if req.Response == nil { // Otherwise a redirect led here.
		x.attempts++
	}
	x.attemptBegan = time.Now()
	if err := x.waitForTokens(ctx); err != nil {
		return nil, &transferError{err: err}
	}
	if x.req.Body != nil {
		body, err := x.req.Body(ctx)
		if err != nil {
			return nil, &localError{err}
		}
		x.bodySize = body.Size
		req = req.Clone(ctx)
		req.Body, req.ContentLength = body.Content, body.Size
		req.Header.Set("Content-Type", body.ContentType)
	}
	return x.client.proxy.send(req, func(req *http.Request) (*http.Response, error) {
		return sendWatched(x.client.transport, req, x.client.timeout, x.req.Grace)
	})
}

// waitForTokens takes the rate limiter's tokens for this attempt and for the read that its body makes, so that nothing
// waits between that read and the write.
func (x *exchange) waitForTokens(ctx context.Context) error {
	tokens := 1
	switch {
	case x.req.ReadsFirst:
		tokens = 2
	case x.req.Prepaid && x.attempts == 1:
		tokens = 0
	}
	for range tokens {
		if err := x.client.limiter.Wait(ctx); err != nil {
			return err
		}
	}
	return nil
}

// receive reads the whole response and closes it, because a response that breaks off is a failed attempt too.
func (x *exchange) receive(ctx context.Context, resp *http.Response, decode func(*Response) error) error {
	defer func() {
		_ = resp.Body.Close()
		resp.Body = http.NoBody
	}()
	err := x.read(resp, decode)
	x.log(ctx, resp, err)
	return err
}

func (x *exchange) read(resp *http.Response, decode func(*Response) error) error {
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		return x.statusError(resp)
	}
	response := &Response{ContentType: resp.Header.Get("Content-Type"), Date: responseDate(resp), Body: resp.Body}
	err := decode(response)
	invalid, isInvalid := errors.AsType[*InvalidResponseError](err)
	switch {
	case err == nil:
		return nil
	case isInvalid:
		e := x.newError(KindInvalidResponse, resp.StatusCode, "the response can't be used: "+invalid.Problem)
		e.OutcomeUnknown = true
		return e
	case response.readErr != nil, errors.Is(err, io.ErrUnexpectedEOF):
		return x.connectionError(resp.StatusCode, err)
	}
	return &localError{err}
}

// checkRetry decides whether to make another attempt after an error. Without one, retryablehttp calls it before the
// response is read, and nothing is decided yet.
func (x *exchange) checkRetry(ctx context.Context, resp *http.Response, err error) (bool, error) {
	if err == nil || isA[*localError](err) {
		return false, err
	}
	failure, ok := errors.AsType[*Error](err)
	if !ok {
		failure = x.connectionError(0, err)
		x.log(ctx, nil, failure)
	}
	if failure.Cause.unreachable() {
		x.unreachableAttempts++
	}
	requestedWait := retryAfter(resp)
	switch decide(attempt{
		once: x.req.Once, idempotent: x.req.idempotent(), readOnly: x.req.Method == http.MethodGet || x.req.ReadOnly,
		unreachable: x.unreachableAttempts, requestedWait: requestedWait, err: failure,
	}) {
	case waitTooLong:
		return false, x.retryLaterError(failure, requestedWait)
	case tryAgain:
		return ctx.Err() == nil, failure
	default:
		return false, failure
	}
}

func (x *exchange) backoff(_, _ time.Duration, retry int, resp *http.Response) time.Duration {
	return x.client.retryPolicy.wait(retry+1, retryAfter(resp), randomJitter())
}

// finalError returns the error of the whole request.
func (x *exchange) finalError(ctx context.Context, err error) error {
	local, isLocal := errors.AsType[*localError](err)
	switch {
	case ctx.Err() != nil:
		canceled := x.newError(KindCanceled, 0, "")
		canceled.OutcomeUnknown, canceled.Err = mayHaveReached(err), context.Cause(ctx)
		return canceled
	case isLocal:
		return local.err
	}
	return err
}

// mayHaveReached reports whether the platform may have carried out a request that was canceled: it was sent in full,
// and no response says otherwise.
func mayHaveReached(err error) bool {
	failure, ok := errors.AsType[*Error](err)
	if !ok || !failure.OutcomeUnknown {
		return false
	}
	transfer, ok := errors.AsType[*transferError](err)
	return !ok || transfer.bodySent
}

func (x *exchange) newError(kind ErrorKind, status int, message string) *Error {
	return &Error{
		Kind: kind, Method: x.req.Method, BaseURL: x.client.base.String(), Path: x.req.path(), Status: status,
		Message: x.client.secrets.redact(message), Attempts: x.attempts, Elapsed: time.Since(x.began), Admin: x.req.Admin,
	}
}

// statusError returns the error for a response with an error status. It reads the start of the response's body.
func (x *exchange) statusError(resp *http.Response) *Error {
	if resp.StatusCode >= 300 && resp.StatusCode < 400 {
		message := "it points to another address"
		if to, err := resp.Location(); err == nil {
			message = "it points to " + to.Scheme + "://" + to.Host
		}
		return x.newError(KindRedirect, resp.StatusCode, message)
	}
	// The error is valid even if its message can't be read.
	raw, _ := io.ReadAll(io.LimitReader(resp.Body, maxErrorBody))
	message, own := errorMessage(resp.Header.Get("Content-Type"), resp.StatusCode, raw)
	kind := KindStatus
	switch {
	case resp.StatusCode == http.StatusProxyAuthRequired:
		rejection := x.client.proxy.reject(x.req.url(x.client.base), resp.StatusCode)
		return x.connectionError(resp.StatusCode, &transferError{err: rejection})
	case own && resp.StatusCode == http.StatusNotFound:
		kind = KindNotFound
	case own && resp.StatusCode == http.StatusForbidden:
		kind = KindForbidden
	}
	e := x.newError(kind, resp.StatusCode, message)
	e.OwnForm = own
	// A 503 says that nothing was done only if it also says when to try again: proxies send one for any lost response.
	refused := resp.StatusCode == http.StatusServiceUnavailable && resp.Header.Get("Retry-After") != ""
	e.OutcomeUnknown = resp.StatusCode >= 500 && !refused
	return e
}

// connectionError returns the error for a connection that couldn't be established, broke or stalled. It omits the URL
// in net/http's error, whose query holds the user's values.
func (x *exchange) connectionError(status int, err error) *Error {
	if wrapped, ok := errors.AsType[*url.Error](err); ok {
		err = wrapped.Err
	}
	cause := causeOf(err)
	message := err.Error()
	switch {
	case cause == CauseLookup, cause == CauseUnknownHost:
		message = "the host name can't be looked up: " + message
	case cause == CausePlainHTTP:
		message = "the server speaks plain HTTP, not HTTPS"
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		message = "the connection broke before the response was complete"
	}
	e := x.newError(KindConnection, status, message)
	transfer, ok := errors.AsType[*transferError](err)
	e.Cause, e.Err, e.OutcomeUnknown = cause, err, !ok || transfer.headersSent
	return e
}

func (x *exchange) retryLaterError(failure *Error, wait time.Duration) *Error {
	at := time.Now().Add(wait).UTC().Truncate(time.Second)
	e := x.newError(KindRetryLater, failure.Status, "the platform asks to try again at "+at.Format(time.RFC3339))
	e.RetryAt, e.Err = at, failure
	return e
}

// log writes one line for each attempt. It names the request by its template, and omits headers, query values, bodies
// and the platform's messages, which may repeat what was sent. It writes nothing if ctx has no logger.
func (x *exchange) log(ctx context.Context, resp *http.Response, err error) {
	fields := map[string]any{
		"method":        x.req.Method,
		"path":          x.req.Path,
		"attempt":       x.attempts,
		"duration_ms":   time.Since(x.attemptBegan).Milliseconds(),
		"request_bytes": x.bodySize,
	}
	if resp != nil {
		fields["status"] = resp.StatusCode
		if resp.ContentLength >= 0 {
			fields["response_bytes"] = resp.ContentLength
		}
	}
	if err == nil {
		tflog.Debug(ctx, "GuardAI API call", fields)
		return
	}
	fields["error"] = x.client.secrets.redact(logMessage(err))
	tflog.Warn(ctx, "GuardAI API call failed", fields)
}

// logMessage describes an error for the log.
func logMessage(err error) string {
	e, ok := errors.AsType[*Error](err)
	switch {
	case !ok:
		return "a failure on this side"
	case e.Kind == KindConnection:
		return e.Message
	case e.Kind == KindStatus, e.Kind == KindNotFound, e.Kind == KindForbidden:
		return http.StatusText(e.Status)
	case e.Kind == KindRedirect:
		return "a redirect that is not followed"
	}
	return "a response that can't be used"
}
