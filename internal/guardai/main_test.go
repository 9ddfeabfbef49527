package guardai

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m)
}

// platform is a server that records requests.
type platform struct {
	*httptest.Server
	mu       sync.Mutex
	requests []*http.Request
}

func newPlatform(t *testing.T, handler http.HandlerFunc) *platform {
	t.Helper()
	p := &platform{}
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.mu.Lock()
		p.requests = append(p.requests, r)
		p.mu.Unlock()
		handler(w, r)
	}))
	t.Cleanup(p.Close)
	return p
}

func (p *platform) count(method string) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := 0
	for _, r := range p.requests {
		if r.Method == method {
			n++
		}
	}
	return n
}

// called reports whether a path was requested.
func (p *platform) called(path string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.ContainsFunc(p.requests, func(r *http.Request) bool { return r.URL.Path == path })
}

// client returns a client with a token and short waits.
func (p *platform) client(t *testing.T, change ...func(*Config)) *Client {
	t.Helper()
	cfg := Config{Host: p.URL, Token: "ready-token", MaxRetries: 3, RetryWait: time.Millisecond}
	for _, c := range change {
		c(&cfg)
	}
	client, err := New(cfg)
	if err != nil {
		t.Fatalf("New: %v", err)
	}
	t.Cleanup(client.rest.CloseIdleConnections)
	return client
}

// token returns a JWT that expires at the given time.
func token(t *testing.T, id string, expires time.Time) string {
	t.Helper()
	claims := jwt.RegisteredClaims{ID: id, ExpiresAt: jwt.NewNumericDate(expires)}
	signed, err := jwt.NewWithClaims(jwt.SigningMethodHS256, claims).SignedString([]byte("test"))
	if err != nil {
		t.Fatal(err)
	}
	return signed
}

func respond(status int, contentType, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}
}

func background(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	t.Cleanup(cancel)
	return ctx
}

// springError returns an error body in the platform's own form.
func springError(status int, message string) string {
	return fmt.Sprintf(`{"timestamp":"2024-05-01T12:00:00.000+00:00","status":%d,"error":%q,"message":%q,"path":"/x"}`, status, http.StatusText(status), message)
}

// soon returns a creation time that is new for a create that begins now.
func soon() string { return time.Now().Add(time.Second).UTC().Format(time.RFC3339Nano) }
