package main

import (
	"net/http"
	"path/filepath"
	"testing"
)

func TestPlatformRefusesAndListensAgain(t *testing.T) {
	t.Parallel()
	p, err := newPlatform(t.Context(), filepath.Join(t.TempDir(), "sandbox"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.close(); err != nil {
			t.Error(err)
		}
	})
	// The platform stops listening while it is at the second request.
	p.at(func(number int, carryOut func()) {
		if number == 1 {
			p.refuse()
		}
		carryOut()
	})
	client := &http.Client{Transport: &http.Transport{}}
	for number, responds := range []bool{true, true, false} {
		if err := call(t, client, p.url()); (err == nil) != responds {
			t.Errorf("request %d: %v", number, err)
		}
	}
	if err := p.listen(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := call(t, client, p.url()); err != nil {
		t.Errorf("after it listens again: %v", err)
	}
}

func call(t *testing.T, client *http.Client, base string) error {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, base+"/api/v1/organizations", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := client.Do(req)
	if err != nil {
		return err
	}
	return resp.Body.Close()
}
