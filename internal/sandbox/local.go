package sandbox

import (
	"net/http"
	"net/http/httptest"
)

// Local is a sandbox that listens in this process.
type Local struct {
	*Server
	URL string

	listener *httptest.Server
}

// NewLocal starts a sandbox on a free port of the loopback interface. change may modify the HTTP server before it
// starts.
func NewLocal(cfg Config, change ...func(*http.Server)) (*Local, error) {
	server, err := New(cfg)
	if err != nil {
		return nil, err
	}
	l := &Local{Server: server, listener: httptest.NewUnstartedServer(server)}
	for _, c := range change {
		c(l.listener.Config)
	}
	l.listener.Start()
	l.URL = l.listener.URL
	return l, nil
}

// Close stops the sandbox and closes its connections.
func (l *Local) Close() error {
	l.listener.CloseClientConnections()
	l.listener.Close()
	return l.Server.Close()
}

// Environ returns environment variables that configure the provider for the sandbox, with an administrator's API key.
func (l *Local) Environ() []string { return Environ(l.URL) }

// Environ returns environment variables that configure the provider for the sandbox at an address, with an
// administrator's API key.
func Environ(host string) []string {
	return []string{"GUARDAI_HOST=" + host, "GUARDAI_API_KEY_ID=" + AdminKeyID, "GUARDAI_API_KEY=" + AdminKey}
}
