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

// gate holds up requests to one operation: a provider that waits for what is held
// up waits for ever.
type gate struct {
	// method and suffix say which requests: those whose path ends so. An empty method
	// means all.
	method, suffix string
	// carriedOut says that the platform does its work first, so that only the response
	// is held up. Otherwise the work is never done.
	carriedOut bool
	// busy responds with 429 in place of holding up, and asks for a wait that is longer
	// than the watchdog lets pass.
	busy bool

	mu sync.Mutex
	// active says that requests are held up.
	active  bool
	reached chan struct{}
	opened  chan struct{}
}

// newPlatform starts a sandbox behind a gate, which lets everything pass at first.
func newPlatform(t *testing.T, g *gate) *acceptance.Sandbox {
	t.Helper()
	s := acceptance.NewSandbox(t, func(cfg *sandbox.Config) {
		check := cfg.Middleware
		cfg.Middleware = func(api http.Handler) http.Handler { return g.before(check(api)) }
	})
	t.Cleanup(g.open)
	return s
}

// shut holds up the requests to come.
func (g *gate) shut() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.active, g.reached, g.opened = true, make(chan struct{}), make(chan struct{})
}

// open ends the holding up, for those that are held up too.
func (g *gate) open() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.active {
		g.active = false
		close(g.opened)
	}
}

// enter says whether a request is held up, and until when.
func (g *gate) enter(r *http.Request) (opened <-chan struct{}, held bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if !g.active || g.method != "" && r.Method != g.method || !strings.HasSuffix(r.URL.Path, g.suffix) {
		return nil, false
	}
	return g.opened, true
}

// signal reports that a request has reached the gate.
func (g *gate) signal() {
	g.mu.Lock()
	defer g.mu.Unlock()
	select {
	case <-g.reached:
	default:
		close(g.reached)
	}
}

func (g *gate) before(api http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		opened, held := g.enter(r)
		switch {
		case !held:
			api.ServeHTTP(w, r)
		case g.busy:
			w.Header().Set("Retry-After", "60")
			w.WriteHeader(http.StatusTooManyRequests)
		case g.carriedOut:
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
