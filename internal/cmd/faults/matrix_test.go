// Package faults tests every operation of the provider's resources against every fault that the platform or the network
// may have, with a real CLI against sandboxes on this machine. Each run must end as the fault allows, and lose nothing.
package faults

import (
	"context"
	"flag"
	"os"
	"os/signal"
	"slices"
	"sync"
	"syscall"
	"testing"

	"github.com/guardai/terraform-provider-guardai/internal/acceptance"
	"github.com/guardai/terraform-provider-guardai/internal/cmd/internal/program"
)

var (
	all = flag.Bool("all", false, "run every operation against every fault, once and lasting")
	out = flag.String("out", "", "`page` to write the tables to, between its two marks")
)

// matrix is every operation against every fault.
type matrix struct {
	testbed *program.Testbed

	mu      sync.Mutex
	results []result
}

func TestFaults(t *testing.T) {
	t.Parallel()
	// A Ctrl-C ends the runs, and the test then removes what they leave.
	ctx, stop := signal.NotifyContext(t.Context(), os.Interrupt, syscall.SIGTERM)
	t.Cleanup(stop)
	testbed, err := program.NewTestbed(ctx, "faults", acceptance.CLIPath(t), t.Output())
	if err != nil {
		t.Fatal(err)
	}
	m := &matrix{testbed: testbed}
	conditions, err := testbed.Conditions(ctx)
	if err != nil {
		t.Fatal(err)
	}
	page := testbed.Page(*out, "faults")
	if err := page.Check(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		text := report(m.results)
		t.Log("\n" + text)
		if err := page.Write(conditions + "\n\n" + text); err != nil {
			t.Error(err)
		}
		if err := testbed.Remove(); err != nil {
			t.Error(err)
		}
	})
	for _, op := range operations() {
		t.Run(op.name, func(t *testing.T) {
			t.Parallel()
			m.play(ctx, t, op)
		})
	}
}

// play runs an operation against all faults that are chosen.
func (m *matrix) play(ctx context.Context, t *testing.T, op operation) {
	t.Helper()
	ready, err := m.prepare(ctx, op)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range faults() {
		for _, mode := range []mode{once, lasting} {
			if !f.makesSense(op) || !*all && (mode == lasting || !slices.Contains(worthMost[f.name], op.name)) {
				continue
			}
			t.Run(f.name+"/"+string(mode), func(t *testing.T) {
				t.Parallel()
				r := cell{ready, f, mode}.run(ctx, t, m)
				m.mu.Lock()
				defer m.mu.Unlock()
				m.results = append(m.results, r)
			})
		}
	}
}

// worthMost are the operations that are run against each fault in every test:
// where a mistake costs most, and each fault at least once. make faults plays all.
var worthMost = map[string][]string{
	"dropped after processing":      operationNames(),
	"redirect to another host":      {"login", "create", "download"},
	"truncated body":                {"create", "upload", "read", "download"},
	"502 after processing":          {"create", "upload"},
	"slow after processing":         {"create"},
	"503":                           {"upload"},
	"504":                           {"create", "update", "upload"},
	"garbage JSON":                  {"create", "update", "upload"},
	"connection refused":            {"create", "update", "upload"},
	"slow past the timeout":         {"create", "update", "upload"},
	"429":                           {"create"},
	"429, Retry-After in seconds":   {"upload"},
	"429, Retry-After as a date":    {"update"},
	"500":                           {"read"},
	"502":                           {"update"},
	"HTML with 200":                 {"update"},
	"HTML with 502":                 {"delete"},
	"dropped before the work":       {"create"},
	"garbage JSON after processing": {"copy"},
	"empty body":                    {"replace"},
	"401 mid-run":                   {"list"},
	"token rejected mid-run":        {"delete file"},
	"403":                           {"rename"},
}

func operationNames() []string {
	var names []string
	for _, op := range operations() {
		names = append(names, op.name)
	}
	return names
}

// Each fault is met in every test by operations that it makes sense for.
func TestWorthMost(t *testing.T) {
	t.Parallel()
	for _, f := range faults() {
		met := slices.DeleteFunc(operations(), func(op operation) bool { return !f.makesSense(op) || !slices.Contains(worthMost[f.name], op.name) })
		if want := len(worthMost[f.name]); want == 0 || len(met) != want {
			t.Errorf("%s is met by %d operations, want %d", f.name, len(met), want)
		}
	}
}

// The page has the marks that the tables are written between.
func TestPageHasMarks(t *testing.T) {
	t.Parallel()
	if err := (program.Page{File: "../../../development/reliability.md", Name: "faults"}).Check(); err != nil {
		t.Error(err)
	}
}

// What must pass at once follows from what repeating does: a create may be
// repeated only where it can't have been carried out.
func TestMustPass(t *testing.T) {
	t.Parallel()
	byName := map[string]operation{}
	for _, op := range operations() {
		byName[op.name] = op
	}
	for _, fault := range faults() {
		for _, repeated := range []struct {
			operation string
			faults    []string
		}{
			{"create", []string{
				"429", "429, Retry-After in seconds", "429, Retry-After as a date", "503", "connection refused", "401 mid-run", "token rejected mid-run",
				"502 after processing", "dropped after processing", "garbage JSON after processing", "truncated body", "slow after processing",
			}},
			{"update", []string{
				"429", "429, Retry-After in seconds", "429, Retry-After as a date", "502", "503", "504", "HTML with 502", "connection refused", "401 mid-run",
				"token rejected mid-run", "dropped before the work", "slow past the timeout",
				"502 after processing", "dropped after processing", "truncated body", "slow after processing",
			}},
		} {
			if got, want := fault.mustPass(byName[repeated.operation]), slices.Contains(repeated.faults, fault.name); got != want {
				t.Errorf("%s / %s must pass at once: %t", repeated.operation, fault.name, got)
			}
		}
		if got, want := fault.mustPass(byName["read"]), fault.name == "500" || fault.mustPass(byName["update"]); got != want {
			t.Errorf("read / %s must pass at once: %t", fault.name, got)
		}
	}
}
