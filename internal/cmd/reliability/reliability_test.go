//go:build linux

package main

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/guardai/terraform-provider-guardai/internal/acceptance"
	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

// inTest is a workspace that lasts as long as a test.
func inTest(t *testing.T) *workspace {
	t.Helper()
	w, err := newWorkspace(t.Context(), acceptance.CLIPath(t), os.Stderr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := w.remove(); err != nil {
			t.Error(err)
		}
	})
	return w
}

// TestKillAndLoad is one test, so that the provider is built only once.
func TestKillAndLoad(t *testing.T) {
	t.Parallel()
	w := inTest(t)
	var killed, loaded bytes.Buffer
	if err := (&killing{out: &killed, rounds: 3, organizations: 5, seed: 1, latency: defaultLatency}).run(t.Context(), w); err != nil {
		t.Errorf("kill: %v", err)
	}
	if err := (&loading{out: &loaded, organizations: 50, parallelism: 10, rate: 0.05}).run(t.Context(), w); err != nil {
		t.Errorf("load: %v", err)
	}
	t.Logf("kill:\n%s\nload:\n%s", &killed, &loaded)
}

// idle is a workspace with a CLI that does nothing and says that all went well.
func idle(t *testing.T) *workspace {
	t.Helper()
	dir := t.TempDir()
	file := filepath.Join(dir, "terraform")
	if err := os.WriteFile(file, []byte("#!/bin/sh\nexit 0\n"), 0o700); err != nil { //nolint:gosec // A script must be executable.
		t.Fatal(err)
	}
	return &workspace{dir: dir, cli: file, cliConfig: os.DevNull}
}

func TestCLIIsNotBelieved(t *testing.T) {
	t.Parallel()
	k := killing{out: &bytes.Buffer{}, rounds: 1, organizations: 5, latency: 1}
	if err := k.run(t.Context(), idle(t)); err == nil || !strings.Contains(err.Error(), "made 0 objects") {
		t.Errorf("kill: %v", err)
	}
	p, err := newPlatform(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.close() })
	l := loading{out: &bytes.Buffer{}}
	if err := l.measure(t.Context(), p, newFolder(t, p, ""), phase{name: "apply", objects: 10}, &bytes.Buffer{}); err == nil || !strings.Contains(err.Error(), "0 objects on the platform") {
		t.Errorf("load: %v", err)
	}
}

// stateOf is a folder whose state holds two organizations, and names one as an
// orphan.
const stateOf = `{
  "outputs": {"orphans": {"value": {"organizations": [3], "files": []}}},
  "resources": [
    {"mode": "data", "instances": [{"attributes": {"id": 9}}]},
    {"mode": "managed", "instances": [{"attributes": {"id": 1}}, {"attributes": {"id": 2}}]}
  ]
}`

func TestCompareSeesWhatIsWrong(t *testing.T) {
	t.Parallel()
	for name, each := range map[string]struct {
		organizations []int64
		orphans       []string
		want          int
		problems      string
	}{
		"all well":     {organizations: []int64{1, 2, 3}, orphans: []string{"3"}, want: 2},
		"doubled":      {organizations: []int64{1, 2, 3, 4}, orphans: []string{"3"}, want: 2, problems: "surplus: [3 4]"},
		"lost":         {organizations: []int64{1, 3}, orphans: []string{"3"}, want: 2, problems: "not on the platform: 2"},
		"not managed":  {organizations: []int64{1, 2, 3}, orphans: []string{"3"}, want: 3, problems: "2 objects are managed"},
		"wrong orphan": {organizations: []int64{1, 2, 4}, orphans: []string{"4"}, want: 2, problems: "found as orphans: [3]"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, err := newPlatform(t.Context(), 0)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = p.close() })
			for _, id := range each.organizations {
				p.AddOrganization(sandbox.Organization{ID: id, Name: "org"})
			}
			f := newFolder(t, p, stateOf)
			r := round{orphans: map[string]bool{}}
			for _, id := range each.orphans {
				r.orphans[id] = true
			}
			if err := r.compare(t.Context(), p, f, each.want); err != nil {
				t.Fatal(err)
			}
			if got := r.remarks(); each.problems == "" && got != "" || !strings.Contains(got, each.problems) {
				t.Errorf("got %q, want %q", got, each.problems)
			}
		})
	}
}

func newFolder(t *testing.T, p *platform, state string) *folder {
	t.Helper()
	f, err := idle(t).folder(p, 1)
	if err != nil {
		t.Fatal(err)
	}
	if err := f.write(stateFile, state); err != nil {
		t.Fatal(err)
	}
	return f
}

func TestStateThatIsCutOff(t *testing.T) {
	t.Parallel()
	p, err := newPlatform(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.close() })
	for _, content := range []string{"", stateOf[:100]} {
		if _, err := newFolder(t, p, content).state(); !errors.Is(err, errCutOff) {
			t.Errorf("%q: %v", content, err)
		}
	}
}

// TestGuideShowsTheSearch holds that what kill counts with is what a user is told.
func TestGuideShowsTheSearch(t *testing.T) {
	t.Parallel()
	guide, err := os.ReadFile(filepath.Join("..", "..", "..", "templates", "guides", "reliability.md"))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(guide), "```terraform\n"+orphansConfiguration+"```\n") {
		t.Error("the guide doesn't show orphans.tf as it is")
	}
}

func TestUsage(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{nil, {"other"}, {"kill", "-rounds=x"}} {
		if got := measure(t.Context(), args, &bytes.Buffer{}, &bytes.Buffer{}); got != exitUsage {
			t.Errorf("%v: exit code %d", args, got)
		}
	}
	var shown bytes.Buffer
	if got := measure(t.Context(), []string{"load", "-help"}, &shown, &bytes.Buffer{}); got != exitOK || !strings.Contains(shown.String(), "-parallelism") {
		t.Errorf("-help: exit code %d, %q", got, &shown)
	}
}
