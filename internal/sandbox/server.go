// Package sandbox is a local GuardAI API. It lets you try the provider without an account, and test it against every
// behavior that the API's documentation allows. It imports neither the provider nor its client, so it can't repeat
// their mistakes.
package sandbox

import (
	"context"
	_ "embed"
	"net/http"
	"path"
	"strings"
	"sync"
	"time"
)

// Config configures a sandbox. The zero value is an empty platform that is kept in memory.
type Config struct {
	// Seed adds example organizations, files and members, unless StateDir already holds a state.
	Seed bool
	// StateDir is a folder that keeps the state across restarts. It is created if missing. Empty means memory only.
	StateDir string
	// Unusual makes the platform behave unusually wherever its documentation leaves that open:
	//   - Every success is 200, instead of 201 or 204.
	//   - A scalar without a value is null, and an empty list or object is left out: a field can't be both. An
	//     organization's name and settings are always there. A null in a request counts as missing, instead of being an
	//     error.
	//   - An organization inside another object has only its id and name.
	//   - Settings that a request omits stay unset, instead of getting defaults, and unknown features can be disabled.
	//   - An upload that updates a file changes its ref, which invalidates the old one, and keeps its name. A file that
	//     settings.classMappingFiles has lost stays lost.
	//   - An upload responds with plain text instead of a JSON string.
	//   - Updating a user wipes what the request omits. Settings and definitions are replaced on every platform.
	//   - An invited user doesn't appear before registering.
	Unusual bool
	// TokenLifetime is how long a JWT is valid, rounded up to whole seconds. 0 means one hour; a negative lifetime
	// issues expired tokens.
	TokenLifetime time.Duration
	// Latency is added to each response of the API.
	Latency time.Duration
	// Middleware wraps the API inside fault injection: it doesn't see the effects of faults. It may be nil.
	Middleware func(http.Handler) http.Handler
}

// Server is an http.Handler that serves the API under /api, its control API under /_sandbox, and a page that shows its
// state at /. Its methods are safe for concurrent use. Those that change the state panic if it can't be saved.
type Server struct {
	config  Config
	state   *state
	tokens  *tokens
	faults  faultList
	log     requestLog
	mux     *http.ServeMux
	ids     map[string]string
	api     http.Handler
	control http.Handler
	closed  chan struct{}
	close   sync.Once
}

// New returns a sandbox. It fails if the state folder can't be read or written, or holds anything else.
func New(cfg Config) (*Server, error) {
	s := &Server{config: cfg, closed: make(chan struct{})}
	s.state = newState(cfg.StateDir, !cfg.Unusual)
	s.tokens = newTokens(cfg.TokenLifetime)
	exists, err := s.state.load()
	if err != nil {
		return nil, err
	}
	if !exists && cfg.Seed {
		if err := s.seed(); err != nil {
			return nil, err
		}
	}
	if err := s.state.startSaving(); err != nil {
		return nil, err
	}
	s.routeOperations()
	api := http.Handler(http.HandlerFunc(s.route))
	if cfg.Middleware != nil {
		api = cfg.Middleware(api)
	}
	s.api = s.logRequests(s.addLatency(s.injectFaults(api)))
	s.control = s.controls()
	return s, nil
}

func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == controlPath || strings.HasPrefix(r.URL.Path, controlPath+"/") {
		s.control.ServeHTTP(w, r)
		return
	}
	if r.Method == http.MethodGet && r.URL.Path == "/" {
		s.showPage(w, r)
		return
	}
	s.api.ServeHTTP(w, r)
}

// Close aborts requests that are waiting for a delay. The state needs no closing: it is saved with each change.
func (s *Server) Close() error {
	s.close.Do(func() { close(s.closed) })
	return nil
}

func (s *Server) addLatency(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.pause(r.Context(), s.config.Latency)
		next.ServeHTTP(w, r)
	})
}

// route serves the API. It rejects paths that aren't clean. ServeMux would redirect them, but no client should depend
// on that.
func (s *Server) route(w http.ResponseWriter, r *http.Request) {
	if escaped := r.URL.EscapedPath(); escaped != path.Clean(escaped) {
		writeError(w, r, noEndpoint(r))
		return
	}
	s.mux.ServeHTTP(w, r)
}

// pause waits. If the client disconnects or the server is closed, it panics with http.ErrAbortHandler, which makes
// net/http close the connection.
func (s *Server) pause(ctx context.Context, wait time.Duration) {
	if wait <= 0 {
		return
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return
	case <-ctx.Done():
	case <-s.closed:
	}
	panic(http.ErrAbortHandler)
}

// OpenAPI is the API as an OpenAPI 3.0 document in YAML. It is based on the vendor's API reference, and documents the
// sandbox's behavior where the reference is silent.
//
//go:embed openapi.yaml
var OpenAPI []byte
