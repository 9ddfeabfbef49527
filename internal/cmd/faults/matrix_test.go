package main

import (
	"runtime"
	"slices"
	"testing"

	"github.com/guardai/terraform-provider-guardai/internal/acceptance"
	"github.com/guardai/terraform-provider-guardai/internal/cmd/internal/program"
)

// worthMost are the operations that are run against each fault in every test:
// where a mistake costs most, and each fault at least once. make faults plays all.
var worthMost = map[string][]string{
	"dropped after the work":      operationNames(),
	"redirect to another host":    {"login", "create", "download"},
	"cut-off body":                {"create", "upload", "read", "download"},
	"502 after the work":          {"create", "upload"},
	"slow after the work":         {"create"},
	"503":                         {"upload"},
	"504":                         {"create", "update", "upload"},
	"garbage JSON":                {"create", "update", "upload"},
	"connection refused":          {"create", "update", "upload"},
	"slow past the timeout":       {"create", "update", "upload"},
	"429":                         {"create"},
	"429, Retry-After in seconds": {"upload"},
	"429, Retry-After as a date":  {"update"},
	"500":                         {"read"},
	"502":                         {"update"},
	"HTML with 200":               {"update"},
	"HTML with 502":               {"delete"},
	"dropped before the work":     {"create"},
	"garbage JSON after the work": {"copy"},
	"empty body":                  {"replace"},
	"401 in mid-run":              {"list"},
	"token revoked in mid-run":    {"delete file"},
	"403":                         {"rename"},
}

func operationNames() []string {
	var names []string
	for _, op := range operations() {
		names = append(names, op.name)
	}
	return names
}

func TestWorthMost(t *testing.T) {
	t.Parallel()
	var results []Result
	err := program.InLab(t.Context(), "faults", acceptance.CLIPath(t), t.Output(), nil, func(lab *program.Lab) (err error) {
		results, err = newMatrix(lab, 2*runtime.NumCPU(), func(Result) {}).run(t.Context(), func(operation, fault string, mode Mode) bool {
			return mode == Once && slices.Contains(worthMost[fault], operation)
		})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, wrong := range bad(results) {
		t.Error(wrong.describe())
	}
	for _, f := range faults() {
		ran := 0
		for _, result := range results {
			if result.Fault == f.name {
				ran++
			}
		}
		if want := len(worthMost[f.name]); ran == 0 || ran != want {
			t.Errorf("%s ran %d times, want %d", f.name, ran, want)
		}
	}
}

func TestMatching(t *testing.T) {
	t.Parallel()
	for pattern, want := range map[string]bool{"*/*": true, "upload/*": true, "*/503": true, "upload/503": true, "copy/*": false, "*/50": false} {
		chosen, err := matching(pattern)
		if err != nil {
			t.Fatal(err)
		}
		if got := chosen("upload", "503", Once); got != want {
			t.Errorf("%s selects upload/503: %t", pattern, got)
		}
	}
	if _, err := matching("[x"); err == nil {
		t.Error("a broken pattern is accepted")
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
				"429", "429, Retry-After in seconds", "429, Retry-After as a date", "503", "connection refused", "401 in mid-run", "token revoked in mid-run",
				"502 after the work", "dropped after the work", "garbage JSON after the work", "cut-off body", "slow after the work",
			}},
			{"update", []string{
				"429", "429, Retry-After in seconds", "429, Retry-After as a date", "502", "503", "504", "HTML with 502", "connection refused", "401 in mid-run",
				"token revoked in mid-run", "dropped before the work", "slow past the timeout",
				"502 after the work", "dropped after the work", "cut-off body", "slow after the work",
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
