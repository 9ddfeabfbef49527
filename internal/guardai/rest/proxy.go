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
	return fmt.Sprintf("the proxy %s, which %s names, refused the connection with %d %s", e.address, e.variable, e.status, http.StatusText(e.status))
}

// permanent reports whether the proxy's refusal is about this client, so that asking again can't help and may lock the
// proxy's account.
func (e *proxyError) permanent() bool {
	return e.status == http.StatusProxyAuthRequired || e.status == http.StatusForbidden || e.status == http.StatusUnauthorized
}

// proxyState remembers a proxy's permanent refusal, so that a run with many requests asks the proxy only once.
type proxyState struct {
	refusal atomic.Pointer[proxyError]
	// first is held by the first request, whose end tells whether the proxy accepts this client.
	first sync.Mutex
	known atomic.Bool
}

// send sends a request unless the proxy has refused this client. The others wait for the end of the first one.
func (p *proxyState) send(req *http.Request, next func(*http.Request) (*http.Response, error)) (*http.Response, error) {
	if !p.known.Load() {
		p.first.Lock()
		defer p.first.Unlock()
		defer p.known.Store(true)
	}
	if refusal := p.refusal.Load(); refusal != nil {
		if req.Body != nil {
			_ = req.Body.Close()
		}
		return nil, &transferError{err: refusal}
	}
	return next(req)
}

// reject returns the error for a proxy's response to a request, and remembers it if it is permanent.
func (p *proxyState) reject(target *url.URL, status int) error {
	refusal := &proxyError{variable: proxyVariable(target.Scheme), address: "in between", status: status}
	if proxy, err := http.ProxyFromEnvironment(&http.Request{URL: target}); err == nil && proxy != nil {
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
