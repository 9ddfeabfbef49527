package rest

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// A proxy that refuses this client locks its account if it is asked again and again.
func TestProxyThatRefusesIsAskedOnce(t *testing.T) {
	t.Parallel()
	for _, scheme := range []string{"https", "http"} {
		for status, want := range map[int]struct {
			asked int64
			cause Cause
		}{
			407: {1, CauseProxyDenied}, 403: {1, CauseProxyDenied}, 502: {6, CauseProxy},
		} {
			if scheme == "http" && status != http.StatusProxyAuthRequired {
				continue // It can't be told from a response of the platform.
			}
			checkRefusal(t, scheme, status, want.asked, want.cause)
		}
	}
}

func checkRefusal(t *testing.T, scheme string, status int, wantAsked int64, wantCause Cause) {
	t.Helper()
	var asked atomic.Int64
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked.Add(1)
		w.WriteHeader(status)
	}))
	t.Cleanup(proxy.Close)
	client, err := New(Config{Host: scheme + "://guardai.example", Token: "t", MaxRetries: 2, RetryWait: 1})
	if err != nil {
		t.Fatal(err)
	}
	address, _ := url.Parse(proxy.URL)
	client.proxy.of = http.ProxyURL(address)
	failures := make(chan error, 2)
	for range 2 {
		go func() { failures <- get(t.Context(), client) }()
	}
	for range 2 {
		e, ok := errors.AsType[*Error](<-failures)
		if !ok || e.Kind != KindConnection || e.Cause != wantCause || e.OutcomeUnknown || !strings.Contains(e.Message, strings.ToUpper(scheme)+"_PROXY") {
			t.Errorf("%s, %d: got %+v", scheme, status, e)
		}
		if !strings.Contains(e.Message, address.Host) {
			t.Errorf("the error doesn't name the proxy: %v", e)
		}
	}
	if got := asked.Load(); got != wantAsked {
		t.Errorf("%s, %d: the proxy was asked %d times, want %d", scheme, status, got, wantAsked)
	}
}

// The first requests of a run are under way at the same time: without a proxy at once, behind one as soon as it has
// accepted the first.
func TestFirstRequestsDoNotWaitForEachOther(t *testing.T) {
	t.Parallel()
	const requests = 4
	for _, proxied := range []bool{false, true} {
		together := make(chan struct{})
		var arrived atomic.Int64
		server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			switch arrived.Add(1) {
			case requests:
				close(together)
			case 1:
				if proxied {
					return
				}
			}
			select {
			case <-together:
			case <-r.Context().Done():
			}
		}))
		t.Cleanup(server.Close)
		client, err := New(Config{Host: server.URL, Token: "t"})
		if err != nil {
			t.Fatal(err)
		}
		if proxied {
			address, _ := url.Parse(server.URL)
			client.proxy.of = http.ProxyURL(address)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		t.Cleanup(cancel)
		failures := make(chan error, requests)
		for range requests {
			go func() { failures <- get(ctx, client) }()
		}
		for range requests {
			if err := <-failures; err != nil {
				t.Errorf("with a proxy %v: %v", proxied, err)
			}
		}
	}
}
