package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

// latency is added to each answer: what a platform elsewhere takes at least.
const latency = 20 * time.Millisecond

// platform is a sandbox that answers as late as one elsewhere.
type platform struct {
	*sandbox.Server
	url      string
	listener *httptest.Server
}

func newPlatform() (*platform, error) {
	server, err := sandbox.New(sandbox.Config{Latency: latency})
	if err != nil {
		return nil, err
	}
	listener := httptest.NewServer(server)
	return &platform{Server: server, url: listener.URL, listener: listener}, nil
}

func (p *platform) stop() error {
	p.listener.CloseClientConnections()
	p.listener.Close()
	return p.Close()
}

// logIn returns a token, for a program that isn't the provider.
func (p *platform) logIn(ctx context.Context) (string, error) {
	body, err := json.Marshal(map[string]string{"apiKeyId": sandbox.AdminKeyID, "apiKey": sandbox.AdminKey})
	if err != nil {
		return "", err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, p.url+"/api/v1/login", bytes.NewReader(body))
	if err != nil {
		return "", err
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := p.listener.Client().Do(req)
	if err != nil {
		return "", err
	}
	defer func() { _ = resp.Body.Close() }()
	var answer struct {
		JWT string `json:"jwt"`
	}
	if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil || answer.JWT == "" {
		return "", fmt.Errorf("the login answered %s: %w", resp.Status, err)
	}
	return answer.JWT, nil
}
