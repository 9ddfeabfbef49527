package faults

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"time"

	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

// login is the operation id of a run's first call.
const login = "login"

// platform is a sandbox that can stop listening, and a second host that must receive no requests.
type platform struct {
	*sandbox.Server
	addr  string
	serve *http.Server
	other *httptest.Server
	// leaks counts the requests to the second host.
	leaks atomic.Int64

	mu       sync.Mutex
	listener net.Listener
	// beforeRefusal is the number of requests until the platform stops listening, negative if it doesn't.
	beforeRefusal int
}

// newPlatform starts a sandbox with a state folder.
func newPlatform(ctx context.Context, stateDir string) (*platform, error) {
	server, err := sandbox.New(sandbox.Config{StateDir: stateDir})
	if err != nil {
		return nil, err
	}
	p := &platform{Server: server, addr: "127.0.0.1:0", beforeRefusal: -1}
	p.serve = &http.Server{Handler: http.HandlerFunc(p.handle), ReadHeaderTimeout: time.Minute}
	p.other = httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { p.leaks.Add(1) }))
	if err := p.listen(ctx); err != nil {
		return nil, errors.Join(err, p.close())
	}
	p.addr = p.listener.Addr().String()
	return p, nil
}

func (p *platform) url() string { return "http://" + p.addr }

func (p *platform) handle(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	p.beforeRefusal--
	if p.beforeRefusal == 0 {
		p.refuse()
	}
	p.mu.Unlock()
	p.ServeHTTP(w, r)
}

// refuseBefore stops listening before the request with an index, from now on.
func (p *platform) refuseBefore(number int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.beforeRefusal = number; number == 0 {
		p.refuse()
	}
}

// listen starts or resumes listening.
func (p *platform) listen(ctx context.Context) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.beforeRefusal = -1
	if p.listener != nil {
		return nil
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", p.addr)
	if err != nil {
		return err
	}
	p.listener = listener
	p.serve.SetKeepAlivesEnabled(true)
	go func() { _ = p.serve.Serve(listener) }() // It returns when the listener is closed.
	return nil
}

// refuse stops listening, and closes each connection after its response. The caller holds mu.
func (p *platform) refuse() {
	p.serve.SetKeepAlivesEnabled(false)
	_ = p.listener.Close()
	p.listener = nil
}

func (p *platform) close() error {
	err := errors.Join(p.serve.Close(), p.Close())
	p.other.Close()
	return err
}
