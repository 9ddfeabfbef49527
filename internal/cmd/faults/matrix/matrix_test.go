package matrix

import (
	"os"
	"runtime"
	"slices"
	"testing"
)

// cliVariable names the CLI to test with; make test sets it.
const cliVariable = "TF_ACC_TERRAFORM_PATH"

// worthMost are the faults after which a mistake costs most, with the kinds of
// calls that are played against each in every test. make faults plays all.
var worthMost = map[string][]kind{
	"dropped after the work":   everyKind,
	"redirect to another host": everyKind,
	"cut-off body":             {reads, creates},
	"502 after the work":       {creates},
	"503":                      {creates},
}

func TestWorthMost(t *testing.T) {
	t.Parallel()
	if os.Getenv(cliVariable) == "" {
		t.Skipf("%s isn't set; run make test", cliVariable)
	}
	dir := t.TempDir()
	programs, err := Build(t.Context(), os.Getenv(cliVariable), dir)
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[string]kind{}
	for _, op := range Operations() {
		kinds[op.Name] = op.kind
	}
	results, err := New(programs, dir, 2*runtime.NumCPU(), nil).Run(t.Context(), func(operation, fault string, mode Mode) bool {
		return mode == Once && slices.Contains(worthMost[fault], kinds[operation])
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, bad := range Bad(results) {
		t.Errorf("%s / %s: %s, %+v\n%s", bad.Operation, bad.Fault, bad.Verdict, bad.Damage, bad.Output)
	}
	if want := 2*12 + 3 + 4 + 4 + 4; len(results) != want {
		t.Errorf("%d runs were played, want %d", len(results), want)
	}
}

func TestMatching(t *testing.T) {
	t.Parallel()
	for pattern, want := range map[string]bool{"*/*": true, "upload/*": true, "*/503": true, "upload/503": true, "copy/*": false, "*/50": false} {
		chosen, err := Matching(pattern)
		if err != nil {
			t.Fatal(err)
		}
		if got := chosen("upload", "503", Once); got != want {
			t.Errorf("%s selects upload/503: %t", pattern, got)
		}
	}
	if _, err := Matching("[x"); err == nil {
		t.Error("a broken pattern is accepted")
	}
}

// What must pass at once follows from what repeating does: a create may be
// repeated only where it can't have been carried out.
func TestMustPass(t *testing.T) {
	t.Parallel()
	operations := map[string]Operation{}
	for _, op := range Operations() {
		operations[op.Name] = op
	}
	for _, fault := range Faults() {
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
			if got, want := fault.mustPass(operations[repeated.operation]), slices.Contains(repeated.faults, fault.Name); got != want {
				t.Errorf("%s / %s must pass at once: %t", repeated.operation, fault.Name, got)
			}
		}
		if got, want := fault.mustPass(operations["read"]), fault.Name == "500" || fault.mustPass(operations["update"]); got != want {
			t.Errorf("read / %s must pass at once: %t", fault.Name, got)
		}
	}
}
