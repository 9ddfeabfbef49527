package rest

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"
	"sync/atomic"
)

// proxyError is a proxy that refuses to pass requests on.
type proxyError struct {
	// address is the proxy's host and port, and variable the environment variable that names it.
	address, variable string
	status            int
}

func (e *proxyError) Error() string {
	proxy := "a proxy in between"
	if e.address != "" {
		proxy = fmt.Sprintf("the proxy %s, which %s names,", e.address, e.variable)
	}
	return fmt.Sprintf("%s refused the connection with %d %s", proxy, e.status, http.StatusText(e.status))
}

// permanent reports whether the proxy's refusal is about this client, so that asking again can't help and may lock the
// proxy's account.
func (e *proxyError) permanent() bool {
	return e.status == http.StatusProxyAuthRequired || e.status == http.StatusForbidden || e.status == http.StatusUnauthorized
}

func (e *proxyError) cause() Cause {
	if e.permanent() {
		return CauseProxyDenied
	}
	return CauseProxy
}

// proxyState remembers a proxy's permanent refusal, so that a run with many requests asks the proxy only once.
type proxyState struct {
	// of returns the proxy for a request, or nil.
	of      func(*http.Request) (*url.URL, error)
	refusal atomic.Pointer[proxyError]
	// asked is set once a request went to the proxy, and responded is closed once that one tells whether the proxy accepts
	// this client.
	asked     atomic.Bool
	responded chan struct{}
	respond   func()
}

func newProxyState() *proxyState {
	p := &proxyState{of: http.ProxyFromEnvironment, responded: make(chan struct{})}
	p.respond = sync.OnceFunc(func() { close(p.responded) })
	return p
}

// send sends a request unless the proxy has refused this client. If there is a proxy, all requests wait until the first
// one tells whether it accepts this client.
func (p *proxyState) send(req *http.Request, next func(*http.Request) (*http.Response, error)) (*http.Response, error) {
	if proxy, err := p.of(req); err == nil && proxy != nil {
		if p.asked.CompareAndSwap(false, true) {
			defer p.respond()
		} else if err := p.wait(req.Context()); err != nil {
			return notSent(req, err)
		}
	}
	if refusal := p.refusal.Load(); refusal != nil {
		return notSent(req, refusal)
	}
	resp, err := next(req)
	if err == nil && resp.StatusCode == http.StatusProxyAuthRequired {
		_ = p.reject(req.URL, resp.StatusCode) // Before the others go on.
	}
	return resp, err
}

func (p *proxyState) wait(ctx context.Context) error {
	select {
	case <-p.responded:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// notSent returns the error for a request that was not sent, and closes its body.
func notSent(req *http.Request, err error) (*http.Response, error) {
	if req.Body != nil {
		_ = req.Body.Close()
	}
	return nil, &transferError{err: err}
}

// reject returns the error for a proxy's response to a request, and remembers it if it is permanent.
func (p *proxyState) reject(target *url.URL, status int) error {
	refusal := &proxyError{variable: proxyVariable(target.Scheme), status: status}
	if proxy, err := p.of(&http.Request{URL: target}); err == nil && proxy != nil {
		refusal.address = proxy.Host
	}
	if refusal.permanent() {
		p.refusal.Store(refusal)
	}
	return refusal
}

// checkConnect is a transport's OnProxyConnectResponse. Without it, the refusal would be a text without a type.
func (p *proxyState) checkConnect(_ context.Context, proxy *url.URL, _ *http.Request, resp *http.Response) error {
	if resp.StatusCode == http.StatusOK {
		p.respond()
		return nil
	}
	refusal := &proxyError{address: proxy.Host, variable: proxyVariable("https"), status: resp.StatusCode}
	if refusal.permanent() {
		p.refusal.Store(refusal)
	}
	return refusal
}

// proxyVariable returns the environment variable that sets the proxy for a scheme.
func proxyVariable(scheme string) string {
	variable := strings.ToUpper(scheme) + "_PROXY"
	if os.Getenv(variable) == "" && os.Getenv(strings.ToLower(variable)) != "" {
		return strings.ToLower(variable)
	}
	return variable
}
