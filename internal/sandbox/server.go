// Package sandbox is a GuardAI API that runs locally: to try the provider without an account, and to test it against
// a platform that behaves as badly as the API's documentation allows. It knows nothing of the provider or its client,
// so that a mistake in one of them can't hide behind the same mistake here.
package sandbox

import (
	"context"
	_ "embed"
	"fmt"
	"net/http"
	"path"
	"strings"
	"sync"
	"time"
)

// Config says how a sandbox behaves. The zero value is an empty platform that is kept in memory only.
type Config struct {
	// Seed fills an empty sandbox with example organizations, files and members. A
	// state folder that is in use already stays as it is.
	Seed bool
	// StateDir is a folder that keeps the state across restarts. It is created where
	// it doesn't exist. Empty means memory only.
	StateDir string
	// ExtraFeatures are accepted in disabledFeatures, as by a platform that is newer than the contract. Others that
	// the contract doesn't know are refused, unless the organization has them disabled already.
	ExtraFeatures []string
	// Always200 responds with 200 to everything that succeeds, in place of 201 and
	// 204. The documentation allows both.
	Always200 bool
	// EmptyFields says how responses show fields that hold nothing.
	EmptyFields EmptyFields
	// ChangeRefOnUpdate gives a file a new ref with each update; the old ref is gone
	// then. The documentation leaves open whether refs stay.
	ChangeRefOnUpdate bool
	// BareTextRefs makes an upload respond with bare text in place of a JSON string.
	// The documentation leaves open which of the two it is.
	BareTextRefs bool
	// NoDefaults leaves out a setting that a request doesn't name, where otherwise
	// the platform's default is filled in.
	NoDefaults bool
	// TokenLifetime is how long a JWT is valid, rounded up to whole seconds; 0 means
	// one hour. A negative one issues tokens that have expired already.
	TokenLifetime time.Duration
	// Latency is added to each response of the API.
	Latency time.Duration
	// Middleware wraps the API, inside fault injection: it sees what the API does,
	// not what a fault makes of it. Nil means none.
	Middleware func(http.Handler) http.Handler
}

// Server is a sandbox: an http.Handler with the API under /api and its controls under /_sandbox. Its methods are safe
// for concurrent use. Those that change the state panic where it can't be saved.
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

// New returns a sandbox that behaves as cfg says. It fails where the state folder
// can't be read or written, or holds something else.
func New(cfg Config) (*Server, error) {
	if err := cfg.EmptyFields.Validate(); err != nil {
		return nil, fmt.Errorf("EmptyFields %w", err)
	}
	s := &Server{config: cfg, closed: make(chan struct{})}
	s.state = newState(cfg.StateDir, !cfg.NoDefaults)
	s.tokens = newTokens(cfg.TokenLifetime)
	found, err := s.state.load()
	if err != nil {
		return nil, err
	}
	if !found && cfg.Seed {
		if err := s.seed(); err != nil {
			return nil, err
		}
	}
	if err := s.state.startSaving(); err != nil {
		return nil, err
	}
	s.routeOperations()
	s.api = s.logged(s.delayed(s.faulty(s.wrapped(http.HandlerFunc(s.route)))))
	s.control = s.controls()
	return s, nil
}

func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == controlPath || strings.HasPrefix(r.URL.Path, controlPath+"/") {
		s.control.ServeHTTP(w, r)
		return
	}
	s.api.ServeHTTP(w, r)
}

// Close ends the requests that are waiting. Nothing else has to be done: the state is saved with each change.
func (s *Server) Close() error {
	s.close.Do(func() { close(s.closed) })
	return nil
}

func (s *Server) wrapped(api http.Handler) http.Handler {
	if s.config.Middleware == nil {
		return api
	}
	return s.config.Middleware(api)
}

func (s *Server) delayed(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.pause(r.Context(), s.config.Latency)
		next.ServeHTTP(w, r)
	})
}

// route hands a request to its operation. ServeMux would redirect a path that
// isn't in its shortest form; no client should depend on that.
func (s *Server) route(w http.ResponseWriter, r *http.Request) {
	if escaped := r.URL.EscapedPath(); escaped != path.Clean(escaped) {
		writeError(w, r, noEndpoint(r))
		return
	}
	s.mux.ServeHTTP(w, r)
}

// pause waits. Where the client goes away or the server is closed meanwhile, it
// panics with http.ErrAbortHandler, which has net/http close the connection.
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

// OpenAPI is the contract that the sandbox keeps, as an OpenAPI 3.0 document in YAML. It was written from the
// vendor's reference of the API, and documents what the sandbox does where the reference says nothing.
//
//go:embed openapi.yaml
var OpenAPI []byte
