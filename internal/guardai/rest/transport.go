package rest

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"
)

// maxIdleConnections is how many connections to the platform are kept for the next request: as many as Terraform runs
// operations at once when its users turn the parallelism up. The default of two would close and reopen most of them.
const maxIdleConnections = 64

// maxRedirects bounds the redirects that are followed within the same host.
const maxRedirects = 5

// newTransport clones the default transport, which keeps its proxy settings and HTTP/2, and never changes the one
// that a process shares.
func newTransport(cfg Config) (*http.Transport, error) {
	base, ok := http.DefaultTransport.(*http.Transport)
	if !ok {
		return nil, fmt.Errorf("the process's default transport is a %T", http.DefaultTransport)
	}
	transport := base.Clone()
	transport.MaxIdleConnsPerHost = maxIdleConnections
	transport.MaxIdleConns = maxIdleConnections
	transport.TLSClientConfig = &tls.Config{
		MinVersion:         tls.VersionTLS12,
		InsecureSkipVerify: cfg.InsecureSkipVerify, //nolint:gosec // The user asked for it, and is warned.
	}
	if len(cfg.CACertificate) > 0 {
		pool, err := x509.SystemCertPool()
		if err != nil {
			// A system without certificates is no reason to refuse the user's own.
			pool = x509.NewCertPool()
		}
		if !pool.AppendCertsFromPEM(cfg.CACertificate) {
			return nil, &ConfigError{Field: "CACertificate", Problem: "it holds no certificate in PEM form"}
		}
		transport.TLSClientConfig.RootCAs = pool
	}
	return transport, nil
}

// sameOriginOnly follows redirects of reads within the configured scheme, host and port. Everything else comes back
// as the response it is, so that no credential goes elsewhere and no write turns into something else.
func sameOriginOnly(req *http.Request, via []*http.Request) error {
	first := via[0]
	if first.Method != http.MethodGet || len(via) > maxRedirects ||
		req.URL.Scheme != first.URL.Scheme || req.URL.Host != first.URL.Host {
		return http.ErrUseLastResponse
	}
	return nil
}

// idleTimeoutTransport ends an attempt in which no byte moved for a time: while it connects, sends, waits for the
// response's headers or reads its body. Unlike http.Client.Timeout it lets a long transfer take as long as it moves.
// There is one for each request.
type idleTimeoutTransport struct {
	next    http.RoundTripper
	timeout time.Duration
	// grace is Request.Grace.
	grace   time.Duration
	limiter *rate.Limiter
	// local is how reading a request's body failed on this side.
	local atomic.Pointer[localError]
}

// localError is a failure of this side, such as a file that can't be read or a sink that can't take any more. It
// says nothing about the platform, so it is neither retried nor blamed on it.
type localError struct{ err error }

func (e *localError) Error() string { return e.err.Error() }

// idleError is why an attempt in which nothing moved was ended.
type idleError struct{ timeout time.Duration }

func (e *idleError) Error() string {
	return fmt.Sprintf("nothing was heard for %s (request_timeout)", e.timeout)
}

// transferError is a connection that couldn't be made, broke or went silent, and how much of the request had been
// sent by then: begun is false where the platform can't have acted on it.
type transferError struct {
	err          error
	begun, whole bool
}

func (e *transferError) Error() string { return e.err.Error() }
func (e *transferError) Unwrap() error { return e.err }

func (t *idleTimeoutTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	if err := t.limiter.Wait(req.Context()); err != nil {
		if req.Body != nil {
			_ = req.Body.Close()
		}
		return nil, &transferError{err: err}
	}
	transfer, watched := t.begin(req)
	resp, err := t.next.RoundTrip(watched)
	if err != nil {
		transfer.end()
		return nil, transfer.failed(err)
	}
	transfer.moved()
	resp.Body = &responseBody{ReadCloser: resp.Body, transfer: transfer}
	return resp, nil
}

// begin starts an attempt. Its context outlives that of a caller with a grace.
func (t *idleTimeoutTransport) begin(req *http.Request) (*transfer, *http.Request) {
	caller := req.Context()
	ctx, cancel := context.WithCancelCause(context.WithoutCancel(caller))
	x := &transfer{
		transport: t, cancel: cancel,
		cause: func() error { return context.Cause(ctx) },
		idle:  time.AfterFunc(t.timeout, func() { cancel(&idleError{t.timeout}) }),
	}
	x.leave = context.AfterFunc(caller, func() { x.canceled(context.Cause(caller)) })
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{WroteHeaders: func() { x.begun.Store(true) }})
	watched := req.WithContext(ctx)
	if req.Body == nil || req.Body == http.NoBody {
		x.whole.Store(true)
		return x, watched
	}
	watched.Body = x.sending(req.Body, req.ContentLength)
	if open := req.GetBody; open != nil {
		// net/http may have to send a body again by itself.
		watched.GetBody = func() (io.ReadCloser, error) {
			body, err := open()
			if err != nil {
				return nil, err
			}
			return x.sending(body, req.ContentLength), nil
		}
	}
	return x, watched
}

// transfer is one attempt under way.
type transfer struct {
	transport *idleTimeoutTransport
	cancel    context.CancelCauseFunc
	// cause is why the attempt was ended.
	cause func() error
	idle  *time.Timer
	// leave ends the watch on the caller.
	leave func() bool
	// begun says that the headers were sent, whole that the body was handed to the connection to its end.
	begun, whole atomic.Bool
}

// canceled ends the attempt of a caller that gave up: at once, or after the grace where the platform may be at work
// on the request.
func (x *transfer) canceled(cause error) {
	if x.transport.grace == 0 || !x.whole.Load() {
		x.cancel(cause)
		return
	}
	time.AfterFunc(x.transport.grace, func() { x.cancel(cause) })
}

func (x *transfer) moved() { x.idle.Reset(x.transport.timeout) }

func (x *transfer) end() {
	x.idle.Stop()
	x.leave()
	x.cancel(context.Canceled)
}

// failed replaces a bare cancellation by what it was for.
func (x *transfer) failed(err error) error {
	if idle, ok := errors.AsType[*idleError](x.cause()); ok {
		err = idle
	}
	return &transferError{err: err, begun: x.begun.Load(), whole: x.whole.Load()}
}

func (x *transfer) sending(body io.ReadCloser, length int64) *requestBody {
	x.whole.Store(false)
	return &requestBody{ReadCloser: body, transfer: x, left: length}
}

// requestBody counts what is sent, and notes what reading it fails with, since net/http reports that as a broken
// connection.
type requestBody struct {
	io.ReadCloser
	transfer *transfer
	left     int64
	closed   atomic.Bool
}

func (b *requestBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if n > 0 {
		b.transfer.moved()
	}
	b.left -= int64(n)
	if b.left <= 0 {
		b.transfer.whole.Store(true)
	}
	if err != nil && !errors.Is(err, io.EOF) && !b.closed.Load() {
		b.transfer.transport.local.CompareAndSwap(nil, &localError{err})
	}
	return n, err
}

// Close may come early: net/http closes a body that it no longer needs while it may still be reading it. What that
// read fails with means nothing.
func (b *requestBody) Close() error {
	b.closed.Store(true)
	return b.ReadCloser.Close()
}

// responseBody ends the attempt when it is closed.
type responseBody struct {
	io.ReadCloser
	transfer *transfer
}

func (b *responseBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if n > 0 {
		b.transfer.moved()
	}
	if err != nil && !errors.Is(err, io.EOF) {
		err = b.transfer.failed(err)
	}
	return n, err
}

func (b *responseBody) Close() error {
	b.transfer.end()
	return b.ReadCloser.Close()
}
