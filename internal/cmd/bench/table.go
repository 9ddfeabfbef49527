package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// measurement is one line of the table. What is 0 wasn't measured.
type measurement struct {
	name string
	// count is how many objects there were.
	count int
	// calls is how many requests the platform got, and oneByOne how many it gets if each object needs its own.
	calls, oneByOne int
	took            time.Duration
	// baseline names what it is compared with, and baselineTook how long that took.
	baseline     string
	baselineTook time.Duration
	// peak is the most resident memory of the provider, in bytes.
	peak int64
}

// results are all measurements, and notes on them.
type results struct {
	measurements []measurement
	notes        []string
}

var columns = []string{"measured", "objects", "calls", "calls one by one", "time", "per object", "compared with", "its time", "ratio", "peak memory"}

// table returns the results in Markdown.
func (r results) table() string {
	var text strings.Builder
	fmt.Fprintf(&text, "| %s |\n|---|%s---|%s\n", strings.Join(columns, " | "), strings.Repeat("---:|", 5), strings.Repeat("---:|", 3))
	for _, m := range r.measurements {
		fmt.Fprintf(&text, "| %s |\n", strings.Join(m.cells(), " | "))
	}
	for _, note := range r.notes {
		fmt.Fprintf(&text, "\n%s\n", note)
	}
	return text.String()
}

func (m measurement) cells() []string {
	cells := []string{m.name, number(m.count), number(m.calls), number(m.oneByOne), seconds(m.took), "–", "–", "–", "–", "–"}
	if m.count > 1 {
		cells[5] = milliseconds(m.took / time.Duration(m.count))
	}
	if m.baselineTook > 0 {
		cells[6], cells[7] = m.baseline, seconds(m.baselineTook)
		cells[8] = fmt.Sprintf("%.2f", m.took.Seconds()/m.baselineTook.Seconds())
	}
	if m.peak > 0 {
		cells[9] = fmt.Sprintf("%d MiB", m.peak>>20)
	}
	return cells
}

// number writes thousands apart.
func number(n int) string {
	if n == 0 {
		return "–"
	}
	digits := strconv.Itoa(n)
	if len(digits) > 3 {
		return digits[:len(digits)-3] + "," + digits[len(digits)-3:]
	}
	return digits
}

func seconds(d time.Duration) string {
	if d < 100*time.Millisecond {
		return milliseconds(d)
	}
	return fmt.Sprintf("%.2f s", d.Seconds())
}

func milliseconds(d time.Duration) string {
	return fmt.Sprintf("%.1f ms", float64(d)/float64(time.Millisecond))
}

// median is the middle one, the mean of the two in the middle of an even number, and 0 of none.
func median(times []time.Duration) time.Duration {
	if len(times) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(times))
	middle := len(sorted) / 2
	if len(sorted)%2 == 1 {
		return sorted[middle]
	}
	return (sorted[middle-1] + sorted[middle]) / 2
}
