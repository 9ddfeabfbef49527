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
	"net/url"
	"sync/atomic"
	"time"
)

// maxIdleConnections is how many connections are kept open for reuse. Users who raise -parallelism run that many
// operations at once; the default of two per host would close and reopen most of their connections.
const maxIdleConnections = 64

// maxRedirects limits the redirects that are followed.
const maxRedirects = 5

// newTransport clones the default transport, to keep its proxy settings and HTTP/2 without changing the one that the
// process shares.
func newTransport(cfg Config, proxy *proxyState) (*http.Transport, error) {
	base, ok := http.DefaultTransport.(*http.Transport)
	if !ok {
		return nil, fmt.Errorf("the process's default transport is a %T", http.DefaultTransport)
	}
	transport := base.Clone()
	transport.Proxy = func(req *http.Request) (*url.URL, error) { return proxy.of(req) }
	transport.OnProxyConnectResponse = proxy.checkConnect
	transport.MaxIdleConnsPerHost = maxIdleConnections
	transport.MaxIdleConns = maxIdleConnections
	transport.TLSClientConfig = &tls.Config{
		MinVersion:         tls.VersionTLS12,
		InsecureSkipVerify: cfg.InsecureSkipVerify, //nolint:gosec // The user asked for it, and is warned.
	}
	if len(cfg.CACertificate) > 0 {
		pool, err := x509.SystemCertPool()
		if err != nil {
			// Even without system certificates, the user's own are valid.
			pool = x509.NewCertPool()
		}
		if !pool.AppendCertsFromPEM(cfg.CACertificate) {
			return nil, &ConfigError{Field: "CACertificate", Problem: "it contains no certificate in PEM form"}
		}
		transport.TLSClientConfig.RootCAs = pool
	}
	return transport, nil
}

// sameOriginOnly follows redirects of GET requests to the same scheme, host and port. Other redirects become the
// response, so credentials go nowhere else and no write turns into a different request.
func sameOriginOnly(req *http.Request, via []*http.Request) error {
	first := via[0]
	if first.Method != http.MethodGet || len(via) > maxRedirects ||
		req.URL.Scheme != first.URL.Scheme || req.URL.Host != first.URL.Host {
		return http.ErrUseLastResponse
	}
	return nil
}

// localError is an error on this machine, such as a file that can't be read or a full disk. It is neither retried nor
// reported as the platform's.
type localError struct{ err error }

func (e *localError) Error() string { return e.err.Error() }

// idleError is why an idle attempt was ended.
type idleError struct{ timeout time.Duration }

func (e *idleError) Error() string {
	return fmt.Sprintf("nothing was heard for %s (request_timeout)", e.timeout)
}

// transferError is a failed attempt and how much of the request had been sent by then. If the headers weren't sent, the
// platform can't have acted on it.
type transferError struct {
	err                   error
	headersSent, bodySent bool
}

func (e *transferError) Error() string { return e.err.Error() }
func (e *transferError) Unwrap() error { return e.err }

// transfer is an attempt in progress. It ends an attempt that transfers no byte for a time while it connects, sends,
// waits for the response's headers or reads its body. Unlike http.Client.Timeout, it doesn't limit the duration of a
// transfer that makes progress.
type transfer struct {
	timeout, grace time.Duration
	cancel         context.CancelCauseFunc
	// cause returns why the attempt was ended.
	cause func() error
	idle  *time.Timer
	// unwatchCaller stops watching the caller's context.
	unwatchCaller func() bool
	// headersSent is set once the headers were sent, bodySent once the whole body was passed to the connection.
	headersSent, bodySent atomic.Bool
	// localErr is the error of reading the request's body, which net/http reports as a broken connection.
	localErr atomic.Pointer[localError]
}

// sendWatched sends a request and watches its transfer until the response's body is closed. grace is how long a request
// that was sent in full still waits for its response after its caller is canceled.
func sendWatched(next http.RoundTripper, req *http.Request, timeout, grace time.Duration) (*http.Response, error) {
	transfer, watched := newTransfer(req, timeout, grace)
	resp, err := next.RoundTrip(watched)
	if err != nil {
		transfer.end()
		return nil, transfer.wrapError(err)
	}
	transfer.resetIdle()
	resp.Body = &responseBody{ReadCloser: resp.Body, transfer: transfer}
	return resp, nil
}

// newTransfer starts an attempt. With a grace period, its context outlives the caller's.
func newTransfer(req *http.Request, timeout, grace time.Duration) (*transfer, *http.Request) {
	caller := req.Context()
	ctx, cancel := context.WithCancelCause(context.WithoutCancel(caller))
	x := &transfer{
		timeout: timeout, grace: grace, cancel: cancel,
		cause: func() error { return context.Cause(ctx) },
		idle:  time.AfterFunc(timeout, func() { cancel(&idleError{timeout}) }),
	}
	x.unwatchCaller = context.AfterFunc(caller, func() { x.canceled(context.Cause(caller)) })
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{WroteHeaders: func() { x.headersSent.Store(true) }})
	watched := req.WithContext(ctx)
	if req.Body == nil {
		x.bodySent.Store(true)
		return x, watched
	}
	watched.Body = &requestBody{ReadCloser: req.Body, transfer: x, remaining: req.ContentLength}
	return x, watched
}

// canceled ends the attempt of a canceled caller: immediately, or after the grace period if the platform may be
// processing the request.
func (x *transfer) canceled(cause error) {
	if x.grace == 0 || !x.bodySent.Load() {
		x.cancel(cause)
		return
	}
	time.AfterFunc(x.grace, func() { x.cancel(cause) })
}

func (x *transfer) resetIdle() { x.idle.Reset(x.timeout) }

func (x *transfer) end() {
	x.idle.Stop()
	x.unwatchCaller()
	x.cancel(context.Canceled)
}

// wrapError returns the error of reading the request's body if there is one, the idle timeout if that ended the
// attempt, or err with how much was sent.
func (x *transfer) wrapError(err error) error {
	if local := x.localErr.Load(); local != nil {
		return local
	}
	if idle, ok := errors.AsType[*idleError](x.cause()); ok {
		err = idle
	}
	return &transferError{err: err, headersSent: x.headersSent.Load(), bodySent: x.bodySent.Load()}
}

// requestBody tracks how much of a body is sent.
type requestBody struct {
	io.ReadCloser
	transfer  *transfer
	remaining int64
	closed    atomic.Bool
}

func (b *requestBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if n > 0 {
		b.transfer.resetIdle()
	}
	b.remaining -= int64(n)
	if b.remaining <= 0 {
		b.transfer.bodySent.Store(true)
	}
	if err != nil && !errors.Is(err, io.EOF) && !b.closed.Load() {
		b.transfer.localErr.CompareAndSwap(nil, &localError{err})
	}
	return n, err
}

// Close may come while net/http is still reading a body that it no longer needs. Errors of that read are meaningless.
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
		b.transfer.resetIdle()
	}
	if err != nil && !errors.Is(err, io.EOF) {
		err = b.transfer.wrapError(err)
	}
	return n, err
}

func (b *responseBody) Close() error {
	b.transfer.end()
	return b.ReadCloser.Close()
}
