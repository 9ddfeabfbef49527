package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

// organizationsPath is where organizations are created, and below it files.
const organizationsPath = "/api/v1/organizations"

// platform is a sandbox in this process that keeps a journal of what it created.
type platform struct {
	*sandbox.Server
	url  string
	http *http.Server
	// store keeps a state for the CLI.
	store stateStore
	// latency is how long a create takes, before its work and again after it.
	latency time.Duration
	// connections counts those that are open.
	connections sync.WaitGroup

	mu      sync.Mutex
	created []creation
}

// creation is an object that the platform made.
type creation struct {
	// id is its import id.
	id string
	// answered is when the answer was given.
	answered time.Time
}

func newPlatform(ctx context.Context, latency time.Duration) (*platform, error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	p := &platform{url: "http://" + listener.Addr().String(), latency: latency}
	if p.Server, err = sandbox.New(sandbox.Config{Middleware: p.journal}); err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	routes := http.NewServeMux()
	routes.Handle(statePath, &p.store)
	routes.Handle("/", p)
	p.http = &http.Server{ReadHeaderTimeout: time.Minute, Handler: routes, ConnState: p.count}
	go func() { _ = p.http.Serve(listener) }()
	return p, nil
}

func (p *platform) count(_ net.Conn, change http.ConnState) {
	switch change {
	case http.StateNew:
		p.connections.Add(1)
	case http.StateClosed:
		p.connections.Done()
	case http.StateActive, http.StateIdle, http.StateHijacked:
	}
}

func (p *platform) close() error { return errors.Join(p.http.Close(), p.Close()) }

// settle waits until every request that a client sent before it ended is carried
// out.
func (p *platform) settle(ctx context.Context) error {
	// Connections are accepted in turn: by the time that this one is answered, those
	// before it are counted.
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, p.url+"/_sandbox", http.NoBody)
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

// journal notes what is created. It looks at no context: the platform finishes its
// work although the client is gone.
func (p *platform) journal(api http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost || !strings.HasPrefix(r.URL.Path, organizationsPath) {
			api.ServeHTTP(w, r)
			return
		}
		time.Sleep(p.latency)
		answer := &copiedAnswer{ResponseWriter: w}
		api.ServeHTTP(answer, r)
		time.Sleep(p.latency)
		if id, ok := createdID(r.URL.Path, answer.body.Bytes()); ok {
			p.mu.Lock()
			defer p.mu.Unlock()
			p.created = append(p.created, creation{id: id, answered: time.Now()})
		}
	})
}

// copiedAnswer keeps a copy of an answer's body. net/http sends a small answer only
// when its handler ends.
type copiedAnswer struct {
	http.ResponseWriter
	body bytes.Buffer
}

func (a *copiedAnswer) Write(p []byte) (int, error) {
	a.body.Write(p)
	return a.ResponseWriter.Write(p)
}

// createdID reads the import id of a new organization or file from an answer.
func createdID(path string, answer []byte) (id string, ok bool) {
	var organization struct {
		ID int64 `json:"id"`
	}
	var ref string
	if json.Unmarshal(answer, &ref) == nil {
		organizationID := strings.TrimSuffix(strings.TrimPrefix(path, organizationsPath+"/"), "/file")
		return fileID(organizationID, ref), true
	}
	if json.Unmarshal(answer, &organization) == nil && organization.ID != 0 {
		return strconv.FormatInt(organization.ID, 10), true
	}
	return "", false
}

func fileID(organizationID, ref string) string {
	return organizationID + "/classmapping/" + url.PathEscape(ref)
}

// creations returns the journal.
func (p *platform) creations() []creation {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]creation(nil), p.created...)
}

// objects returns the import ids of everything on the platform.
func (p *platform) objects() map[string]bool {
	ids := map[string]bool{}
	for _, org := range p.Organizations() {
		id := strconv.FormatInt(org.ID, 10)
		ids[id] = true
		for _, file := range p.Files(org.ID) {
			ids[fileID(id, file.Ref)] = true
		}
	}
	return ids
}

// writes counts the calls so far that change something.
func (p *platform) writes() int {
	return p.Count("add_organization", "copy_organization", "update_organization", "delete_organization",
		"upload_organization_file", "rename_organization_file", "delete_organization_file")
}
