package matrix

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// Sum adds up the damage of results.
func Sum(results []Result) Damage {
	var sum Damage
	for _, r := range results {
		sum = sum.plus(r.Damage)
	}
	return sum
}

// Bad returns the results that aren't good.
func Bad(results []Result) []Result {
	return slices.DeleteFunc(slices.Clone(results), Result.Good)
}

// Write writes the results as tables in Markdown: one for each mode, then the sums.
func Write(w io.Writer, results []Result) {
	fmt.Fprintf(w, "The fault happens once:\n\n%s\nThe fault lasts until the first apply has ended:\n\n%s\n%s",
		table(results, Once), table(results, Lasting), sums(results))
}

// table has a line for each fault and a column for each operation. What must pass
// at once is bold where it doesn't.
func table(results []Result, mode Mode) string {
	var operations, faults []string
	cells := map[[2]string]string{}
	for _, r := range results {
		if r.Mode != mode {
			continue
		}
		if !slices.Contains(operations, r.Operation) {
			operations = append(operations, r.Operation)
		}
		cells[[2]string{r.Operation, r.Fault}] = r.text()
	}
	for _, fault := range Faults() {
		if slices.ContainsFunc(results, func(r Result) bool { return r.Mode == mode && r.Fault == fault.Name }) {
			faults = append(faults, fault.Name)
		}
	}
	var text strings.Builder
	fmt.Fprintf(&text, "| fault | %s |\n|---%s|\n", strings.Join(operations, " | "), strings.Repeat("|---", len(operations)))
	for _, fault := range faults {
		line := []string{fault}
		for _, operation := range operations {
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
	sum := Sum(results)
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
		sum.Lost, sum.Doubled, sum.Settings, sum.Secrets, sum.Panics)
}
