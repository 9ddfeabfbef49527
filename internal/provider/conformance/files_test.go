package conformance

import (
	"fmt"
	"io/fs"
	"path"
	"reflect"
	"regexp"
	"slices"
	"strings"
)

const (
	// module is the module path.
	module = "github.com/guardai/terraform-provider-guardai/"
	// providerName is the prefix of type names.
	providerName = "guardai"
)

// checkFiles returns which of a component's files are missing or incomplete.
func checkFiles(root fs.FS, c component) []string {
	problems := checkExamples(root, c)
	page := path.Join("docs", c.folder, strings.TrimPrefix(c.name, providerName+"_")+".md")
	for _, must := range []struct{ file, hold, lack string }{
		{page, c.name, "run make generate"},
		{"README.md", "[`" + c.name + "`](" + page + ")", "its tables link no page of it"},
		{"CHANGELOG.md", fmt.Sprintf("\n* **New %s:** `%s`", c.title, c.name), "it doesn't announce it"},
	} {
		if !strings.Contains(read(root, must.file), must.hold) {
			problems = append(problems, fmt.Sprintf("%s: %s: %s", c, must.file, must.lack))
		}
	}
	if dir := packageOf(c.implementation); !tested(root, dir, c) {
		problems = append(problems, fmt.Sprintf("%s: no test file in %s configures it", c, dir))
	}
	return problems
}

func checkExamples(root fs.FS, c component) []string {
	var problems []string
	for i, name := range c.examples {
		file := path.Join("examples", c.folder, c.name, name)
		hold := c.name + "."
		if i == 0 {
			hold = fmt.Sprintf("%s %q", c.block, c.name)
		}
		if !strings.Contains(read(root, file), hold) {
			problems = append(problems, fmt.Sprintf("%s: %s: there is no such example, or it is of something else", c, file))
		}
	}
	return problems
}

// read returns a file's text, or an empty string if it doesn't exist.
func read(root fs.FS, name string) string {
	raw, err := fs.ReadFile(root, name)
	if err != nil {
		return ""
	}
	return string(raw)
}

// packageOf returns the folder of the package that implements a component.
func packageOf(implementation any) string {
	kind := reflect.TypeOf(implementation)
	if kind.Kind() == reflect.Pointer {
		kind = kind.Elem()
	}
	return strings.TrimPrefix(kind.PkgPath(), module)
}

// tested reports whether a folder has a test file that contains a block of the component, or a format string for such
// blocks and the component's name.
func tested(root fs.FS, dir string, c component) bool {
	block := regexp.MustCompile(`\b` + c.block + ` \\?"` + c.name + `\\?"`)
	format := regexp.MustCompile(`\b` + c.block + ` (%q|\\?"%s\\?")`)
	files, err := fs.Glob(root, path.Join(dir, "*_test.go"))
	return err == nil && slices.ContainsFunc(files, func(file string) bool {
		text := read(root, file)
		return block.MatchString(text) || format.MatchString(text) && strings.Contains(text, fmt.Sprintf("%q", c.name))
	})
}

// leftovers returns examples and pages of components that don't exist.
func leftovers(root fs.FS, offered []component) []string {
	var problems []string
	for _, k := range kinds {
		examples, _ := fs.Glob(root, path.Join("examples", k.folder, "*"))
		pages, _ := fs.Glob(root, path.Join("docs", k.folder, "*.md"))
		for _, file := range append(examples, pages...) {
			name := strings.TrimSuffix(path.Base(file), ".md")
			if !slices.ContainsFunc(offered, func(c component) bool {
				return c.folder == k.folder && (c.name == name || c.name == providerName+"_"+name)
			}) {
				problems = append(problems, file+": the provider offers nothing of this name")
			}
		}
	}
	return problems
}
