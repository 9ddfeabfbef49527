package faults

import (
	"cmp"
	"fmt"
	"strings"
)

// report returns the results as Markdown tables: one for each mode, and the totals.
func report(results []result) string {
	return fmt.Sprintf("The fault happens once:\n\n%s\nThe fault lasts until the first apply has ended:\n\n%s\n%s",
		table(results, once), table(results, lasting), totals(results))
}

// table has a line for each fault and a column for each operation. Results that aren't good are bold.
func table(results []result, mode mode) string {
	cells, used := map[[2]string]string{}, map[string]bool{}
	for _, r := range results {
		if r.mode == mode {
			used[r.operation], used[r.fault], cells[[2]string{r.operation, r.fault}] = true, true, r.text()
		}
	}
	header, line := "| fault |", "|---|"
	for _, op := range operations() {
		if used[op.name] {
			header, line = header+" "+op.name+" |", line+"---|"
		}
	}
	text := strings.Builder{}
	text.WriteString(header + "\n" + line + "\n")
	for _, f := range faults() {
		if !used[f.name] {
			continue
		}
		text.WriteString("| " + f.name + " |")
		for _, op := range operations() {
			if used[op.name] {
				text.WriteString(" " + cmp.Or(cells[[2]string{op.name, f.name}], "–") + " |")
			}
		}
		text.WriteString("\n")
	}
	return text.String()
}

func (r result) text() string {
	if r.good() {
		return string(r.verdict)
	}
	return "**" + string(r.verdict) + "**"
}

func totals(results []result) string {
	counts := map[verdict]int{}
	required, passed, damaged := 0, 0, 0
	for _, r := range results {
		counts[r.verdict]++
		if r.required {
			required++
		}
		if r.required && r.verdict == atOnce {
			passed++
		}
		if len(r.damage) > 0 {
			damaged++
		}
	}
	return fmt.Sprintf(`| of %d runs | |
|---|---|
| converged at once | %d |
| converged on the next apply | %d |
| ended with a clean error while the fault lasted, and converged afterwards | %d |
| any other result | %d |
| had to converge at once / did | %d / %d |
| did damage | %d |
`, len(results), counts[atOnce], counts[nextApply], counts[cleanError], counts[broken], required, passed, damaged)
}
