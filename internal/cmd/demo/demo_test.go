package main

import (
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

func newPlatform(t *testing.T) (*platform, *sandbox.Server) {
	t.Helper()
	server, err := sandbox.New(sandbox.Config{Seed: true})
	if err != nil {
		t.Fatal(err)
	}
	listener := httptest.NewServer(server)
	t.Cleanup(func() {
		listener.Close()
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	p, err := logIn(t.Context(), listener.URL)
	if err != nil {
		t.Fatal(err)
	}
	return p, server
}

func TestPlatformExpect(t *testing.T) {
	p, server := newPlatform(t)
	added := server.AddOrganization(sandbox.Organization{Name: "one", Settings: map[string]any{"maxItemCount": 5, "disabledFeatures": []any{"EVALUATION"}}})
	got, err := p.expect(t.Context(), "one", map[string]any{"maxItemCount": 5.0, "disabledFeatures": []any{"EVALUATION"}})
	if err != nil || got.ID != added.ID {
		t.Errorf("expect: %v, %v", got, err)
	}
	if _, err := p.expect(t.Context(), "one", map[string]any{"maxItemCount": 6.0}); err == nil || !strings.Contains(err.Error(), "maxItemCount = 5") {
		t.Errorf("expect with another setting: %v", err)
	}
	if _, err := p.expect(t.Context(), "two", nil); err == nil || !strings.Contains(err.Error(), `0 organizations named "two"`) {
		t.Errorf("expect of what isn't there: %v", err)
	}
	server.AddOrganization(sandbox.Organization{Name: "one"})
	if _, err := p.expect(t.Context(), "one", nil); err == nil || !strings.Contains(err.Error(), "2 organizations") {
		t.Errorf("expect of one that is there twice: %v", err)
	}
}

func TestPlatformExpectUnchanged(t *testing.T) {
	p, _ := newPlatform(t)
	all, err := p.organizations(t.Context())
	if err != nil || len(all) == 0 {
		t.Fatalf("organizations: %v, %v", all, err)
	}
	was := all[0]
	if err := p.expectUnchanged(t.Context(), was); err != nil {
		t.Error(err)
	}
	was.Name = "other"
	if err := p.expectUnchanged(t.Context(), was); err == nil || !strings.Contains(err.Error(), "to stay as it is") {
		t.Errorf("expectUnchanged of one that changed: %v", err)
	}
	was.ID = 1 << 40
	if err := p.expectUnchanged(t.Context(), was); err == nil || !strings.Contains(err.Error(), "is gone") {
		t.Errorf("expectUnchanged of one that is gone: %v", err)
	}
}

// TestDemoFailsWhereNothingHappens holds that the demo believes the platform and
// not the CLI.
func TestDemoFailsWhereNothingHappens(t *testing.T) {
	p, _ := newPlatform(t)
	r, _ := fakeRunner(t, "exit 0")
	err := (&demo{runner: r, platform: p}).play(t.Context())
	if err == nil || !strings.Contains(err.Error(), `0 organizations named "quickstart"`) {
		t.Errorf("play with a CLI that does nothing: %v", err)
	}
	if r.steps != 2 {
		t.Errorf("it ended at step %d, want 2", r.steps)
	}
}
