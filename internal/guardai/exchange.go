package guardai

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"sync/atomic"
	"time"

	"github.com/hashicorp/go-retryablehttp"
)

// exchange is one call under way: its attempts and how the last one ended.
type exchange struct {
	client *Client
	call   *call
	number int
	began  time.Time
	// headersSent says whether the current attempt got as far as its headers:
	// before that the platform can't have acted on it.
	headersSent atomic.Bool
	decision    decision
	// unsent is how much of the current attempt's body is still to be handed over.
	unsent atomic.Int64
	// err is how the last attempt failed, local what failed on this side.
	err   error
	local firstError
}

// exchange sends a call, repeating it as the retry policy says. It is the one
// place where a request is sent. The error is an *Error, or what the call's own
// body or prepare failed with.
func (c *Client) exchange(ctx context.Context, call *call, token string) error {
	x := &exchange{client: c, call: call}
	req, err := x.request(ctx, token)
	if err != nil {
		return err
	}
	retrying := &retryablehttp.Client{
		HTTPClient:     c.http,
		RetryMax:       c.retry.maxRetries,
		CheckRetry:     x.finish,
		Backoff:        x.backoff,
		PrepareRetry:   x.prepare,
		RequestLogHook: x.start,
		ErrorHandler:   retryablehttp.PassthroughErrorHandler,
	}
	resp, err := retrying.Do(req)
	if resp != nil {
		_ = resp.Body.Close()
	}
	return x.result(ctx, err)
}

func (x *exchange) request(ctx context.Context, token string) (*retryablehttp.Request, error) {
	trace := &httptrace.ClientTrace{WroteHeaders: func() { x.headersSent.Store(true) }}
	ctx = httptrace.WithClientTrace(ctx, trace)
	if x.call.creates() {
		ctx = context.WithValue(ctx, waitsForAnswer{}, true)
	}
	var body any
	if x.call.body != nil {
		body = retryablehttp.ReaderFunc(x.open)
	}
	target := x.call.url(x.client.base).String()
	req, err := retryablehttp.NewRequestWithContext(ctx, x.call.method, target, nil)
	if err != nil {
		return nil, err
	}
	if err := req.SetBody(body); err != nil {
		return nil, err
	}
	// With its length known, a body isn't sent in chunks.
	req.ContentLength = x.call.size
	req.Header.Set("Accept", "application/json")
	if x.call.contentType != "" {
		req.Header.Set("Content-Type", x.call.contentType)
	}
	if x.client.userAgent != "" {
		req.Header.Set("User-Agent", x.client.userAgent)
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	return req, nil
}

// open is called by retryablehttp before each attempt.
func (x *exchange) open() (io.Reader, error) {
	body, err := x.call.body()
	if err != nil {
		x.local.set(err)
		return nil, err
	}
	return &localBody{ReadCloser: body, failure: &x.local, unsent: &x.unsent}, nil
}

// start runs right before each attempt is sent.
func (x *exchange) start(_ retryablehttp.Logger, _ *http.Request, _ int) {
	x.number++
	x.began = time.Now()
	x.headersSent.Store(false)
	x.unsent.Store(x.call.size)
	x.err = nil
}

// prepare runs between the wait and the next attempt.
func (x *exchange) prepare(req *http.Request) error {
	if x.call.prepare == nil {
		return nil
	}
	if err := x.call.prepare(req.Context()); err != nil {
		x.local.set(err)
		return err
	}
	req.ContentLength = x.call.size
	return nil
}

// finish takes the end of an attempt: it reads the answer, since one that breaks
// off is a failed attempt too, and says whether there is to be another.
func (x *exchange) finish(ctx context.Context, resp *http.Response, failure error) (bool, error) {
	a := attempt{method: x.call.method, repeatable: x.call.repeatable, number: x.number}
	if failure == nil {
		a.status = resp.StatusCode
		a.retryAfter, a.date = resp.Header.Get("Retry-After"), newReply(resp).date
		a.err = x.receive(resp)
	} else {
		a.err = x.broken(0, failure)
	}
	x.err = a.err
	x.logAttempt(ctx, a, resp)
	return x.again(ctx, a), nil
}

// again decides whether there is to be another attempt after a.
func (x *exchange) again(ctx context.Context, a attempt) bool {
	if a.err == nil || x.local.get() != nil || ctx.Err() != nil {
		return false
	}
	x.decision = x.client.retry.decide(a, time.Now(), randomJitter())
	if x.decision.tooLong {
		x.err = x.retryLater(a)
	}
	return x.decision.retry
}

// receive reads the whole answer and closes it.
func (x *exchange) receive(resp *http.Response) error {
	defer func() {
		_ = resp.Body.Close()
		resp.Body = http.NoBody
	}()
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		return x.client.failure(x.call, resp)
	}
	read := x.call.read
	if read == nil {
		read = readNothing
	}
	err := read(newReply(resp))
	var wrong *unusable
	var local *localError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &local):
		x.local.set(local.err)
		return local.err
	case errors.As(err, &wrong):
		return &Error{
			Kind: KindAnswer, Method: x.call.method, Path: x.call.template, Status: resp.StatusCode,
			Message: x.client.secrets.clean("the answer can't be used: " + wrong.Error()), Unanswered: true,
		}
	}
	return x.broken(resp.StatusCode, err)
}

// broken is a connection that couldn't be made, broke or went silent. The URL
// that net/http puts in its error stays out: its query is the user's.
func (x *exchange) broken(status int, err error) *Error {
	if wrapped, ok := errors.AsType[*url.Error](err); ok {
		err = wrapped.Err
	}
	return &Error{
		Kind: KindConnection, Method: x.call.method, Path: x.call.template, Status: status,
		Message: x.client.secrets.clean(connectionProblem(err)), Unanswered: x.headersSent.Load(), Err: err,
	}
}

// connectionProblem says in plain words what a user can do something about.
func connectionProblem(err error) string {
	var dns *net.DNSError
	switch {
	case errors.As(err, &dns):
		return "the host name can't be looked up: " + err.Error()
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return "the connection broke before the answer was complete"
	}
	return err.Error()
}

func (x *exchange) retryLater(a attempt) *Error {
	at := time.Now().Add(x.decision.wait).UTC().Truncate(time.Second)
	return &Error{
		Kind: KindRetryLater, Method: x.call.method, Path: x.call.template, Status: a.status,
		Message: "the platform asks to try again at " + at.Format(time.RFC3339), RetryAt: at, Err: a.err,
	}
}

func (x *exchange) backoff(_, _ time.Duration, _ int, _ *http.Response) time.Duration {
	return x.decision.wait
}

// result is how the whole call ended.
func (x *exchange) result(ctx context.Context, err error) error {
	if ctx.Err() != nil && (err != nil || x.err != nil) {
		return &Error{
			Kind: KindCanceled, Method: x.call.method, Path: x.call.template, Message: "it was canceled",
			Unanswered: x.unanswered(), Err: context.Cause(ctx),
		}
	}
	if local := x.local.get(); local != nil {
		return local
	}
	if x.err != nil {
		return x.err
	}
	return err
}

// unanswered says whether the platform may have carried out a canceled call: it was
// sent whole, and there was no answer that says otherwise.
func (x *exchange) unanswered() bool {
	if e, ok := errors.AsType[*Error](x.err); ok && !e.Unanswered {
		return false
	}
	return x.headersSent.Load() && x.unsent.Load() <= 0
}
