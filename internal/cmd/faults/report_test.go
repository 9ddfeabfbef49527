package faults

import (
	"fmt"
	"slices"
	"strings"
)

// report returns the results as Markdown tables: one for each mode, and the totals.
func report(results []result) string {
	return fmt.Sprintf("The fault happens once:\n\n%s\nThe fault lasts until the first apply has ended:\n\n%s\n%s",
		table(results, once), table(results, lasting), totals(results))
}

// table has a line for each fault and a column for each operation. Results that aren't good are bold.
func table(results []result, mode mode) string {
	var columns, rows []string
	cells := map[[2]string]string{}
	for _, r := range results {
		if r.mode != mode {
			continue
		}
		cells[[2]string{r.operation, r.fault}] = r.text()
	}
	for _, op := range operations() {
		if slices.ContainsFunc(results, func(r result) bool { return r.mode == mode && r.operation == op.name }) {
			columns = append(columns, op.name)
		}
	}
	for _, f := range faults() {
		if slices.ContainsFunc(results, func(r result) bool { return r.mode == mode && r.fault == f.name }) {
			rows = append(rows, f.name)
		}
	}
	var text strings.Builder
	fmt.Fprintf(&text, "| fault | %s |\n|---%s|\n", strings.Join(columns, " | "), strings.Repeat("|---", len(columns)))
	for _, fault := range rows {
		line := []string{fault}
		for _, operation := range columns {
			cell := cells[[2]string{operation, fault}]
			if cell == "" {
				cell = "–"
			}
			line = append(line, cell)
		}
		fmt.Fprintf(&text, "| %s |\n", strings.Join(line, " | "))
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
	var all damage
	required, passed := 0, 0
	for _, r := range results {
		counts[r.verdict]++
		all = all.add(r.damage)
		if r.required {
			required++
			if r.verdict == atOnce {
				passed++
			}
		}
	}
	return fmt.Sprintf(`| of %d runs | |
|---|---|
| converged at once | %d |
| converged on the next apply | %d |
| ended with a clean error while the fault lasted, and converged afterwards | %d |
| any other result | %d |
| had to converge at once / did | %d / %d |
| objects lost | %d |
| objects doubled | %d |
| settings lost | %d |
| secrets seen | %d |
| panics | %d |
`, len(results), counts[atOnce], counts[nextApply], counts[cleanError], counts[broken], required, passed,
		all.Lost, all.Doubled, all.Settings, all.Secrets, all.Panics)
}
