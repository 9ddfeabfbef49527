package program

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"

	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

// Sandbox is a sandbox that listens in this process.
type Sandbox struct {
	*sandbox.Server
	URL string

	listener *httptest.Server
}

// NewSandbox starts a sandbox on a free port of the loopback interface. change may modify the HTTP server before it
// starts.
func NewSandbox(cfg sandbox.Config, change ...func(*http.Server)) (*Sandbox, error) {
	server, err := sandbox.New(cfg)
	if err != nil {
		return nil, err
	}
	s := &Sandbox{Server: server, listener: httptest.NewUnstartedServer(server)}
	for _, c := range change {
		c(s.listener.Config)
	}
	s.listener.Start()
	s.URL = s.listener.URL
	return s, nil
}

// WithSandbox calls do with a new sandbox and closes it afterwards.
func WithSandbox(cfg sandbox.Config, do func(*Sandbox) error) (err error) {
	p, err := NewSandbox(cfg)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.Close()) }()
	return do(p)
}

// Close stops the sandbox and closes its connections.
func (s *Sandbox) Close() error {
	s.listener.CloseClientConnections()
	s.listener.Close()
	return s.Server.Close()
}

// Environ returns environment variables that configure the provider for a sandbox, with an administrator's API key.
func Environ(base string) []string {
	return []string{"GUARDAI_HOST=" + base, "GUARDAI_API_KEY_ID=" + sandbox.AdminKeyID, "GUARDAI_API_KEY=" + sandbox.AdminKey}
}

// ImportIDs returns the import ids of all organizations and files in a sandbox.
func ImportIDs(s *sandbox.Server) map[string]bool {
	ids := map[string]bool{}
	for _, org := range s.Organizations() {
		id := strconv.FormatInt(org.ID, 10)
		ids[id] = true
		for _, file := range s.Files(org.ID) {
			ids[FileImportID(id, file.Type, file.Ref)] = true
		}
	}
	return ids
}

// FileImportID returns the import id of a file.
func FileImportID(organizationID, fileType, ref string) string {
	return organizationID + "/" + url.PathEscape(fileType) + "/" + url.PathEscape(ref)
}
