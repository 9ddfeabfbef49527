package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// measurement is one line of the table. A zero value was not measured.
type measurement struct {
	name string
	// count is the number of objects.
	count int
	// calls is the number of requests, and oneByOne their number without sharing.
	calls, oneByOne int
	took            time.Duration
	// baseline is the name of the comparison, and baselineTook its time.
	baseline     string
	baselineTook time.Duration
	// peak is the provider's peak resident memory in bytes.
	peak int64
}

var columns = []string{"measured", "objects", "calls", "calls, one per object", "time", "per object", "compared with", "its time", "ratio", "peak memory"}

// table returns the results as a Markdown table.
func table(measurements []measurement) string {
	var text strings.Builder
	fmt.Fprintf(&text, "| %s |\n|---|%s---|%s\n", strings.Join(columns, " | "), strings.Repeat("---:|", 5), strings.Repeat("---:|", 3))
	for _, m := range measurements {
		fmt.Fprintf(&text, "| %s |\n", strings.Join(m.cells(), " | "))
	}
	return text.String()
}

func (m measurement) cells() []string {
	cells := []string{m.name, formatNumber(m.count), formatNumber(m.calls), formatNumber(m.oneByOne), formatSeconds(m.took), "–", "–", "–", "–", "–"}
	if m.count > 1 {
		cells[5] = formatMilliseconds(m.took / time.Duration(m.count))
	}
	if m.baselineTook > 0 {
		cells[6], cells[7] = m.baseline, formatSeconds(m.baselineTook)
		cells[8] = fmt.Sprintf("%.2f", m.took.Seconds()/m.baselineTook.Seconds())
	}
	if m.peak > 0 {
		cells[9] = fmt.Sprintf("%d MiB", m.peak>>20)
	}
	return cells
}

// formatNumber separates thousands by a comma.
func formatNumber(n int) string {
	if n == 0 {
		return "–"
	}
	digits := strconv.Itoa(n)
	if len(digits) > 3 {
		return digits[:len(digits)-3] + "," + digits[len(digits)-3:]
	}
	return digits
}

func formatSeconds(d time.Duration) string {
	if d < 100*time.Millisecond {
		return formatMilliseconds(d)
	}
	return fmt.Sprintf("%.2f s", d.Seconds())
}

func formatMilliseconds(d time.Duration) string {
	return fmt.Sprintf("%.1f ms", float64(d)/float64(time.Millisecond))
}

// median returns the median, the lower one of two.
func median(times []time.Duration) time.Duration {
	return slices.Sorted(slices.Values(times))[(len(times)-1)/2]
}
