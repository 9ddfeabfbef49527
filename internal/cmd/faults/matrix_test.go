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
	testbed, err := cli.NewTestbed(ctx, acceptance.CLIPath(t), t.Output())
	if err != nil {
		t.Fatal(err)
	}
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

// play runs an operation against the selected faults.
func (m *matrix) play(ctx context.Context, t *testing.T, op operation) {
	t.Helper()
	ready, err := m.prepare(ctx, op)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range faults() {
		for _, mode := range []mode{once, lasting} {
			if !f.appliesTo(op) || !*all && (mode == lasting || !slices.Contains(defaultOperations[f.name], op.name)) {
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

// defaultOperations are the operations that make test runs against each fault: the most critical ones, and at least one
// for each fault. make faults runs all.
var defaultOperations = map[string][]string{
	"dropped after processing":      operationNames(),
	"redirect to another host":      {"login", "create", "download"},
	"truncated body":                {"create", "upload", "read", "download"},
	"502 after processing":          {"create", "upload"},
	"slow after processing":         {"create"},
	"503":                           {"create", "upload"},
	"503, Retry-After in seconds":   {"create"},
	"503 after processing":          {"create", "upload", "copy"},
	"520 after processing":          {"create", "update"},
	"404":                           {"read", "delete", "check of stats"},
	"404 as text":                   {"read", "delete file", "check of usage"},
	"404 of a gateway":              {"read", "delete", "download"},
	"no settings":                   {"read"},
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
