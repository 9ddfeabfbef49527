package guides

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	link              = regexp.MustCompile(`\]\(([^)#\s]*)(#[^)\s]*)?\)`)
	heading           = regexp.MustCompile(`(?m)^#+ (.*)$`)
	droppedCharacters = regexp.MustCompile(`[^a-z0-9 _-]`)
	// repository matches URLs of files and folders in this repository.
	repository = regexp.MustCompile(`^https://github\.com/guardai/terraform-provider-guardai/(?:blob|tree)/main/(.+)$`)
)

// GitHub and the two registries resolve links differently. Two forms work in all three:
func TestLinks(t *testing.T) {
	t.Parallel()
	for _, file := range pages(t) {
		for _, match := range link.FindAllStringSubmatch(read(t, file), -1) {
			target, anchor := match[1], strings.TrimPrefix(match[2], "#")
			if problem := checkLink(t, file, target, anchor); problem != "" {
				t.Errorf("%s: the link to %s%s %s", file, target, match[2], problem)
			}
		}
	}
}

// pages returns the generated pages and their templates.
func pages(t *testing.T) []string {
	t.Helper()
	var names []string
	for _, folder := range []string{"docs", "templates"} {
		err := filepath.WalkDir(filepath.Join(root, folder), func(name string, _ fs.DirEntry, err error) error {
			if strings.HasSuffix(name, ".md") || strings.HasSuffix(name, ".md.tmpl") {
				names = append(names, name)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if len(names) == 0 {
		t.Fatal("there are no pages")
	}
	return names
}

var root = filepath.Join(Folder, "..", "..")

// checkLink returns what is wrong with a link, or "".
func checkLink(t *testing.T, from, target, anchor string) string {
	t.Helper()
	file := filepath.Join(filepath.Dir(from), target)
	switch own := repository.FindStringSubmatch(target); {
	case target == "":
		file = from
	case own != nil:
		file = filepath.Join(root, filepath.FromSlash(own[1]))
	case strings.Contains(target, "://"):
		return ""
	case strings.Contains(target, "/"):
		return "leaves the folder: use the page's address on GitHub"
	case filepath.Ext(target) != ".md":
		return "doesn't end in .md"
	}
	if _, err := os.Stat(file); err != nil {
		return "is broken"
	}
	if anchor != "" && !hasHeading(read(t, file), anchor) {
		return "names a heading that isn't there"
	}
	return ""
}

func hasHeading(page, anchor string) bool {
	if strings.Contains(page, `<a id="`+anchor+`">`) {
		return true
	}
	for _, match := range heading.FindAllStringSubmatch(page, -1) {
		if strings.ReplaceAll(droppedCharacters.ReplaceAllString(strings.ToLower(match[1]), ""), " ", "-") == anchor {
			return true
		}
	}
	return false
}

func read(t *testing.T, file string) string {
	t.Helper()
	content, err := os.ReadFile(file) //nolint:gosec // The test names the file.
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}
