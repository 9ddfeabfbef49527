package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// plan is what a plan of so many organizations took, in calls and in seconds.
type plan struct{ count, calls, oneByOne, took, baseline float64 }

// plansOf returns the lines of a name in the page's table, in their order.
func plansOf(page, name string) ([]plan, error) {
	var header []string
	var plans []plan
	for line := range strings.Lines(page) {
		cells := cellsOf(line)
		if len(cells) < 2 {
			continue
		}
		if cells[0] == "measured" {
			header = cells
		}
		if cells[0] != name {
			continue
		}
		var p plan
		for column, into := range map[string]*float64{
			"objects": &p.count, "calls": &p.calls, "calls one by one": &p.oneByOne, "time": &p.took, "its time": &p.baseline,
		} {
			index := slices.Index(header, column)
			if index < 0 || index >= len(cells) {
				return nil, fmt.Errorf("the table has no column %q", column)
			}
			value, err := number(cells[index])
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

// cellsOf returns the cells of a line of a table, none of another line.
func cellsOf(line string) []string {
	line, table := strings.CutPrefix(strings.TrimSpace(line), "|")
	if !table {
		return nil
	}
	cells := strings.Split(strings.TrimSuffix(line, "|"), "|")
	for i := range cells {
		cells[i] = strings.TrimSpace(cells[i])
	}
	return cells
}

// number reads a cell: a number with thousands apart, or a time.
func number(cell string) (float64, error) {
	text, unit, _ := strings.Cut(strings.ReplaceAll(cell, ",", ""), " ")
	value, err := strconv.ParseFloat(text, 64)
	if unit == "ms" {
		value /= 1000
	}
	return value, err
}
