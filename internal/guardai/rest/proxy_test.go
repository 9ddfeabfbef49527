package rest

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
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
			transport, _ := client.transport.(*http.Transport)
			address, _ := url.Parse(proxy.URL)
			transport.Proxy = http.ProxyURL(address)
			failures := make(chan error, 2)
			for range 2 {
				go func() { failures <- get(t.Context(), client) }()
			}
			for range 2 {
				e, ok := errors.AsType[*Error](<-failures)
				if !ok || e.Kind != KindConnection || e.Cause != want.cause || e.OutcomeUnknown || !strings.Contains(e.Message, strings.ToUpper(scheme)+"_PROXY") {
					t.Errorf("%s, %d: got %+v", scheme, status, e)
				}
				if scheme == "https" && !strings.Contains(e.Message, address.Host) {
					t.Errorf("the error doesn't name the proxy: %v", e)
				}
			}
			if got := asked.Load(); got != want.asked && scheme == "https" {
				t.Errorf("%s, %d: the proxy was asked %d times, want %d", scheme, status, got, want.asked)
			}
		}
	}
}
