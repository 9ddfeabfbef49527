package rest

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m)
}

// The transport must set the minimum TLS version itself, although Go's default is the same today, which no request
// would show.
func TestTransport(t *testing.T) {
	t.Parallel()
	transport, err := newTransport(Config{}, newProxyState())
	if err != nil {
		t.Fatal(err)
	}
	if transport.Proxy == nil || transport == http.DefaultTransport {
		t.Error("it has no proxy function, or is the process's own transport")
	}
	// Ten workers, as many as Terraform has by default, need ten idle connections.
	if transport.MaxIdleConnsPerHost < 10 || transport.MaxIdleConns < 10 {
		t.Errorf("it keeps %d idle connections for each host, and %d in all", transport.MaxIdleConnsPerHost, transport.MaxIdleConns)
	}
	if got := transport.TLSClientConfig.MinVersion; got < tls.VersionTLS12 {
		t.Errorf("the oldest version is %s, want TLS 1.2", tls.VersionName(got))
	}
}

// network is a transport without a network, for tests with synctest's clock.
type network func(*http.Request) (*http.Response, error)

func (n network) RoundTrip(req *http.Request) (*http.Response, error) { return n(req) }

func respond(status int, retryAfter string) *http.Response {
	return &http.Response{StatusCode: status, Header: http.Header{"Retry-After": {retryAfter}}, Body: http.NoBody}
}

func newClient(t *testing.T, n network, change ...func(*Config)) *Client {
	t.Helper()
	cfg := Config{Host: "https://guardai.example/base", Token: "ready-token", MaxRetries: DefaultMaxRetries}
	for _, c := range change {
		c(&cfg)
	}
	client, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	client.transport = n
	return client
}

func get(ctx context.Context, client *Client) error {
	_, err := Fetch(ctx, client, &Request{Method: http.MethodGet, Path: "/things/{id}", PathValues: map[string]string{"id": "7"}}, "", DecodeEmpty)
	return err
}

// TestRetries checks how often and for how long each kind of failure is retried.
func TestRetries(t *testing.T) {
	t.Parallel()
	refused := &net.OpError{Op: "dial", Err: errors.New("connection refused")}
	for name, test := range map[string]struct {
		fail          func() (*http.Response, error)
		attempts      int
		atLeast, most time.Duration
		message       string
	}{
		"outage":  {func() (*http.Response, error) { return respond(503, ""), nil }, 9, time.Minute, 3 * time.Minute, "returned 503 Service Unavailable after 9 attempts in 1m"},
		"refused": {func() (*http.Response, error) { return nil, refused }, 4, time.Second, 4 * time.Second, "failed after 4 attempts in"},
		"lookup":  {func() (*http.Response, error) { return nil, &net.DNSError{IsTemporary: true} }, 4, time.Second, 4 * time.Second, "can't be looked up"},
		"no such": {func() (*http.Response, error) { return nil, &net.DNSError{IsNotFound: true} }, 1, 0, 0, "can't be looked up"},
		"plain HTTP": {func() (*http.Response, error) {
			return nil, tls.RecordHeaderError{RecordHeader: [5]byte{'H', 'T', 'T', 'P', '/'}}
		}, 1, 0, 0, "speaks plain HTTP"},
		"as asked":    {func() (*http.Response, error) { return respond(429, "60"), nil }, 9, 8 * time.Minute, 9 * time.Minute, "429"},
		"not a route": {func() (*http.Response, error) { return respond(404, ""), nil }, 1, 0, 0, "404"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				attempts := 0
				client := newClient(t, func(*http.Request) (*http.Response, error) {
					attempts++
					return test.fail()
				})
				began := time.Now()
				err := get(t.Context(), client)
				took := time.Since(began)
				if attempts != test.attempts || took < test.atLeast || took > test.most {
					t.Errorf("%d attempts in %s", attempts, took)
				}
				if err == nil || !strings.HasPrefix(err.Error(), "GET https://guardai.example/base/things/7 ") || !strings.Contains(err.Error(), test.message) {
					t.Errorf("got %v", err)
				}
			})
		})
	}
}

func TestMaxRequestsPerSecond(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		attempts := 0
		client := newClient(t, func(*http.Request) (*http.Response, error) {
			attempts++
			if attempts == 1 {
				return respond(503, ""), nil
			}
			return respond(200, ""), nil
		}, func(cfg *Config) { cfg.MaxRequestsPerSecond = 0.1 })
		began := time.Now()
		for range 3 {
			if err := get(t.Context(), client); err != nil {
				t.Fatal(err)
			}
		}
		// The limiter computes with floats, so its waits are not exact to the nanosecond.
		if took := time.Since(began).Round(time.Millisecond); attempts != 4 || took < 30*time.Second || took > 31*time.Second {
			t.Errorf("%d attempts took %s at one in ten seconds", attempts, took)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if e, ok := errors.AsType[*Error](get(ctx, client)); !ok || attempts != 4 {
			t.Errorf("after %d attempts: %v", attempts, e)
		}
		ctx, stop := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, stop)
		began = time.Now()
		if e, ok := errors.AsType[*Error](get(ctx, client)); !ok || e.Kind != KindCanceled || time.Since(began) > time.Second {
			t.Errorf("got %v after %s", e, time.Since(began))
		}
	})
}

func TestIdleTimeout(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client := newClient(t, func(req *http.Request) (*http.Response, error) {
			<-req.Context().Done()
			return nil, req.Context().Err()
		}, func(cfg *Config) { cfg.MaxRetries, cfg.RequestTimeout = 1, time.Minute })
		began := time.Now()
		e, ok := errors.AsType[*Error](get(t.Context(), client))
		if took := time.Since(began); !ok || e.Cause != CauseTimeout || !strings.Contains(e.Message, "request_timeout") || took < 2*time.Minute {
			t.Errorf("got %v after %s", e, took)
		}
		reading, writing := io.Pipe()
		client = newClient(t, func(*http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: reading}, nil
		}, func(cfg *Config) { cfg.RequestTimeout = time.Minute })
		go func() {
			for range 10 {
				time.Sleep(50 * time.Second)
				_, _ = writing.Write([]byte(" "))
			}
			_ = writing.Close()
		}()
		if err := get(t.Context(), client); err != nil {
			t.Errorf("a transfer that moves: %v", err)
		}
		client = newClient(t, func(req *http.Request) (*http.Response, error) {
			reading, writing := io.Pipe()
			context.AfterFunc(req.Context(), func() { _ = writing.CloseWithError(req.Context().Err()) })
			return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: reading}, nil
		}, func(cfg *Config) { cfg.MaxRetries, cfg.RequestTimeout = 0, time.Minute })
		if e, ok := errors.AsType[*Error](get(t.Context(), client)); !ok || e.Cause != CauseTimeout {
			t.Errorf("a transfer that stops: %v", e)
		}
	})
}

func TestPlainHTTPBehindHTTPS(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(server.Close)
	client, err := New(Config{Host: strings.Replace(server.URL, "http:", "https:", 1), Token: "t", MaxRetries: 8, RetryWait: time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	if e, ok := errors.AsType[*Error](get(t.Context(), client)); !ok || e.Cause != CausePlainHTTP || e.Attempts != 1 {
		t.Errorf("got %+v", e)
	}
}
