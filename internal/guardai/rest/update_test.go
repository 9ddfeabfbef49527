package rest

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// update sends a PUT whose body comes from a read.
func update(ctx context.Context, client *Client) error {
	_, err := Fetch(ctx, client, &Request{
		Method: http.MethodPut, Path: "/things/7", ReadsFirst: true,
		Body: func(ctx context.Context) (*Body, error) {
			read := &Request{Method: http.MethodGet, Path: "/things/7", Prepaid: true}
			if _, err := Fetch(ctx, client, read, "", DecodeEmpty); err != nil {
				return nil, err
			}
			return JSON("changed")
		},
	}, "", DecodeEmpty)
	return err
}

// Between the read and the write of an update, another client's write would be lost, so the rate limiter mustn't wait
// there.
func TestNothingWaitsBetweenReadAndWrite(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const updates = 10
		reads, writes := make(chan time.Time, updates), make(chan time.Time, updates)
		client := newClient(t, func(req *http.Request) (*http.Response, error) {
			if req.Method == http.MethodGet {
				reads <- time.Now()
			} else {
				writes <- time.Now()
			}
			return respond(200, ""), nil
		}, func(cfg *Config) { cfg.MaxRequestsPerSecond = 5 })
		began := time.Now()
		for range updates {
			go func() {
				if err := update(t.Context(), client); err != nil {
					t.Error(err)
				}
			}()
		}
		for range updates {
			if read, write := <-reads, <-writes; !read.Equal(write) {
				t.Errorf("the write came %s after the read", write.Sub(read))
			}
		}
		if took := time.Since(began); took < (2*updates-2)*time.Second/5 {
			t.Errorf("%d requests took only %s", 2*updates, took)
		}
	})
}

// If net/http sends a request again, for example on another connection, an attempt must not mix the length of one body
// with the content of another.
func TestAttemptHasOneBody(t *testing.T) {
	t.Parallel()
	var requests atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		raw, err := io.ReadAll(r.Body)
		if err != nil && len(raw) == 0 {
			return // The client found the connection closed before it sent the body.
		}
		if err != nil || int64(len(raw)) != r.ContentLength {
			t.Errorf("got %q of %d bytes: %v", raw, r.ContentLength, err)
		}
		// The next request finds its connection closed, after the client took it from its pool.
		if requests.Add(1)%2 == 1 {
			conn, _, err := http.NewResponseController(w).Hijack()
			if err != nil {
				t.Error(err)
				return
			}
			_, _ = fmt.Fprint(conn, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
			_ = conn.Close()
		}
	}))
	t.Cleanup(server.Close)
	client, err := New(Config{Host: server.URL, Token: "t", MaxRetries: 3, RetryWait: time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.CloseIdleConnections)
	for range 50 {
		bodies := 0
		_, err := Fetch(t.Context(), client, &Request{Method: http.MethodPut, Path: "/x", Body: func(context.Context) (*Body, error) {
			bodies++
			return JSON(strings.Repeat("x", bodies))
		}}, "", DecodeEmpty)
		if err != nil {
			t.Error(err)
		}
	}
}
