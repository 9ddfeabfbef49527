package examples_test

import (
	"strings"
	"testing"

	"github.com/guardai/terraform-provider-guardai/internal/acceptance"
)

// newGitOpsWorkspace returns the GitOps example with a local state, in the folder of its environment.
func newGitOpsWorkspace(t *testing.T, install *acceptance.Installation) *acceptance.Workspace {
	t.Helper()
	acceptance.S3LockFile.Need(t)
	root := newWorkspace(t, install, acceptance.NewSeededSandbox(t))
	copyExample(t, root, "gitops", ".")
	c := &acceptance.Workspace{Folder: root.Subfolder("environments/production")}
	c.Write(t, "backend_override.tf", "terraform {\n  backend \"local\" {}\n}\n")
	c.MustRun(t, "init")
	return c
}

// A mistake in a YAML file fails the plan with an error that names the file and the attribute.
func testYAMLMistakes(t *testing.T, install *acceptance.Installation) {
	t.Helper()
	c := newGitOpsWorkspace(t, install)
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
	text := c.RunTo(t, 1, "plan").Text()
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
		acceptance.MustContain(t, text, "organizations/"+problem)
	}

	// What isn't YAML is named too. A part of the configuration is no way around it.
	for name, content := range map[string]string{"a.yaml": "", "shapes.yaml": "# Nothing.\n", "broken.yaml": "name: A\n  x: [\n"} {
		c.Write(t, "organizations/"+name, content)
	}
	for _, file := range misnamed {
		c.Remove(t, "organizations/"+file)
	}
	text = c.RunTo(t, 1, "plan", `-target=module.organization["monitoring"]`).Text()
	acceptance.MustContain(t, text, "organizations/broken.yaml: not a map of attributes in YAML.")
	if strings.Contains(text, "a.yaml:") || strings.Contains(text, "shapes.yaml") {
		t.Errorf("an empty file is a mistake:\n%s", text)
	}
}

// What each kind of change does to the platform, as the guide's table says.
func testYAMLChanges(t *testing.T, install *acceptance.Installation) {
	t.Helper()
	c := newGitOpsWorkspace(t, install)
	const file = "organizations/perception.yaml"
	original := c.Read(t, file) + "members: [mei.tanaka@example.com, tom.ferreira@example.com]\n"
	c.Write(t, file, original)
	c.Write(t, "organizations/trial.yaml", "")
	acceptance.MustContain(t, c.MustRun(t, "apply", "-auto-approve").Text(), "Resources: 6 added, 0 changed, 0 destroyed.")
	c.MustRun(t, "plan", "-detailed-exitcode")
	if !strings.Contains(readExample(t, "../templates/guides/gitops.md"), "\n| rename a YAML file |") {
		t.Error("the guide has no table of changes")
	}

	const none = "No changes."
	for name, change := range map[string]struct{ old, new, plan string }{
		"change name":                {"name: Perception", "name: Vision", "0 to add, 1 to change, 0 to destroy"},
		"remove a setting's line":    {"max_item_count: 50000\n", "", none},
		"remove all settings":        {"disabled_features: [ADV_CRAFTING]\nmax_item_count: 50000\n", "", none},
		"leave a setting empty":      {"max_item_count: 50000\n", "max_item_count:\n", none},
		"empty the features":         {"[ADV_CRAFTING]", "[]", "0 to add, 1 to change, 0 to destroy"},
		"remove the name's line":     {"name: Perception\n", "", "0 to add, 1 to change, 0 to destroy"},
		"change a file's name":       {"name: road-users.csv", "name: users.csv", "0 to add, 1 to change, 0 to destroy"},
		"change a file's key":        {"  road-users:", "  users:", "1 to add, 0 to change, 1 to destroy"},
		"empty the files":            {"files:\n  road-users:\n    name: road-users.csv\n    source: files/road-users.csv\n", "files: {}\n", "0 to add, 0 to change, 1 to destroy"},
		"remove a member":            {"mei.tanaka@example.com, ", "", "0 to add, 0 to change, 1 to destroy"},
		"spell a member in capitals": {"mei.tanaka@example.com", "MEI.TANAKA@example.com", none},
		"empty the members":          {"[mei.tanaka@example.com, tom.ferreira@example.com]", "[]", "0 to add, 0 to change, 2 to destroy"},
		"remove the members":         {"members: [mei.tanaka@example.com, tom.ferreira@example.com]\n", "", "0 to add, 0 to change, 2 to destroy"},
		"empty the YAML file":        {original, "", "0 to add, 1 to change, 3 to destroy"},
	} {
		if !strings.Contains(original, change.old) {
			t.Fatalf("%s: there is no %q", name, change.old)
		}
		c.Write(t, file, strings.Replace(original, change.old, change.new, 1))
		if text := c.MustRun(t, "plan").Text(); !strings.Contains(text, change.plan) {
			t.Errorf("%s: the plan doesn't say %q:\n%s", name, change.plan, text)
		}
	}
	c.Write(t, file, original)

	c.Write(t, "files/road-users.csv", "source,target\n")
	acceptance.MustContain(t, c.MustRun(t, "plan").Text(), "0 to add, 1 to change, 0 to destroy")
	c.MustRun(t, "apply", "-auto-approve")
	c.Remove(t, file)
	acceptance.MustContain(t, c.MustRun(t, "plan").Text(), "0 to add, 0 to change, 4 to destroy")
	c.Write(t, "organizations/vision.yaml", original)
	acceptance.MustContain(t, c.MustRun(t, "plan").Text(), "4 to add, 0 to change, 4 to destroy")
}
