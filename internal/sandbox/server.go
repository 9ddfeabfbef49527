// Package sandbox is a GuardAI API to run locally: to try the provider without
// an account, and to test it against a platform that behaves as badly as the
// API's documentation allows. It knows nothing of the provider or its client, so
// that a mistake in one of them can't hide behind the same mistake here.
package sandbox

import (
	"context"
	"net/http"
	"path"
	"strings"
	"sync"
	"time"
)

// Config says how a sandbox behaves. The zero value is an empty platform that
// is kept in memory only.
type Config struct {
	// Seed fills an empty sandbox with example organizations, files and members.
	// A state file that exists already is taken as it is.
	Seed bool
	// StateFile keeps the state across restarts; empty means memory only.
	StateFile string
	// ChangeRefOnUpdate makes an upload that names a ref answer with another one;
	// the old ref is gone then. The documentation leaves open whether refs stay.
	ChangeRefOnUpdate bool
	// BareTextRefs makes an upload answer bare text in place of a JSON string. The
	// documentation leaves open which of the two it is.
	BareTextRefs bool
	// NoDefaults leaves a setting that a request doesn't name out of the answer,
	// where otherwise the platform's default is filled in.
	NoDefaults bool
	// TokenLifetime is how long a JWT is valid, rounded up to whole seconds; 0 means
	// one hour. A negative one makes tokens that have expired already.
	TokenLifetime time.Duration
	// Latency is added to each API answer.
	Latency time.Duration
	// Middleware wraps the API, inside fault injection: it sees what the API does,
	// not what a fault makes of it. Nil means none.
	Middleware func(http.Handler) http.Handler
}

// Server is a sandbox: an http.Handler with the API under /api and its controls
// under /_sandbox. Its methods are safe for concurrent use.
type Server struct {
	config  Config
	state   *state
	tokens  *tokens
	faults  faultList
	log     requestLog
	spool   *spool
	saver   *saver
	mux     *http.ServeMux
	ids     map[string]string
	api     http.Handler
	control http.Handler
	closed  chan struct{}
	close   sync.Once
}

// New returns a sandbox that behaves as cfg says. It fails where the state file
// can't be read, isn't a sandbox's state, or can't be written.
func New(cfg Config) (*Server, error) {
	s := &Server{config: cfg, closed: make(chan struct{}), spool: &spool{}}
	s.state = newState(s.spool, !cfg.NoDefaults)
	s.tokens = newTokens(cfg.TokenLifetime)
	if err := s.fill(); err != nil {
		s.spool.remove()
		return nil, err
	}
	s.routeOperations()
	s.api = s.logged(s.delayed(s.faulty(s.wrapped(http.HandlerFunc(s.route)))))
	s.control = s.controls()
	return s, nil
}

// fill gives the state what it starts with, and has it saved from then on.
func (s *Server) fill() error {
	if s.config.StateFile == "" {
		if s.config.Seed {
			s.seed()
		}
		return nil
	}
	found, err := s.state.load(s.config.StateFile)
	if err != nil {
		return err
	}
	if !found && s.config.Seed {
		s.seed()
	}
	s.saver = newSaver(s.state, s.config.StateFile)
	if err := s.saver.save(); err != nil {
		return err
	}
	s.state.changed = s.saver.schedule
	return nil
}

func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == controlPath || strings.HasPrefix(r.URL.Path, controlPath+"/") {
		s.control.ServeHTTP(w, r)
		return
	}
	s.api.ServeHTTP(w, r)
}

// Close ends what is still waiting, saves the state where there is a state file,
// and removes temporary files. It returns what saving failed with. The server
// must not be used any more afterwards, but for reading its state.
func (s *Server) Close() error {
	var err error
	s.close.Do(func() {
		close(s.closed)
		if s.saver != nil {
			err = s.saver.close()
		}
		s.spool.remove()
	})
	return err
}

func (s *Server) wrapped(api http.Handler) http.Handler {
	if s.config.Middleware == nil {
		return api
	}
	return s.config.Middleware(api)
}

func (s *Server) delayed(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !s.pause(r.Context(), s.config.Latency) {
			panic(http.ErrAbortHandler)
		}
		next.ServeHTTP(w, r)
	})
}

// route hands a request to its operation. ServeMux would redirect a path that
// isn't in its shortest form; no client should depend on that.
func (s *Server) route(w http.ResponseWriter, r *http.Request) {
	if escaped := r.URL.EscapedPath(); escaped != path.Clean(escaped) {
		writeError(w, r, notFound("No endpoint "+r.Method+" "+r.URL.Path+"."))
		return
	}
	s.mux.ServeHTTP(w, r)
}

// pause waits, and reports whether it waited to the end: not where the client
// went away or the server was closed.
func (s *Server) pause(ctx context.Context, wait time.Duration) bool {
	if wait <= 0 {
		return true
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	case <-s.closed:
		return false
	}
}
