// Package faults runs every operation of the provider's resources against every fault of the platform or the network,
// with a real CLI against local sandboxes. Each run must end as the fault allows, and lose nothing.
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
	"github.com/guardai/terraform-provider-guardai/internal/cli"
)

var (
	all = flag.Bool("all", false, "run every operation against every fault, once and lasting")
	out = flag.String("out", "", "`page` to write the tables to, between its markers")
)

type matrix struct {
	testbed *cli.Testbed

	mu      sync.Mutex
	results []result
}

func TestFaults(t *testing.T) {
	t.Parallel()
	// Ctrl-C ends the runs, and the test then removes its files.
	ctx, stop := signal.NotifyContext(t.Context(), os.Interrupt, syscall.SIGTERM)
	t.Cleanup(stop)
	testbed := acceptance.NewTestbed(t)
	conditions, err := testbed.Conditions(ctx)
	if err != nil {
		t.Fatal(err)
	}
	m := &matrix{testbed: testbed}
	t.Cleanup(func() {
		page := cli.Page{File: *out, Name: "faults"}
		if err := page.Write(testbed.Root, conditions+"\n\n"+report(m.results), t.Output()); err != nil {
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

// play runs an operation against the selected faults.
func (m *matrix) play(ctx context.Context, t *testing.T, op operation) {
	t.Helper()
	if err := op.prepare(ctx, m); err != nil {
		t.Fatal(err)
	}
	number := slices.Index(op.calls, op.call)
	if number < 0 {
		t.Fatalf("%s was not called", op.call)
	}
	for _, f := range faults() {
		for _, mode := range []mode{once, lasting} {
			if !f.appliesTo(op) || !*all && (mode == lasting || !f.runsByDefault(op)) {
				continue
			}
			t.Run(f.name+"/"+string(mode), func(t *testing.T) {
				t.Parallel()
				r := cell{op, f, mode, number}.run(ctx, t, m)
				m.mu.Lock()
				defer m.mu.Unlock()
				m.results = append(m.results, r)
			})
		}
	}
}

// lostResponse is the fault that make test runs against every operation.
const lostResponse = "dropped after processing"

// defaultOperations are the operations against which make test runs each other fault: where it can do most harm, or the
// provider does something special. make faults runs all.
var defaultOperations = map[string][]string{
	"429":                           {"create"},
	"429, Retry-After in seconds":   {"upload"},
	"429, Retry-After as a date":    {"update"},
	"500":                           {"read"},
	"502":                           {"update"},
	"502 after processing":          {"upload"},
	"503":                           {"create"},
	"503, Retry-After in seconds":   {"create"},
	"503 after processing":          {"copy"},
	"504":                           {"upload"},
	"520 after processing":          {"create"},
	"404":                           {"delete"},
	"404 as text":                   {"check of usage"},
	"404 of a gateway":              {"read"},
	"no settings":                   {"read"},
	"HTML with 200":                 {"update"},
	"HTML with 502":                 {"delete"},
	"connection refused":            {"create"},
	"dropped before the work":       {"create"},
	"garbage JSON":                  {"upload"},
	"garbage JSON after processing": {"copy"},
	"truncated body":                {"download"},
	"empty body":                    {"replace"},
	"slow past the timeout":         {"update"},
	"slow after processing":         {"create"},
	"401 mid-run":                   {"list", "delete file"},
	"403":                           {"rename"},
	"redirect to another host":      {"login", "download"},
}

func (f fault) runsByDefault(op operation) bool {
	return f.name == lostResponse || slices.Contains(defaultOperations[f.name], op.name)
}
