//go:build slow

package kill

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/guardai/terraform-provider-guardai/internal/cli"
	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

const organizationsPath = "/api/v1/organizations"

// platform is a sandbox that records the objects that it creates.
type platform struct {
	*sandbox.Local
	// latency is added before and after a create.
	latency time.Duration
	// connections counts open connections.
	connections sync.WaitGroup

	mu      sync.Mutex
	created []createdObject
}

type createdObject struct {
	// id is the import id.
	id string
	// responded is when the response was written.
	responded time.Time
}

func newPlatform(latency time.Duration) (p *platform, err error) {
	p = &platform{latency: latency}
	p.Local, err = sandbox.NewLocal(sandbox.Config{Middleware: p.journal}, func(server *http.Server) { server.ConnState = p.countConnection })
	return p, err
}

func (p *platform) countConnection(_ net.Conn, change http.ConnState) {
	switch change {
	case http.StateNew:
		p.connections.Add(1)
	case http.StateClosed:
		p.connections.Done()
	case http.StateActive, http.StateIdle, http.StateHijacked:
	}
}

// waitForConnections waits until all earlier requests are processed.
func (p *platform) waitForConnections(ctx context.Context) error {
	// Connections are accepted in order: when this one has its response, earlier ones are counted.
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, p.URL+"/_sandbox", http.NoBody)
	if err != nil {
		return err
	}
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Do(req)
	if err != nil {
		return err
	}
	err = resp.Body.Close()
	p.connections.Wait()
	return err
}

// journal records created objects. It finishes the request even if the client is gone.
func (p *platform) journal(api http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost || !strings.HasPrefix(r.URL.Path, organizationsPath) {
			api.ServeHTTP(w, r)
			return
		}
		time.Sleep(p.latency)
		response := &copiedResponse{ResponseWriter: w}
		api.ServeHTTP(response, r)
		time.Sleep(p.latency)
		if id, ok := createdID(r.URL.Path, response.body.Bytes()); ok {
			p.mu.Lock()
			defer p.mu.Unlock()
			p.created = append(p.created, createdObject{id: id, responded: time.Now()})
		}
	})
}

// copiedResponse copies a response's body. net/http sends a small response only when the handler returns.
type copiedResponse struct {
	http.ResponseWriter
	body bytes.Buffer
}

func (r *copiedResponse) Write(p []byte) (int, error) {
	r.body.Write(p)
	return r.ResponseWriter.Write(p)
}

// createdID returns the import id of the object in a response.
func createdID(path string, response []byte) (id string, ok bool) {
	var organization struct {
		ID int64 `json:"id"`
	}
	var ref string
	if json.Unmarshal(response, &ref) == nil {
		organizationID := strings.TrimSuffix(strings.TrimPrefix(path, organizationsPath+"/"), "/file")
		return cli.FileImportID(organizationID, "classmapping", ref), true
	}
	if json.Unmarshal(response, &organization) == nil && organization.ID != 0 {
		return strconv.FormatInt(organization.ID, 10), true
	}
	return "", false
}

// createdObjects returns the objects that were created so far.
func (p *platform) createdObjects() []createdObject {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]createdObject(nil), p.created...)
}

// objects returns the import ids of all objects on the platform, and of the memberships of the managed user.
func (p *platform) objects() map[string]bool {
	ids := cli.ImportIDs(p.Server)
	user, _ := p.User(sandbox.UserID)
	for _, id := range user.Organizations {
		ids[fmt.Sprintf("%d/%d", id, user.ID)] = true
	}
	return ids
}

// writes returns the number of calls so far that change something.
func (p *platform) writes() int {
	return p.Count("add_organization", "copy_organization", "update_organization", "delete_organization",
		"upload_organization_file", "rename_organization_file", "delete_organization_file", "update_user")
}
