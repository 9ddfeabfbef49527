package main

import (
	"strings"
	"testing"
)

func TestReport(t *testing.T) {
	t.Parallel()
	results := []Result{
		{Operation: "create", Fault: "503", Mode: Once, Verdict: AtOnce, Required: true},
		{Operation: "create", Fault: "503", Mode: Lasting, Verdict: CleanError},
		{Operation: "read", Fault: "503", Mode: Once, Verdict: NextApply, Required: true},
		{Operation: "read", Fault: "403", Mode: Once, Verdict: NextApply, Damage: Damage{Lost: 2, Secrets: 1}},
	}
	text := report(results)
	for _, want := range []string{
		"| fault | create | read |\n|---|---|---|\n| 503 | at once | **next apply** |\n| 403 | – | **next apply** |\n",
		"| fault | create |\n|---|---|\n| 503 | clean error |\n",
		"| of 4 runs | |", "| converged at once | 1 |", "| converged on the next apply | 2 |",
		"| had to converge at once / did | 2 / 1 |", "| objects lost | 2 |", "| secrets seen | 1 |", "| panics | 0 |",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in:\n%s", want, text)
		}
	}
	if wrong := bad(results); len(wrong) != 2 {
		t.Errorf("not good: %+v", wrong)
	}
}
