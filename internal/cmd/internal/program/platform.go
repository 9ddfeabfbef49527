package program

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"

	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

// Platform is a sandbox in this process.
type Platform struct {
	*sandbox.Server
	URL string

	listener *httptest.Server
}

// NewPlatform starts a sandbox on a free port of the loopback interface. Functions
// change the server before it starts.
func NewPlatform(cfg sandbox.Config, change ...func(*http.Server)) (*Platform, error) {
	server, err := sandbox.New(cfg)
	if err != nil {
		return nil, err
	}
	p := &Platform{Server: server, listener: httptest.NewUnstartedServer(server)}
	for _, c := range change {
		c(p.listener.Config)
	}
	p.listener.Start()
	p.URL = p.listener.URL
	return p, nil
}

// InPlatform does something with a sandbox and ends it afterwards.
func InPlatform(cfg sandbox.Config, do func(*Platform) error) (err error) {
	p, err := NewPlatform(cfg)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.Close()) }()
	return do(p)
}

// Close ends the sandbox, and the requests to it.
func (p *Platform) Close() error {
	p.listener.CloseClientConnections()
	p.listener.Close()
	return p.Server.Close()
}

// Environ returns the variables that configure the provider for a sandbox, with an administrator's API key.
func Environ(base string) []string {
	return []string{"GUARDAI_HOST=" + base, "GUARDAI_API_KEY_ID=" + sandbox.AdminKeyID, "GUARDAI_API_KEY=" + sandbox.AdminKey}
}

// Objects returns the import ids of every organization and file of a sandbox.
func Objects(s *sandbox.Server) map[string]bool {
	ids := map[string]bool{}
	for _, org := range s.Organizations() {
		id := strconv.FormatInt(org.ID, 10)
		ids[id] = true
		for _, file := range s.Files(org.ID) {
			ids[FileID(id, file.Type, file.Ref)] = true
		}
	}
	return ids
}

// FileID is a file's import id.
func FileID(organizationID, fileType, ref string) string {
	return organizationID + "/" + url.PathEscape(fileType) + "/" + url.PathEscape(ref)
}
