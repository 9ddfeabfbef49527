package sandbox

import (
	"errors"
	"net"
	"net/http"
	"sync"
)

// Local is a sandbox that listens in this process.
type Local struct {
	*Server
	URL string

	server *http.Server
	active sync.RWMutex // Each request holds it for reading.
}

// NewLocal starts a sandbox on a free port of the loopback interface. change may modify the HTTP server before it
// starts.
func NewLocal(cfg Config, change ...func(*http.Server)) (*Local, error) {
	api, err := New(cfg)
	if err != nil {
		return nil, err
	}
	listener, err := net.ListenTCP("tcp", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		return nil, errors.Join(err, api.Close())
	}
	l := &Local{Server: api, URL: "http://" + listener.Addr().String()}
	l.server = &http.Server{Handler: http.HandlerFunc(l.serve)} //nolint:gosec // Only this machine can reach it.
	for _, c := range change {
		c(l.server)
	}
	go func() { _ = l.server.Serve(listener) }()
	return l, nil
}

func (l *Local) serve(w http.ResponseWriter, r *http.Request) {
	l.active.RLock()
	defer l.active.RUnlock()
	l.ServeHTTP(w, r)
}

// Close stops the sandbox, closes its connections, and waits for its requests to end.
func (l *Local) Close() error {
	err := errors.Join(l.Server.Close(), l.server.Close())
	l.active.Lock()
	defer l.active.Unlock()
	return err
}

// Environ returns environment variables that configure the provider for the sandbox, with an administrator's API key.
func (l *Local) Environ() []string { return Environ(l.URL) }

// Environ returns environment variables that configure the provider for the sandbox at an address, with an
// administrator's API key.
func Environ(host string) []string {
	return []string{"GUARDAI_HOST=" + host, "GUARDAI_API_KEY_ID=" + AdminKeyID, "GUARDAI_API_KEY=" + AdminKey}
}
