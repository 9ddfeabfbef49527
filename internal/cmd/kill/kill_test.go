// Package kill tests that applies which are killed at random moments lose and duplicate nothing, with a real CLI
// against a local sandbox.
package kill

import (
	_ "embed"
	"errors"
	"flag"
	"io/fs"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/guardai/terraform-provider-guardai/internal/acceptance"
	"github.com/guardai/terraform-provider-guardai/internal/cli"
	"github.com/guardai/terraform-provider-guardai/internal/cmd/internal/program"
)

var (
	rounds        = flag.Int("rounds", 3, "how many applies are killed")
	organizations = flag.Int("organizations", 5, "how many organizations an apply creates, with a file each")
	seed          = flag.Uint64("seed", 1, "seed of the moments")
	out           = flag.String("out", "", "`page` to write the figures to, between its markers")
)

// configuration creates organizations with one file each.
//
//go:embed main.tf
var configuration string

// orphansConfiguration lists objects on the platform that are in no state. The troubleshooting guide shows it.
//
//go:embed orphans.tf
var orphansConfiguration string

// latency makes creates take most of the time of an apply.
const latency = 50 * time.Millisecond

func TestKill(t *testing.T) {
	t.Parallel()
	ctx, stop := signal.NotifyContext(t.Context(), os.Interrupt, syscall.SIGTERM)
	t.Cleanup(stop)
	m := measurement{rounds: *rounds, organizations: *organizations, seed: *seed, latency: latency}
	err := program.WithTestbed(ctx, "kill", acceptance.CLIPath(t), t.Output(), nil, func(testbed *program.Testbed) error {
		page := testbed.Page(*out, "kill")
		conditions, err := testbed.Conditions(ctx)
		if err := errors.Join(err, page.Check()); err != nil {
			return err
		}
		totals, err := m.run(ctx, testbed, t.Output())
		if err != nil {
			return err
		}
		return page.Write(conditions + "\n\n" + totals)
	})
	if err != nil {
		t.Error(err)
	}
}

func TestIdleCLIIsDetected(t *testing.T) {
	t.Parallel()
	idle := filepath.Join(t.TempDir(), "terraform")
	if err := os.WriteFile(idle, []byte("#!/bin/sh\nexit 0\n"), 0o700); err != nil { //nolint:gosec // A script must be executable.
		t.Fatal(err)
	}
	m := measurement{rounds: 1, organizations: 5, latency: 1}
	_, err := m.run(t.Context(), &program.Testbed{Dir: t.TempDir(), CLI: idle}, t.Output())
	if err == nil || !strings.Contains(err.Error(), "created 0 objects") {
		t.Errorf("an idle CLI: %v", err)
	}
}

func TestFindProblems(t *testing.T) {
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
			r := round{orphans: toSet(each.orphans)}
			r.findProblems(each.writes, toSet(each.managed), toSet(each.objects), toSet(each.found), 2)
			if got := r.remarks(); each.problems == "" && got != "" || !strings.Contains(got, each.problems) {
				t.Errorf("got %q, want %q", got, each.problems)
			}
		})
	}
}

// The guide contains the configuration that this test uses.
func TestGuideShowsOrphansConfiguration(t *testing.T) {
	t.Parallel()
	guide, err := os.ReadFile(filepath.Join("..", "..", "..", "templates", "guides", "troubleshooting.md"))
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
		p.created = []createdObject{{id: "1", responded: time.Now()}}
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
