package main

import (
	"fmt"
	"strconv"
	"strings"
)

// plan is what a plan of so many organizations took, in seconds.
type plan struct{ count, calls, oneByOne, took, baseline float64 }

// plansOf returns the lines of a name in the page's table, in their order.
func plansOf(page, name string) ([]plan, error) {
	var plans []plan
	for line := range strings.Lines(page) {
		cells := strings.Split(line, "|")
		if len(cells) < 10 || strings.TrimSpace(cells[1]) != name {
			continue
		}
		var p plan
		for column, into := range map[int]*float64{2: &p.count, 3: &p.calls, 4: &p.oneByOne, 5: &p.took, 8: &p.baseline} {
			value, err := number(cells[column])
			if err != nil {
				return nil, fmt.Errorf("the line %q: %w", strings.TrimSpace(line), err)
			}
			*into = value
		}
		plans = append(plans, p)
	}
	if len(plans) < 2 {
		return nil, fmt.Errorf("the table has %d lines %q, which is too few to draw: run make bench ARGS='-out PAGE'", len(plans), name)
	}
	return plans, nil
}

// number reads a cell: a number with thousands apart, or a time.
func number(cell string) (float64, error) {
	text, unit, _ := strings.Cut(strings.TrimSpace(strings.ReplaceAll(cell, ",", "")), " ")
	value, err := strconv.ParseFloat(text, 64)
	if unit == "ms" {
		value /= 1000
	}
	return value, err
}
