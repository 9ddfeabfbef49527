package main

import (
	"strings"
	"testing"

	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

func newPlatform(t *testing.T) platform {
	t.Helper()
	server, err := sandbox.New(sandbox.Config{Seed: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	return platform{server}
}

func TestPlatformExpect(t *testing.T) {
	p := newPlatform(t)
	added := p.AddOrganization(sandbox.Organization{Name: "one", Settings: map[string]any{"maxItemCount": 5, "disabledFeatures": []any{"EVALUATION"}}})
	got, err := p.expect("one", map[string]string{"maxItemCount": "5", "disabledFeatures": `["EVALUATION"]`})
	if err != nil || got.ID != added.ID {
		t.Errorf("expect: %v, %v", got, err)
	}
	if _, err := p.expect("one", map[string]string{"maxItemCount": "6"}); err == nil || !strings.Contains(err.Error(), "maxItemCount = 5") {
		t.Errorf("expect with another setting: %v", err)
	}
	if _, err := p.expect("two", nil); err == nil || !strings.Contains(err.Error(), `0 organizations named "two"`) {
		t.Errorf("expect of what isn't there: %v", err)
	}
	p.AddOrganization(sandbox.Organization{Name: "one"})
	if _, err := p.expect("one", nil); err == nil || !strings.Contains(err.Error(), "2 organizations") {
		t.Errorf("expect of one that is there twice: %v", err)
	}
}

func TestPlatformExpectUnchanged(t *testing.T) {
	p := newPlatform(t)
	was := p.Organizations()[0]
	if err := p.expectUnchanged(was); err != nil {
		t.Error(err)
	}
	was.Name = "other"
	if err := p.expectUnchanged(was); err == nil || !strings.Contains(err.Error(), "to stay as it is") {
		t.Errorf("expectUnchanged of one that changed: %v", err)
	}
	was.ID = 1 << 40
	if err := p.expectUnchanged(was); err == nil || !strings.Contains(err.Error(), "is gone") {
		t.Errorf("expectUnchanged of one that is gone: %v", err)
	}
}

// TestDemoFailsWhereNothingHappens holds that the demo believes the platform and
// not the CLI.
func TestDemoFailsWhereNothingHappens(t *testing.T) {
	p := newPlatform(t)
	term, _ := fakeTerminal(t, "exit 0")
	err := (&demo{terminal: term, platform: p}).play(t.Context())
	if err == nil || !strings.Contains(err.Error(), `0 organizations named "quickstart"`) {
		t.Errorf("play with a CLI that does nothing: %v", err)
	}
	if term.steps != 2 {
		t.Errorf("it ended at step %d, want 2", term.steps)
	}
}
