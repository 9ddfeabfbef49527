package repository

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// wording lists words that the documentation avoids, and what to write instead.
var wording = []struct{ not, but string }{
	{`beside`, "alongside, next to or in addition to"},
	{`anew`, "again"},
	{`admins?`, "administrator"},
	{`tells?|told`, "report, show or expose"},
	{`whenever`, "when"},
	{`mend(s|ed)?`, "fix"},
	{`trade[sd]?`, "exchange"},
	{`repl(y|ies)`, "response"},
	{`(platform's|(lost|usable|unusable|empty|whole|late)) answers?|answers? (of the platform|was lost|with status)|answered with`, "response, respond"},
	{`(not|isn't|aren't|doesn't) .{0,30}any more`, "no longer"},
	{`let(s|ting)? go of`, "remove or stop managing"},
	{`hand(s|ed|ing)? (on|over|it on|it over)`, "pass"},
	{`past the (provider|repository|module|configuration)`, "outside"},
	{`counts? (it |them )?anew|made anew`, "recalculate, create"},
	{`than as many|as there are things`, "a shorter sentence"},
	{`rights? (is|are) taken|takes? administrator rights`, "requires administrator rights"},
	{`utilize[sd]?|leverage[sd]?|simply|just works`, "a plain word, or none"},
}

// The documentation uses standard terms.
func TestProse(t *testing.T) {
	t.Parallel()
	for _, file := range proseFiles(t) {
		content, err := os.ReadFile(file) //nolint:gosec // The test names the file.
		if err != nil {
			t.Fatal(err)
		}
		text := onlyProse(string(content))
		for _, found := range findWording(text) {
			t.Errorf("%s:%d: %q: say %s", file, 1+strings.Count(text[:found.at], "\n"), found.text, found.but)
		}
	}
}

type match struct {
	at        int
	text, but string
}

var emDash = regexp.MustCompile(`—`)

func findWording(text string) []match {
	var found []match
	for _, at := range emDash.FindAllStringIndex(text, -1) {
		found = append(found, match{at[0], text[at[0]:at[1]], "it with a comma or a full stop"})
	}
	for _, word := range wording {
		pattern := regexp.MustCompile(`(?is)\b(` + strings.ReplaceAll(word.not, " ", `\s+`) + `)\b`)
		for _, at := range pattern.FindAllStringIndex(text, -1) {
			found = append(found, match{at[0], text[at[0]:at[1]], word.but})
		}
	}
	return found
}

// codePattern matches code, comments and link targets.
var codePattern = regexp.MustCompile("(?s)\n```.*?\n```|`[^`\n]+`|<!--.*?-->|\\]\\([^)]*\\)")

// onlyProse removes what isn't prose and keeps line numbers.
func onlyProse(page string) string {
	return codePattern.ReplaceAllStringFunc("\n"+page, func(code string) string {
		return strings.Repeat("\n", strings.Count(code, "\n")) + " "
	})[1:]
}

func proseFiles(t *testing.T) []string {
	t.Helper()
	files := []string{"README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md"}
	for _, folder := range []string{"docs", "templates", "examples", "internal/measurements", "internal/export", ".github"} {
		err := filepath.WalkDir(folder, func(name string, _ fs.DirEntry, err error) error {
			if slices.Contains([]string{".md", ".tmpl", ".yml"}, filepath.Ext(name)) {
				files = append(files, name)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return files
}
