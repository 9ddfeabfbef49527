package main

import (
	"fmt"
	"slices"
	"strings"
)

// sum adds up the damage of results.
func sum(results []Result) Damage {
	var all Damage
	for _, r := range results {
		all = all.plus(r.Damage)
	}
	return all
}

// bad returns the results that aren't good.
func bad(results []Result) []Result {
	return slices.DeleteFunc(slices.Clone(results), Result.Good)
}

// report returns the results as tables in Markdown: one for each mode, then the sums.
func report(results []Result) string {
	return fmt.Sprintf("The fault happens once:\n\n%s\nThe fault lasts until the first apply has ended:\n\n%s\n%s",
		table(results, Once), table(results, Lasting), sums(results))
}

// table has a line for each fault and a column for each operation. What must pass
// at once is bold where it doesn't.
func table(results []Result, mode Mode) string {
	var columns, rows []string
	cells := map[[2]string]string{}
	for _, r := range results {
		if r.Mode != mode {
			continue
		}
		if !slices.Contains(columns, r.Operation) {
			columns = append(columns, r.Operation)
		}
		cells[[2]string{r.Operation, r.Fault}] = r.text()
	}
	for _, f := range faults() {
		if slices.ContainsFunc(results, func(r Result) bool { return r.Mode == mode && r.Fault == f.name }) {
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

func (r Result) text() string {
	if r.Good() {
		return string(r.Verdict)
	}
	return "**" + string(r.Verdict) + "**"
}

func sums(results []Result) string {
	counts := map[Verdict]int{}
	required, passed := 0, 0
	for _, r := range results {
		counts[r.Verdict]++
		if r.Required {
			required++
			if r.Verdict == AtOnce {
				passed++
			}
		}
	}
	all := sum(results)
	return fmt.Sprintf(`| of %d runs | |
|---|---|
| converged at once | %d |
| converged on the next apply | %d |
| ended with a clean error while the fault lasted, and converged afterwards | %d |
| all else | %d |
| had to converge at once / did | %d / %d |
| objects lost | %d |
| objects doubled | %d |
| settings lost | %d |
| secrets seen | %d |
| panics | %d |
`, len(results), counts[AtOnce], counts[NextApply], counts[CleanError], counts[Broken], required, passed,
		all.Lost, all.Doubled, all.Settings, all.Secrets, all.Panics)
}
