package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/guardai/terraform-provider-guardai/internal/cmd/faults/matrix"
)

// What is between these two in a page is written by this program.
const (
	pageBegin = "<!-- faults: begin -->\n"
	pageEnd   = "<!-- faults: end -->\n"
)

// isJSON says whether a file is for the results themselves, and not a page.
func isJSON(file string) bool { return filepath.Ext(file) == ".json" }

// checkOutput says, before anything is played, whether write can do its work.
func checkOutput(file string) error {
	if file == "" || isJSON(file) {
		return nil
	}
	_, _, err := aroundTables(file)
	return err
}

// write writes the results to a file, unless there is none to write to: all of
// them as JSON, or the tables between the marks of a page.
func write(file string, results []matrix.Result) error {
	if file == "" {
		return nil
	}
	if isJSON(file) {
		text, err := json.MarshalIndent(results, "", "  ")
		if err != nil {
			return err
		}
		return os.WriteFile(file, append(text, '\n'), 0o600)
	}
	before, after, err := aroundTables(file)
	if err != nil {
		return err
	}
	var text strings.Builder
	matrix.Write(&text, results)
	return os.WriteFile(file, []byte(before+pageBegin+"\n"+text.String()+"\n"+pageEnd+after), 0o600)
}

// aroundTables returns what a page holds before its first mark and after its
// second.
func aroundTables(file string) (before, after string, err error) {
	page, err := os.ReadFile(file) //nolint:gosec // The user names the page.
	if err != nil {
		return "", "", err
	}
	before, rest, begins := strings.Cut(string(page), pageBegin)
	_, after, ends := strings.Cut(rest, pageEnd)
	if !begins || !ends {
		return "", "", fmt.Errorf("%s has no lines %q and %q to write the tables between", file, strings.TrimSpace(pageBegin), strings.TrimSpace(pageEnd))
	}
	return before, after, nil
}
