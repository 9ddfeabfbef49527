package main

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/guardai/terraform-provider-guardai/internal/acceptance"
	"github.com/guardai/terraform-provider-guardai/internal/cli"
	"github.com/guardai/terraform-provider-guardai/internal/cmd/internal/program"
)

func TestKill(t *testing.T) {
	t.Parallel()
	var shown bytes.Buffer
	m := measurement{rounds: 3, organizations: 5, seed: 1, latency: defaultLatency}
	err := program.InLab(t.Context(), "kill", acceptance.CLIPath(t), t.Output(), nil, func(lab *program.Lab) error {
		sums, err := m.run(t.Context(), lab, &shown)
		if err == nil && !strings.Contains(sums, "exactly its 10 objects") {
			t.Errorf("the sums are %q", sums)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
	t.Logf("%s", &shown)
}

func TestCLIIsNotBelieved(t *testing.T) {
	t.Parallel()
	idle := filepath.Join(t.TempDir(), "terraform")
	if err := os.WriteFile(idle, []byte("#!/bin/sh\nexit 0\n"), 0o700); err != nil { //nolint:gosec // A script must be executable.
		t.Fatal(err)
	}
	m := measurement{rounds: 1, organizations: 5, latency: 1}
	_, err := m.run(t.Context(), &program.Lab{Dir: t.TempDir(), CLI: idle}, t.Output())
	if err == nil || !strings.Contains(err.Error(), "created 0 objects") {
		t.Errorf("an idle CLI: %v", err)
	}
}

func TestJudgeSeesWhatIsWrong(t *testing.T) {
	t.Parallel()
	for name, each := range map[string]struct {
		writes                           int
		managed, objects, orphans, found []string
		problems                         string
	}{
		"all well":     {managed: []string{"1", "2"}, objects: []string{"1", "2", "3"}, orphans: []string{"3"}, found: []string{"3"}},
		"doubled":      {managed: []string{"1", "2"}, objects: []string{"1", "2", "3", "4"}, orphans: []string{"3"}, found: []string{"3"}, problems: "surplus: [3 4]"},
		"lost":         {managed: []string{"1", "2"}, objects: []string{"1", "3"}, orphans: []string{"3"}, found: []string{"3"}, problems: "not on the platform: 2"},
		"not managed":  {managed: []string{"1"}, objects: []string{"1"}, problems: "1 objects are managed"},
		"wrong orphan": {managed: []string{"1", "2"}, objects: []string{"1", "2", "4"}, orphans: []string{"4"}, found: []string{"3"}, problems: "found as orphans: [3]"},
		"changes":      {writes: 1, managed: []string{"1", "2"}, objects: []string{"1", "2"}, problems: "made 1 changes"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := round{orphans: set(each.orphans)}
			r.judge(each.writes, set(each.managed), set(each.objects), set(each.found), 2)
			if got := r.remarks(); each.problems == "" && got != "" || !strings.Contains(got, each.problems) {
				t.Errorf("got %q, want %q", got, each.problems)
			}
		})
	}
}

// TestGuideShowsTheSearch holds that what kill counts with is what a user is shown.
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

func TestTruncatedState(t *testing.T) {
	t.Parallel()
	for name, content := range map[string]string{"empty": "", "half": `{"resources": [`} {
		p, err := newPlatform(0)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = p.Close() })
		p.created = []creation{{id: "1", responded: time.Now()}}
		f, err := cli.NewFolder(t.TempDir(), "no CLI is asked")
		if err != nil {
			t.Fatal(err)
		}
		if err := f.Write(stateFile, content); err != nil {
			t.Fatal(err)
		}
		var r round
		if err := r.findOrphans(t.Context(), p, f, time.Now()); err != nil || !r.truncated || !r.orphans["1"] {
			t.Errorf("%s: %+v, %v", name, r, err)
		}
		if _, err := f.Read(stateFile); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: the file is still there: %v", name, err)
		}
	}
}
