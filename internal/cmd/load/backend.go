package main

import (
	"io"
	"net/http"
	"sync"
)

// statePath is where the platform's server keeps a state for the CLI.
const statePath = "/state"

// stateStore serves the CLI's backend "http". Many objects need such a backend: a local
// state file is written as a whole after each of them.
type stateStore struct {
	mu  sync.Mutex
	raw []byte
}

func (s *stateStore) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case r.Method == http.MethodPost:
		raw, err := io.ReadAll(r.Body)
		if err != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		s.raw = raw
	case r.Method == http.MethodGet && s.raw != nil:
		_, _ = w.Write(s.raw)
	default:
		w.WriteHeader(http.StatusNotFound)
	}
}
