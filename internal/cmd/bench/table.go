package main

import (
	"fmt"
	"os"
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
	// calls is how many requests the platform got, and oneByOne how many it gets if
	// each object takes its own.
	calls, oneByOne int
	took            time.Duration
	// beside names what was done besides, and besideTook how long that took.
	beside     string
	besideTook time.Duration
	// peak is the most resident memory of the provider, in bytes.
	peak int64
}

// results are all measurements, and what there is to say beside them.
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
	if m.besideTook > 0 {
		cells[6], cells[7] = m.beside, seconds(m.besideTook)
		cells[8] = fmt.Sprintf("%.2f", m.took.Seconds()/m.besideTook.Seconds())
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

// median is the middle one, and between the two in the middle of an even number.
func median(times []time.Duration) time.Duration {
	sorted := slices.Sorted(slices.Values(times))
	middle := len(sorted) / 2
	if len(sorted)%2 == 1 {
		return sorted[middle]
	}
	return (sorted[middle-1] + sorted[middle]) / 2
}

// What is between these two in a page is written by this program.
const (
	pageBegin = "<!-- bench: begin -->\n"
	pageEnd   = "<!-- bench: end -->\n"
)

// checkPage says, before anything is measured, whether writePage can do its work.
func checkPage(file string) error {
	_, _, err := aroundTable(file)
	return err
}

// writePage puts a report between the marks of a page.
func writePage(file, report string) error {
	before, after, err := aroundTable(file)
	if err != nil {
		return err
	}
	return os.WriteFile(file, []byte(before+pageBegin+"\n"+report+"\n"+pageEnd+after), 0o600)
}

// aroundTable returns what a page holds before its first mark and after its second.
func aroundTable(file string) (before, after string, err error) {
	page, err := os.ReadFile(file) //nolint:gosec // The user names the page.
	if err != nil {
		return "", "", err
	}
	before, rest, begins := strings.Cut(string(page), pageBegin)
	_, after, ends := strings.Cut(rest, pageEnd)
	if !begins || !ends {
		return "", "", fmt.Errorf("%s has no lines %q and %q to write the table between", file, strings.TrimSpace(pageBegin), strings.TrimSpace(pageEnd))
	}
	return before, after, nil
}
