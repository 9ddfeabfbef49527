package guides_test

import (
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/guardai/terraform-provider-guardai/internal/acceptance/guides"
)

var (
	link    = regexp.MustCompile(`\]\(([^)#:]*)(#[^):]*)?\)`)
	heading = regexp.MustCompile(`(?m)^#+ (.*)$`)
	noWord  = regexp.MustCompile(`[^a-z0-9 _-]`)
)

// The Registry shows a page under its path without the ending, so that links go
// without it too.
func TestLinksOfGuides(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join(guides.Folder, "*.md"))
	if err != nil || len(files) == 0 {
		t.Fatalf("there are no guides: %v", err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".md")
		for _, found := range link.FindAllStringSubmatch(read(t, file), -1) {
			target := found[1]
			if target == "" {
				target = name
			}
			checkLink(t, name, target, strings.TrimPrefix(found[2], "#"))
		}
	}
}

func checkLink(t *testing.T, from, target, anchor string) {
	t.Helper()
	// A guide that is new has no page in docs before they are generated.
	file := filepath.Join(guides.Folder, target+".md")
	if page := path.Join("guides", target); !strings.HasPrefix(page, "guides/") {
		file = filepath.Join("..", "..", "..", "docs", filepath.FromSlash(page)+".md")
	}
	if _, err := os.Stat(file); err != nil {
		t.Errorf("%s: %q leads nowhere: %v", from, target, err)
		return
	}
	if anchor == "" {
		return
	}
	for _, found := range heading.FindAllStringSubmatch(read(t, file), -1) {
		if strings.ReplaceAll(noWord.ReplaceAllString(strings.ToLower(found[1]), ""), " ", "-") == anchor {
			return
		}
	}
	t.Errorf("%s: %q has no heading #%s", from, target, anchor)
}

func read(t *testing.T, file string) string {
	t.Helper()
	content, err := os.ReadFile(file) //nolint:gosec // The test names the file.
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}
