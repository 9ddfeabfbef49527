package export_test

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/guardai/terraform-provider-guardai/internal/acceptance"
	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

func layouts(t *testing.T, test func(t *testing.T, layout string)) {
	t.Helper()
	for _, layout := range []string{"flat", "gitops"} {
		t.Run(layout, func(t *testing.T) {
			t.Parallel()
			if layout == "gitops" {
				acceptance.ImportsWithForEach.Need(t)
			}
			test(t, layout)
		})
	}
}

func verified(imports int) string {
	return fmt.Sprintf("the plan says %d to import, 0 to add, 0 to change, 0 to destroy, and after it no changes.", imports)
}

func TestPlanOfAnExportOnlyImports(t *testing.T) {
	t.Parallel()
	layouts(t, func(t *testing.T, layout string) {
		t.Helper()
		b := newFixture(t, seeded)
		output := b.mustExport(t, "-layout", layout, "-verify")
		mustContain(t, output, "Exported 5 organizations, 3 files, 5 members and 1 transform", verified(14))
		mustContain(t, b.read(t, "README.md"), "Plan: 14 to import, 0 to add, 0 to change, 0 to destroy.")
		if strings.Count(output, "\n  ") != 1 || !strings.Contains(output, `metric "miss-rate"`) {
			t.Error("not only a metric wasn't exported")
		}
		if got := strings.Join(b.names(t), "\n"); strings.Contains(got, ".platform.") || strings.Contains(got, "/.terraform") {
			t.Errorf("temporary files are left:\n%s", got)
		}
		b.mustBeFormatted(t)
		for name, content := range b.tree(t) {
			if strings.Contains(content, sandbox.AdminKey) {
				t.Errorf("%s holds the API key", name)
			}
		}
	})
}

// hostileOrganizations returns names that need escaping or have a meaning in a configuration or a file system.
func hostileOrganizations() []string {
	return []string{
		`quo"te 'n' \back\ $slash`, "${path.module} $${x} %{ if true }x%{ endif }", "lines\nof\r\n text\t\u0000end", "../../etc/passwd", "..", "a/b\\c",
		"🚗🤖", strings.Repeat("long ", 2000), "Vision", "VISION", "vision", "vision 11", "CON", "nul", "files", "3d maps", "yes", "null", "1e3", "~", "- a: b", "#c",
		"視覚研究", "e\u0301cole", "école", "\u202eright-to-left", " padded ", "<b>&amp;", "İstanbul", "straße", "STRASSE", "*anchor &x !tag", "\u2028separator\u00a0x\ufeff",
	}
}

// hostileFiles returns files with such names and all kinds of contents.
func hostileFiles() []sandbox.File {
	dataset := int64(7)
	files := []sandbox.File{
		{Ref: "same-1", Name: "same.csv", Content: []byte("one")},
		{Ref: "same-2", Name: "same.csv", Content: []byte("two")},
		{Ref: "SAME-2", Name: "Same.CSV", Content: []byte("three")},
		{Ref: "empty", Name: "empty.csv", DatasetID: &dataset},
		{Ref: "binary", Name: "binary.bin", Content: []byte{0, 255, 1, 13, 10}},
		{Ref: "lines", Name: "lines.csv", Content: []byte("a\r\nb\r\n")},
		{Ref: "json", Name: "json.json", Content: []byte("{\n  \"0\": \"person\"\n}\n")},
		{Ref: "large", Name: "large.bin", Content: []byte(strings.Repeat("\x00\xff", 1<<20))},
		{Ref: `a/b %20?c#d"e${x}` + "\n", Name: `quo"te ${x} %{y}.csv`, Content: []byte("${x}")},
		{Ref: "../../ref", Name: "slash", Content: []byte("x")},
	}
	names := []string{
		"../../../escape.csv", "..", ".", "...", ".git", ".gitattributes", "a/b.csv", `a\b.csv`, "/etc/passwd", "C:\\x.csv", "CON.txt", "aux", "lpt1.csv",
		"trailing. ", "new\nline.csv", "🚗.csv", strings.Repeat("n", 10000) + ".csv", "x." + strings.Repeat("y", 300), "main.tf", "a?source=b.csv",
		"gro\u0308ße.csv", "größe.csv", "-", "*?.csv", "\u202egnp.csv", "organization.yaml", "same-same-2.csv",
	}
	for i, name := range names {
		files = append(files, sandbox.File{Ref: fmt.Sprintf("name-%d", i), Name: name, Content: fmt.Appendf(nil, "content %d", i)})
	}
	return files
}

// hostileMembers returns members of the first organization, and how many of them can be identified by email address.
func hostileMembers() (users []sandbox.User, addresses int) {
	unique := []string{`quo"te'${x}%{y}@example.com`, "Mixed.Case@Example.com", "gro\u0308ße@example.com", "mei@a.example", "mei@b.example"}
	for _, email := range slices.Concat(unique, []string{"same@example.com", "SAME@example.com", "no address", ""}) {
		users = append(users, sandbox.User{Name: "A", Email: email, Organizations: []int64{1}})
	}
	return users, len(unique)
}

// addHostileTransforms adds transforms to the first organization, half of them with code, and returns their number.
func (b *fixture) addHostileTransforms() int {
	names := append(hostileOrganizations(), "same", "same")
	for i, name := range names {
		transform := sandbox.Definition{Fields: map[string]any{
			"name": name, "description": name, "tasks": []any{"b", name, "a", "b"}, "apply_mapping": map[string]any{name: map[string]any{"${x}": 1}},
			"params": []any{map[string]any{name: json.Number("1.50"), "n": json.Number("123456789012345678901234567890.5"), "e": json.Number("1e3")}},
		}}
		if i%2 == 0 {
			transform.Content = fmt.Appendf(nil, "code %d", i)
		}
		b.AddDefinition(sandbox.Transform, 1, transform)
	}
	return len(names)
}

func TestPlanOfHostileNamesOnlyImports(t *testing.T) {
	t.Parallel()
	layouts(t, func(t *testing.T, layout string) {
		t.Helper()
		b := newFixture(t)
		files := hostileFiles()
		for _, name := range hostileOrganizations() {
			b.AddOrganization(sandbox.Organization{Name: name})
		}
		for _, file := range files {
			file.Type = "classmapping"
			b.AddFile(1, file)
		}
		members, addresses := hostileMembers()
		for _, user := range members {
			b.AddUser(user)
		}
		if layout == "flat" {
			addresses = len(members)
		}
		transforms := b.addHostileTransforms()
		output := b.mustExport(t, "-layout", layout, "-verify")
		mustContain(t, output, verified(len(hostileOrganizations())+len(files)+addresses+transforms))
		b.mustBeFormatted(t)
		contents := map[string]bool{}
		for name, content := range b.tree(t) {
			if strings.Contains(name, "/files/") || strings.HasPrefix(name, "files/") {
				contents[content] = true
			}
			if strings.HasPrefix(filepath.Base(name), ".git") && strings.Contains(name, "files/") {
				t.Errorf("git would treat %s as its own", name)
			}
		}
		for _, file := range files {
			if !contents[string(file.Content)] {
				t.Errorf("the content of %.40q is in no file", file.Name)
			}
		}
	})
}

// The platform may report settings that a configuration can't contain, and list files without a name, a type or a
// dataset. What can't be exported is reported.
func TestPlanOfUnusualObjectsOnlyImports(t *testing.T) {
	t.Parallel()
	layouts(t, func(t *testing.T, layout string) {
		t.Helper()
		b := newFixture(t, lenient)
		for name, settings := range map[string]map[string]any{
			"negative": {"maxItemCount": -1, "disabledFeatures": []string{"NEW_FEATURE", "ROBUSTNESS", "ROBUSTNESS"}},
			"nulls":    {"maxItemCount": nil, "disabledFeatures": nil, "maxTimeAllocated": nil, "maxTimePerTask": nil, "classMappingFiles": nil},
			"none":     {},
			"unknown":  {"retentionDays": 90, "nested": map[string]any{"a": []int{1}}},
			"huge":     {"maxItemCount": int64(1) << 40},
			// These are not exported.
			" ": {}, "fraction": {"maxItemCount": 1.5}, "text": {"disabledFeatures": "ROBUSTNESS"},
		} {
			b.AddOrganization(sandbox.Organization{Name: name, Settings: settings})
		}
		addPartlyListedFiles(b)
		output := b.mustExport(t, "-layout", layout, "-verify")
		mustContain(t, output, verified(7), "lost.csv", "without a reference", "nameless-4", "without a name")
		for _, text := range []string{output, b.read(t, "README.md")} {
			mustContain(t, text, "name is blank", "not a whole number", "not a list of texts")
		}
	})
}

// addPartlyListedFiles adds an organization with files whose list entry lacks a name, a type or a dataset.
func addPartlyListedFiles(b *fixture) {
	org := b.AddOrganization(sandbox.Organization{Name: "files"})
	b.AddFile(org.ID, sandbox.File{Ref: "nameless-4", Type: "classmapping", Name: "x", Content: []byte("x")})
	b.AddFile(org.ID, sandbox.File{Ref: "untyped", Type: "classmapping", Name: "untyped.csv", Content: []byte("x")})
	b.UpdateOrganization(org.ID, func(org *sandbox.Organization) {
		entries, _ := org.Settings["classMappingFiles"].([]any)
		for _, entry := range entries {
			entry, _ := entry.(map[string]any)
			if entry["ref"] != "untyped" {
				entry["fileName"] = nil
			}
			entry["contentType"], entry["datasetId"] = nil, nil
		}
		org.Settings["classMappingFiles"] = append(entries, map[string]any{"fileName": "lost.csv", "ref": nil})
	})
}
