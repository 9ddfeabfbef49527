package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"reflect"
	"time"

	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

// platform asks the sandbox's API what it holds. It is written without the
// provider's client, so that the two can't be wrong in the same way.
type platform struct {
	base  string
	token string
	http  *http.Client
}

// organization is what the demo looks at.
type organization struct {
	ID       int64          `json:"id"`
	Name     string         `json:"name"`
	Settings map[string]any `json:"settings"`
}

func logIn(ctx context.Context, base string) (*platform, error) {
	p := &platform{base: base, http: &http.Client{Timeout: 10 * time.Second}}
	body, err := json.Marshal(map[string]string{"apiKeyId": sandbox.AdminKeyID, "apiKey": sandbox.AdminKey})
	if err != nil {
		return nil, err
	}
	var answer struct {
		JWT string `json:"jwt"`
	}
	if err := p.call(ctx, http.MethodPost, "/api/v1/login", bytes.NewReader(body), &answer); err != nil {
		return nil, err
	}
	p.token = answer.JWT
	return p, nil
}

// organizations returns every organization that the platform holds.
func (p *platform) organizations(ctx context.Context) ([]organization, error) {
	var all []organization
	err := p.call(ctx, http.MethodGet, "/api/v1/organizations", http.NoBody, &all)
	return all, err
}

// named returns the organizations of a name.
func (p *platform) named(ctx context.Context, name string) ([]organization, error) {
	all, err := p.organizations(ctx)
	if err != nil {
		return nil, err
	}
	var found []organization
	for _, o := range all {
		if o.Name == name {
			found = append(found, o)
		}
	}
	return found, nil
}

// expect returns an error unless the platform holds one organization of a name
// with, among others, the given settings.
func (p *platform) expect(ctx context.Context, name string, settings map[string]any) (organization, error) {
	found, err := p.named(ctx, name)
	if err != nil {
		return organization{}, err
	}
	if len(found) != 1 {
		return organization{}, fmt.Errorf("GuardAI holds %d organizations named %q, not one", len(found), name)
	}
	for key, want := range settings {
		if got := found[0].Settings[key]; !reflect.DeepEqual(got, want) {
			return organization{}, fmt.Errorf("GuardAI holds %s = %v for organization %q, not %v", key, got, name, want)
		}
	}
	return found[0], nil
}

// expectUnchanged returns an error unless an organization is as it was.
func (p *platform) expectUnchanged(ctx context.Context, was organization) error {
	all, err := p.organizations(ctx)
	if err != nil {
		return err
	}
	for _, o := range all {
		if o.ID == was.ID {
			if !reflect.DeepEqual(o, was) {
				return fmt.Errorf("organization %d was to stay as it is: it was %v, and is %v", was.ID, was, o)
			}
			return nil
		}
	}
	return fmt.Errorf("organization %d was to stay, and is gone", was.ID)
}

// expectFile returns an error unless an organization holds one class mapping file,
// of the given name and content.
func (p *platform) expectFile(ctx context.Context, o organization, name, content string) error {
	listed, _ := o.Settings["classMappingFiles"].([]any)
	if len(listed) != 1 {
		return fmt.Errorf("organization %d lists %d class mapping files, not one", o.ID, len(listed))
	}
	entry, _ := listed[0].(map[string]any)
	if entry["fileName"] != name {
		return fmt.Errorf("organization %d lists the file %v, not %q", o.ID, entry["fileName"], name)
	}
	query := url.Values{"type": {"classmapping"}, "ref": {fmt.Sprint(entry["ref"])}}
	resp, err := p.send(ctx, http.MethodGet, fmt.Sprintf("/api/v1/organizations/%d/file?%s", o.ID, query.Encode()), http.NoBody)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	got, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	if string(got) != content {
		return fmt.Errorf("the file %q holds %q, not %q", name, got, content)
	}
	return nil
}

func (p *platform) call(ctx context.Context, method, path string, body io.Reader, into any) error {
	resp, err := p.send(ctx, method, path, body)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	return json.NewDecoder(resp.Body).Decode(into)
}

// send sends a request that must be answered with 200. The caller closes the
// answer's body.
func (p *platform) send(ctx context.Context, method, path string, body io.Reader) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, method, p.base+path, body)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	if p.token != "" {
		req.Header.Set("Authorization", "Bearer "+p.token)
	}
	resp, err := p.http.Do(req)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode != http.StatusOK {
		_ = resp.Body.Close()
		return nil, fmt.Errorf("%s %s answered %s", method, req.URL.Path, resp.Status)
	}
	return resp, nil
}
