//go:build unix

package cancellation_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/guardai/terraform-provider-guardai/internal/acceptance"
	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

// gate blocks requests to one operation until it is opened.
type gate struct {
	// method and suffix select the requests. An empty method matches all methods.
	method, suffix string
	// first is the method of the first blocked request: those before it pass. Empty means any.
	first string
	// processed requests are blocked after the platform has processed them. Otherwise they are never processed.
	processed bool
	// rateLimited responds with 429 instead of blocking. Its Retry-After is longer than the watchdog allows.
	rateLimited bool

	mu      sync.Mutex
	active  bool
	begun   bool
	reached chan struct{}
	opened  chan struct{}
}

// newPlatform starts a sandbox behind a gate, which is open at first.
func newPlatform(t *testing.T, g *gate) *acceptance.Sandbox {
	t.Helper()
	s := acceptance.NewSandbox(t, func(cfg *sandbox.Config) {
		check := cfg.Middleware
		cfg.Middleware = func(api http.Handler) http.Handler { return g.middleware(check(api)) }
	})
	t.Cleanup(g.open)
	return s
}

// close blocks later requests.
func (g *gate) close() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.active, g.reached, g.opened = true, make(chan struct{}), make(chan struct{})
}

// open lets all requests pass, including those that are blocked.
func (g *gate) open() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.active {
		g.active = false
		close(g.opened)
	}
}

// holds reports whether a request is blocked, and until when.
func (g *gate) holds(r *http.Request) (opened <-chan struct{}, held bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if !g.active || g.method != "" && r.Method != g.method || !strings.HasSuffix(r.URL.Path, g.suffix) {
		return nil, false
	}
	if g.begun = g.begun || g.first == "" || r.Method == g.first; !g.begun {
		return nil, false
	}
	return g.opened, true
}

// signal closes reached.
func (g *gate) signal() {
	g.mu.Lock()
	defer g.mu.Unlock()
	select {
	case <-g.reached:
	default:
		close(g.reached)
	}
}

func (g *gate) middleware(api http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		opened, held := g.holds(r)
		switch {
		case !held:
			api.ServeHTTP(w, r)
		case g.rateLimited:
			w.Header().Set("Retry-After", "60")
			w.WriteHeader(http.StatusTooManyRequests)
		case g.processed:
			response := httptest.NewRecorder()
			api.ServeHTTP(response, r)
			g.signal()
			<-opened
			w.WriteHeader(response.Code)
			_, _ = w.Write(response.Body.Bytes())
		default:
			g.signal()
			<-opened
			panic(http.ErrAbortHandler)
		}
	})
}
