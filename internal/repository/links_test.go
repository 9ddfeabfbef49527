package repository

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Links in the README and in the measurements lead to existing files and headings.
func TestLinks(t *testing.T) {
	t.Parallel()
	link := regexp.MustCompile(`(?:\]\(|src=")([^)":#]+)(?:#([^)"]*))?[)"]`)
	pages, err := filepath.Glob("internal/measurements/*.md")
	if err != nil || len(pages) == 0 {
		t.Fatalf("there are no measurements: %v", err)
	}
	for _, page := range append(pages, "README.md", "CONTRIBUTING.md", "SECURITY.md") {
		for _, found := range link.FindAllStringSubmatch(read(t, page), -1) {
			target := filepath.Join(filepath.Dir(page), filepath.FromSlash(found[1]))
			if _, err := os.Stat(target); err != nil {
				t.Errorf("%s: %q leads nowhere", page, found[1])
			} else if anchor := found[2]; anchor != "" && !hasHeading(read(t, target), anchor) {
				t.Errorf("%s: %q has no heading #%s", page, found[1], anchor)
			}
		}
	}
}

// hasHeading reports whether GitHub gives a heading of the page this anchor.
func hasHeading(page, anchor string) bool {
	dropped := regexp.MustCompile(`[^\p{L}\p{N} _-]`)
	for line := range strings.Lines(page) {
		if title, heading := strings.CutPrefix(strings.TrimLeft(line, "#"), " "); heading && strings.HasPrefix(line, "#") {
			if strings.ReplaceAll(dropped.ReplaceAllString(strings.ToLower(strings.TrimSpace(title)), ""), " ", "-") == anchor {
				return true
			}
		}
	}
	return false
}
