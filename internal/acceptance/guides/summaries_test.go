package guides

import (
	"io/fs"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// summary matches the constant beginning of a diagnostic's summary, up to the first verb. All begin with a capital.
var summary = regexp.MustCompile(`(?:\bsummary :?= |\b(?:Add|New)\w*(?:Error|Warning|Recovered)\w*\([^{}\n]*?)(?:fmt\.Sprintf\(\s*)?"([A-Z][^"%\\]*)`)

// The troubleshooting guide covers the summary of every error and warning.
func TestTroubleshootingNamesEverySummary(t *testing.T) {
	t.Parallel()
	page := strings.Join(strings.Fields(read(t, filepath.Join(Folder, "troubleshooting.md"))), " ")
	summaries := 0
	err := filepath.WalkDir(filepath.Join("..", ".."), func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && (entry.Name() == "acceptance" || entry.Name() == "cmd" || entry.Name() == "tools"):
			return filepath.SkipDir
		case filepath.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go"):
			return nil
		}
		for _, match := range summary.FindAllStringSubmatch(read(t, name), -1) {
			summaries++
			if !strings.Contains(page, strings.TrimSpace(match[1])) {
				t.Errorf("%s: %q is not in templates/guides/troubleshooting.md", name, match[1])
			}
		}
		return nil
	})
	if err != nil || summaries < 70 {
		t.Errorf("only %d summaries were found in the code: %v", summaries, err)
	}
}
