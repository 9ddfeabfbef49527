package guardai

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync/atomic"
	"time"
)

// maxIdleConnections is how many connections to the platform are kept for the
// next request: as many as Terraform runs operations at once when its users turn
// the parallelism up. The default of two would close and reopen most of them.
const maxIdleConnections = 64

// maxRedirects bounds the redirects that are followed within the same host.
const maxRedirects = 5

// newTransport clones the default transport, which keeps its proxy settings
// and HTTP/2, and never changes the one that a process shares.
func newTransport(cfg Config) (http.RoundTripper, error) {
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
		pool, err := certificatePool(cfg.CACertificate)
		if err != nil {
			return nil, err
		}
		transport.TLSClientConfig.RootCAs = pool
	}
	timeout := cfg.RequestTimeout
	if timeout <= 0 {
		timeout = DefaultRequestTimeout
	}
	return &silenceTransport{next: transport, timeout: timeout}, nil
}

func certificatePool(pem []byte) (*x509.CertPool, error) {
	pool, err := x509.SystemCertPool()
	if err != nil {
		// A system without certificates is no reason to refuse the user's own.
		pool = x509.NewCertPool()
	}
	if !pool.AppendCertsFromPEM(pem) {
		return nil, &ConfigError{Field: "CACertificate", Problem: "it holds no certificate in PEM form"}
	}
	return pool, nil
}

// sameOriginOnly follows redirects of reads within the configured scheme, host
// and port. Everything else comes back as the answer it is, so that no
// credential goes elsewhere and no write turns into something else.
func sameOriginOnly(req *http.Request, via []*http.Request) error {
	first := via[0]
	if first.Method != http.MethodGet || len(via) > maxRedirects ||
		req.URL.Scheme != first.URL.Scheme || req.URL.Host != first.URL.Host {
		return http.ErrUseLastResponse
	}
	return nil
}

// answerGrace is how long a create that was sent whole may still wait for its
// answer once its caller is canceled. An answer that is dropped leaves something
// behind that nobody knows of.
const answerGrace = 800 * time.Millisecond

// waitsForAnswer marks the context of requests that have answerGrace.
type waitsForAnswer struct{}

// silenceTransport ends an attempt in which no byte moved for a time: while it
// connects, sends, waits for the answer's headers or reads its body. Unlike
// http.Client.Timeout it lets a long transfer take as long as it moves.
type silenceTransport struct {
	next    http.RoundTripper
	timeout time.Duration
}

// silenceError is a context's cause when its attempt went silent.
type silenceError struct{ timeout time.Duration }

func (e silenceError) Error() string {
	return fmt.Sprintf("nothing was heard for %s (request_timeout)", e.timeout)
}

func (s *silenceTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	watch := s.watch(req)
	watched := req.WithContext(watch.ctx)
	if req.Body != nil && req.Body != http.NoBody {
		watched.Body = &watchedBody{ReadCloser: req.Body, watch: watch, left: req.ContentLength}
		watched.GetBody = watch.rewinding(req.GetBody, req.ContentLength)
	}
	resp, err := s.next.RoundTrip(watched)
	if err != nil {
		watch.end()
		return nil, watch.explain(err)
	}
	watch.alive()
	resp.Body = &watchedBody{ReadCloser: resp.Body, watch: watch, answer: true}
	return resp, nil
}

// watch begins an attempt.
func (s *silenceTransport) watch(req *http.Request) *watchdog {
	caller := req.Context()
	parent := caller
	waits := caller.Value(waitsForAnswer{}) != nil
	if waits {
		parent = context.WithoutCancel(caller)
	}
	ctx, cancel := context.WithCancelCause(parent)
	watch := &watchdog{
		ctx: ctx, timeout: s.timeout, cancel: cancel,
		timer: time.AfterFunc(s.timeout, func() { cancel(silenceError{s.timeout}) }),
		leave: func() bool { return true },
	}
	if waits {
		watch.leave = context.AfterFunc(caller, func() { watch.canceled(context.Cause(caller)) })
	}
	return watch
}

// watchdog is the timer of one attempt.
type watchdog struct {
	ctx     context.Context //nolint:containedctx // It is the attempt's own context, asked only for its cause.
	timeout time.Duration
	timer   *time.Timer
	cancel  context.CancelCauseFunc
	// leave ends the watch on the caller.
	leave func() bool
	// sent says that the whole body was handed to the connection.
	sent atomic.Bool
}

// canceled ends the attempt of a caller that gave up: at once, or after
// answerGrace where the platform may be at work on it.
func (w *watchdog) canceled(cause error) {
	if !w.sent.Load() {
		w.cancel(cause)
		return
	}
	time.AfterFunc(answerGrace, func() { w.cancel(cause) })
}

func (w *watchdog) alive() { w.timer.Reset(w.timeout) }

func (w *watchdog) end() {
	w.timer.Stop()
	w.leave()
	w.cancel(context.Canceled)
}

// rewinding watches the bodies, too, with which net/http replaces one that it
// has to send again.
func (w *watchdog) rewinding(open func() (io.ReadCloser, error), length int64) func() (io.ReadCloser, error) {
	if open == nil {
		return nil
	}
	return func() (io.ReadCloser, error) {
		body, err := open()
		if err != nil {
			return nil, err
		}
		return &watchedBody{ReadCloser: body, watch: w, left: length}, nil
	}
}

// explain replaces the bare cancellation by what it was for.
func (w *watchdog) explain(err error) error {
	if silence, ok := errors.AsType[silenceError](context.Cause(w.ctx)); ok {
		return silence
	}
	return err
}

// watchedBody reports each read to the watchdog.
type watchedBody struct {
	io.ReadCloser
	watch *watchdog
	// answer marks the answer's body, with which the attempt ends.
	answer bool
	// left is how much of a request's body is still to be read.
	left int64
}

func (b *watchedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if n > 0 {
		b.watch.alive()
	}
	b.left -= int64(n)
	if !b.answer && b.left <= 0 {
		b.watch.sent.Store(true)
	}
	if err != nil && !errors.Is(err, io.EOF) {
		err = b.watch.explain(err)
	}
	return n, err
}

func (b *watchedBody) Close() error {
	if b.answer {
		b.watch.end()
	}
	return b.ReadCloser.Close()
}
