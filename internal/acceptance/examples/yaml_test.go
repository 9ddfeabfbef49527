package examples_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/guardai/terraform-provider-guardai/internal/acceptance"
	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

// newGitOpsWorkspace returns the GitOps example with a local state, in the folder of its environment, and its platform.
func newGitOpsWorkspace(t *testing.T, install *acceptance.Installation) (*acceptance.Workspace, *acceptance.Sandbox) {
	t.Helper()
	acceptance.S3LockFile.Need(t)
	s := acceptance.NewSeededSandbox(t)
	root := newWorkspace(t, install, s)
	copyExample(t, root, "gitops", ".")
	c := &acceptance.Workspace{Folder: root.Subfolder("environments/production")}
	c.Write(t, "backend_override.tf", "terraform {\n  backend \"local\" {}\n}\n")
	c.MustRun(t, "init")
	return c, s
}

// A mistake in a YAML file fails the plan with an error that names the file and the attribute.
func testYAMLMistakes(t *testing.T, install *acceptance.Installation) {
	t.Helper()
	c, _ := newGitOpsWorkspace(t, install)
	misnamed := []string{"yml.yml", "upper.YAML", "team/sub.yaml", "gro\u0308ße.yaml", "._apple.yaml"}
	for _, file := range misnamed {
		c.Write(t, "organizations/"+file, "name: A\n")
	}
	c.Write(t, "organizations/a.yaml", `# Every line has a mistake.
name: 1.10
title: A
disabled_features: [ROBUSTNESS, no]
max_item_count: "5"
max_time_allocated: 1.5
force_destroy: maybe
members: mei.tanaka@example.com
files:
  missing: {source: files/missing.csv}
  folder: {source: files}
  number: {content: 007, name: 0x1F, dataset_id: 7}
  misspelled: {sorce: files/road-users.csv}
  both: {source: files/road-users.csv, content: x}
  text: files/road-users.csv
  empty:
`)
	c.Write(t, "organizations/shapes.yaml", "files: [road-users.csv]\nmembers:\n  mei.tanaka@example.com:\n")
	// What YAML reads as another type than text.
	const list, text = " must be a list of strings in quotes.", " must be a string in quotes."
	var spelled []string
	for i, value := range []string{"no", "y", "1.10", "007", "0x1F", "1e3", ".5", "{}", "[]"} {
		key := fmt.Sprint("spelled", i)
		c.Write(t, "organizations/"+key+".yaml", strings.ReplaceAll(`name: VALUE
disabled_features: [VALUE]
members: [VALUE]
files:
  k: {content: VALUE, name: VALUE, dataset_id: VALUE}
  s: {source: VALUE}
`, "VALUE", value))
		for _, problem := range []string{"name" + text, "disabled_features" + list, "members" + list, "files.k: content" + text, "files.k: name" + text, "files.k: dataset_id" + text, "files.s: source" + text} {
			spelled = append(spelled, key+".yaml: "+problem)
		}
	}
	c.Write(t, "organizations/keys.yaml", "files: {no: {}, y: {}, 1.10: {}, 007: {}, 0x1F: {}, 1e3: {}, 2024-01-01: {}}\n")
	for _, key := range []string{"false", "true", "1.1", "7", "31", "1000", "2024-01-01T00:00:00Z"} {
		spelled = append(spelled, "keys.yaml: files."+key+": YAML may have read the key")
	}
	output := c.RunTo(t, 1, "plan").Text()
	for _, problem := range spelled {
		acceptance.MustContain(t, output, "organizations/"+problem)
	}
	for _, problem := range []string{
		"yml.yml: the name must be KEY.yaml", "upper.YAML: the name", "team/sub.yaml: the name", "größe.yaml: the name", "._apple.yaml: the name",
		"a.yaml: name must be a string in quotes.", "a.yaml: title isn't supported; the attributes are disabled_features,",
		"a.yaml: disabled_features must be a list of strings in quotes.", "a.yaml: max_item_count must be a whole number.",
		"a.yaml: max_time_allocated must be a whole number.", "a.yaml: force_destroy must be true or false.",
		"a.yaml: members must be a list of strings in quotes.",
		"a.yaml: files.missing: source files/missing.csv doesn't exist.", "a.yaml: files.folder: source files doesn't exist.",
		"a.yaml: files.number: content must be a string", "a.yaml: files.number: name must be a string",
		"a.yaml: files.number: dataset_id must be a string", "a.yaml: files.misspelled: sorce isn't supported",
		"a.yaml: files.misspelled: needs either source or content.", "a.yaml: files.both: needs either source or content.",
		"a.yaml: files.text: not a map of attributes", "a.yaml: files.empty: needs either source or content.",
		"shapes.yaml: files must be a map.", "shapes.yaml: members must be a list of strings in quotes.",
	} {
		acceptance.MustContain(t, output, "organizations/"+problem)
	}

	// What isn't YAML is named too. A part of the configuration is no way around it.
	for name, content := range map[string]string{"a.yaml": "", "shapes.yaml": "# Nothing.\n", "broken.yaml": "name: A\n  x: [\n"} {
		c.Write(t, "organizations/"+name, content)
	}
	for _, file := range misnamed {
		c.Remove(t, "organizations/"+file)
	}
	output = c.RunTo(t, 1, "plan", `-target=module.organization["monitoring"]`).Text()
	acceptance.MustContain(t, output, "organizations/broken.yaml: not a map of attributes in YAML.")
	if strings.Contains(output, "/a.yaml:") || strings.Contains(output, "shapes.yaml") {
		t.Errorf("an empty file is a mistake:\n%s", output)
	}
}

// change is a change of a YAML file and what its plan says.
type change struct{ old, new, plan string }

// yamlChanges are the changes of perception.yaml in the guide's table, by their row.
func yamlChanges(original string) map[string][]change {
	const (
		none, updated, removed = "No changes.", "0 to add, 1 to change, 0 to destroy", "0 to add, 0 to change, 1 to destroy"

		file    = "  road-users:\n    name: road-users.csv\n    source: files/road-users.csv\n"
		members = "[mei.tanaka@example.com, tom.ferreira@example.com]"
		quota   = "max_item_count: 50000\n"
	)
	return map[string][]change{
		"empty a YAML file":      {{original, "", "0 to add, 1 to change, 3 to destroy"}, {original, "# Nothing.\n", "0 to add, 1 to change, 3 to destroy"}},
		"change `name`":          {{"name: Perception", "name: Vision", updated}},
		"remove the line `name`": {{"name: Perception\n", "", updated}},
		"remove the line of a setting, or leave it empty": {
			{quota, "", none}, {"disabled_features: [ADV_CRAFTING]\n" + quota, "", none}, {quota, "max_item_count:\n", none}, {"[ADV_CRAFTING]", "", none},
		},
		"empty the list `disabled_features`": {{"[ADV_CRAFTING]", "[]", updated}},
		"change a mapping file, or `name` or `source` in `files`": {
			{"name: road-users.csv", "name: users.csv", updated}, {"source: files/road-users.csv", "source: files/other.csv", updated},
		},
		"change a key in `files`":                               {{"  road-users:", "  users:", "1 to add, 0 to change, 1 to destroy"}},
		"remove a key from `files`, empty `files` or remove it": {{file, "", removed}, {"files:\n" + file, "files: {}\n", removed}, {"files:\n" + file, "", removed}},
		"remove an address from `members`, empty `members` or remove it": {
			{"mei.tanaka@example.com, ", "", removed},
			{members, "[]", "0 to add, 0 to change, 2 to destroy"},
			{members, "", "0 to add, 0 to change, 2 to destroy"},
			{"members: " + members + "\n", "", "0 to add, 0 to change, 2 to destroy"},
		},
		"write an address in `members` in another case": {{"mei.tanaka@example.com", "MEI.TANAKA@example.com", none}},
		"remove a YAML file":                            nil, "rename a YAML file": nil, "add a YAML file": nil, // These follow below.
	}
}

// What each kind of change does to the platform, as the guide's table says.
func testYAMLChanges(t *testing.T, install *acceptance.Installation) {
	t.Helper()
	c, s := newGitOpsWorkspace(t, install)
	const file = "organizations/perception.yaml"
	original := c.Read(t, file) + "members: [mei.tanaka@example.com, tom.ferreira@example.com]\n"
	c.Write(t, file, original)
	c.Write(t, "files/other.csv", "source,target\nBus,vehicle\n")
	c.Write(t, "organizations/trial.yaml", "")
	acceptance.MustContain(t, c.MustRun(t, "apply", "-auto-approve").Text(), "Resources: 6 added, 0 changed, 0 destroyed.")
	c.MustRun(t, "plan", "-detailed-exitcode")

	changes := yamlChanges(original)
	_, table, _ := strings.Cut(readExample(t, "../templates/guides/gitops.md"), "| change | effect on the platform |\n|---|---|\n")
	var rows []string
	for row := range strings.Lines(table) {
		if !strings.HasPrefix(row, "| ") {
			break
		}
		rows = append(rows, strings.Split(row, " | ")[0][2:])
	}
	slices.Sort(rows)
	if tested := slices.Sorted(maps.Keys(changes)); !slices.Equal(rows, tested) {
		t.Errorf("the guide's table has the rows\n%s\nand tested are\n%s", strings.Join(rows, "\n"), strings.Join(tested, "\n"))
	}
	for row, changes := range changes {
		for _, change := range changes {
			changed := strings.Replace(original, change.old, change.new, 1)
			if changed == original {
				t.Fatalf("%s: there is no %q", row, change.old)
			}
			c.Write(t, file, changed)
			if text := c.MustRun(t, "plan").Text(); !strings.Contains(text, change.plan) {
				t.Errorf("%s: after %q instead of %q, the plan doesn't say %q:\n%s", row, change.new, change.old, change.plan, text)
			}
		}
	}
	c.Write(t, file, original)
	testChangesOfWholeFiles(t, c, s, original)
}

func testChangesOfWholeFiles(t *testing.T, c *acceptance.Workspace, s *acceptance.Sandbox, original string) {
	t.Helper()
	const file, another = "organizations/perception.yaml", "organizations/vision.yaml"
	c.Write(t, "files/road-users.csv", "source,target\n")
	acceptance.MustContain(t, c.MustRun(t, "plan").Text(), "0 to add, 1 to change, 0 to destroy")
	c.MustRun(t, "apply", "-auto-approve")

	c.Write(t, another, "name: Perception\n")
	text := c.MustRun(t, "plan").Text()
	acceptance.MustContain(t, text, "1 to add, 0 to change, 0 to destroy")
	acceptance.MustContain(t, text, "Warning: ")

	c.Remove(t, file)
	c.Write(t, another, original)
	acceptance.MustContain(t, c.MustRun(t, "plan").Text(), "4 to add, 0 to change, 4 to destroy")
	c.Remove(t, another)

	// A member who isn't in the YAML file.
	org := s.MustOrganizationNamed(t, "Perception")
	added := s.AddUser(sandbox.User{Name: "A", Email: "a@example.com", Organizations: []int64{org.ID}})
	acceptance.MustContain(t, c.MustRun(t, "plan").Text(), "0 to add, 0 to change, 4 to destroy")
	acceptance.MustContain(t, c.RunTo(t, 1, "apply", "-auto-approve").Text(), "member")
	s.MustOrganizationNamed(t, "Perception")
	s.UpdateUser(added.ID, func(u *sandbox.User) { u.Organizations = nil })
	c.MustRun(t, "apply", "-auto-approve")
	if _, ok := s.Organization(org.ID); ok {
		t.Error("the organization still exists")
	}
}
