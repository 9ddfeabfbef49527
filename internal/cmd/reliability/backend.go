package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"sync"
)

// statePath is where a platform's server keeps a state for the CLI.
const statePath = "/state"

// stateStore is what the CLI's backend "http" talks to. Many objects take such a
// backend: a local state file is written as a whole after each of them.
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

func (s *stateStore) state() (*state, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.raw == nil {
		return &state{}, nil
	}
	return parseState(s.raw)
}

// requiredProvider is how a CLI shows where it looks for guardai/guardai.
var requiredProvider = regexp.MustCompile(`provider\[(.+)/guardai/guardai\]`)

// useStore has the CLI keep the folder's state at a platform's server. That takes an
// init, which installs the provider.
func (f *folder) useStore(ctx context.Context, p *platform) error {
	var shown bytes.Buffer
	if err := f.command(ctx, &shown, "providers").Run(); err != nil {
		return fmt.Errorf("asking the CLI where it looks for the provider: %w\n%s", err, &shown)
	}
	found := requiredProvider.FindStringSubmatch(shown.String())
	if found == nil {
		return errors.New("the CLI doesn't tell where it looks for the provider")
	}
	dir := filepath.Join(f.workspace.mirror(), found[1], "guardai", "guardai", "0.1.0", runtime.GOOS+"_"+runtime.GOARCH)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	if err := os.Link(f.workspace.provider(), filepath.Join(dir, providerName+"_v0.1.0")); err != nil {
		return err
	}
	f.environ = append(f.environ, "TF_HTTP_ADDRESS="+p.url+statePath)
	if err := f.write("backend.tf", "terraform {\n  backend \"http\" {}\n}\n"); err != nil {
		return err
	}
	return f.terraform(ctx, "init")
}
