package faults

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

// login is the operation id of the first call of a run.
const login = "login"

// platform is a sandbox that can stop listening, and another host that nobody has a
// reason to call.
type platform struct {
	*sandbox.Server
	addr  string
	serve *http.Server
	other *httptest.Server
	// leaks counts the requests to the other host.
	leaks atomic.Int64

	mu       sync.Mutex
	listener net.Listener
	// arrived counts requests, and hook is what to do at each.
	arrived int
	hook    hook
}

// hook is called with each request, which are counted from 0, and carries it out.
type hook func(number int, carryOut func())

// pass is the hook that does nothing more.
func pass(_ int, carryOut func()) { carryOut() }

// newPlatform starts a sandbox whose state is in a folder.
func newPlatform(ctx context.Context, stateDir string) (*platform, error) {
	server, err := sandbox.New(sandbox.Config{StateDir: stateDir})
	if err != nil {
		return nil, err
	}
	p := &platform{Server: server, addr: "127.0.0.1:0", hook: pass}
	p.serve = &http.Server{Handler: http.HandlerFunc(p.handle), ReadHeaderTimeout: time.Minute}
	p.other = httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { p.leaks.Add(1) }))
	if err := p.listen(ctx); err != nil {
		return nil, errors.Join(err, p.close())
	}
	p.addr = p.listener.Addr().String()
	return p, nil
}

func (p *platform) url() string { return "http://" + p.addr }

// handle numbers each request and passes it to the hook.
func (p *platform) handle(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	number, hook := p.arrived, p.hook
	p.arrived++
	p.mu.Unlock()
	hook(number, func() { p.ServeHTTP(w, r) })
}

// at sets the hook, and counts requests from here on.
func (p *platform) at(h hook) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.arrived, p.hook = 0, h
}

// listen accepts connections, again where it was stopped.
func (p *platform) listen(ctx context.Context) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.listener != nil {
		return nil
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", p.addr)
	if err != nil {
		return err
	}
	p.listener = listener
	p.serve.SetKeepAlivesEnabled(true)
	// It ends with the listener.
	go func() { _ = p.serve.Serve(listener) }()
	return nil
}

// refuse accepts no connections any more, and ends each open one with its response.
func (p *platform) refuse() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.listener == nil {
		return
	}
	p.serve.SetKeepAlivesEnabled(false)
	_ = p.listener.Close()
	p.listener = nil
}

func (p *platform) close() error {
	err := errors.Join(p.serve.Close(), p.Close())
	p.other.Close()
	return err
}

func TestPlatformRefusesAndListensAgain(t *testing.T) {
	t.Parallel()
	p, err := newPlatform(t.Context(), filepath.Join(t.TempDir(), "sandbox"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.close(); err != nil {
			t.Error(err)
		}
	})
	// The platform stops listening while it is at the second request.
	p.at(func(number int, carryOut func()) {
		if number == 1 {
			p.refuse()
		}
		carryOut()
	})
	client := &http.Client{Transport: &http.Transport{}}
	for number, responds := range []bool{true, true, false} {
		if err := call(t, client, p.url()); (err == nil) != responds {
			t.Errorf("request %d: %v", number, err)
		}
	}
	if err := p.listen(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := call(t, client, p.url()); err != nil {
		t.Errorf("after it listens again: %v", err)
	}
}

func call(t *testing.T, client *http.Client, base string) error {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, base+"/api/v1/organizations", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := client.Do(req)
	if err != nil {
		return err
	}
	return resp.Body.Close()
}
