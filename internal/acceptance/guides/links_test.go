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
	link    = regexp.MustCompile(`\]\(([^)#\s]*)(#[^)\s]*)?\)`)
	heading = regexp.MustCompile(`(?m)^#+ (.*)$`)
	noWord  = regexp.MustCompile(`[^a-z0-9 _-]`)
	// repository is where a branch's files and folders are on GitHub.
	repository = regexp.MustCompile(`^https://github\.com/guardai/terraform-provider-guardai/(?:blob|tree)/main/(.+)$`)
)

// A page is shown on GitHub and in two registries, which change links in different ways. Two forms work in all three:
//
//   - NAME.md for a page in the same folder. Both registries strip the ending.
//   - A page's whole address on GitHub. OpenTofu's registry keeps the ending of relative links between folders, and its
//     folders have other names; Terraform's shows the index without the slash that relative links from it need.
func TestLinks(t *testing.T) {
	t.Parallel()
	for _, file := range pages(t) {
		for _, found := range link.FindAllStringSubmatch(read(t, file), -1) {
			target, anchor := found[1], strings.TrimPrefix(found[2], "#")
			if problem := checkLink(t, file, target, anchor); problem != "" {
				t.Errorf("%s: the link to %s%s %s", file, target, found[2], problem)
			}
		}
	}
}

// pages are the generated ones and the templates, which the pages must come from.
func pages(t *testing.T) []string {
	t.Helper()
	var found []string
	for _, folder := range []string{"docs", "templates"} {
		err := filepath.WalkDir(filepath.Join(root, folder), func(name string, _ fs.DirEntry, err error) error {
			if strings.HasSuffix(name, ".md") || strings.HasSuffix(name, ".md.tmpl") {
				found = append(found, name)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if len(found) == 0 {
		t.Fatal("there are no pages")
	}
	return found
}

var root = filepath.Join(Folder, "..", "..")

// checkLink returns what is wrong with a link.
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
		return "has no .md at its end"
	}
	if _, err := os.Stat(file); err != nil {
		return "leads nowhere"
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
	for _, found := range heading.FindAllStringSubmatch(page, -1) {
		if strings.ReplaceAll(noWord.ReplaceAllString(strings.ToLower(found[1]), ""), " ", "-") == anchor {
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
