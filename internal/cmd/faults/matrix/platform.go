package matrix

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

// login is the operation id of the first call of a run.
const login = "login"

// platform is a sandbox that can stop to listen, and another host that nobody has
// a reason to speak to.
type platform struct {
	*sandbox.Server
	addr  string
	serve *http.Server
	other *httptest.Server
	// strangers counts the requests to the other host.
	strangers atomic.Int64

	mu       sync.Mutex
	listener net.Listener
	// arrived counts requests, and hooks are what to do at each.
	arrived int
	hook    func(number int, handle func())
}

// newPlatform starts a sandbox whose state is in a folder.
func newPlatform(ctx context.Context, stateDir string) (*platform, error) {
	server, err := sandbox.New(sandbox.Config{StateDir: stateDir})
	if err != nil {
		return nil, err
	}
	p := &platform{Server: server, addr: "127.0.0.1:0", hook: func(_ int, handle func()) { handle() }}
	p.serve = &http.Server{Handler: http.HandlerFunc(p.handle), ReadHeaderTimeout: time.Minute}
	p.other = httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { p.strangers.Add(1) }))
	if err := p.listen(ctx); err != nil {
		return nil, errors.Join(err, p.close())
	}
	p.addr = p.listener.Addr().String()
	return p, nil
}

func (p *platform) url() string { return "http://" + p.addr }

// handle gives each request its number and lets the hook have it.
func (p *platform) handle(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	number, hook := p.arrived, p.hook
	p.arrived++
	p.mu.Unlock()
	hook(number, func() { p.ServeHTTP(w, r) })
}

// at has the hook called with each request from here on, which are counted from 0.
func (p *platform) at(hook func(number int, handle func())) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.arrived, p.hook = 0, hook
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

// refuse accepts no connection any more, and ends each that there is with its
// answer.
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
