package examples_test

import (
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/guardai/terraform-provider-guardai/internal/acceptance"
)

// configurations are those of what the examples import, which they leave to the
// reader. A plan after the import changes nothing on the platform.
var configurations = map[string]string{
	"guardai_organization": `
resource "guardai_organization" "research" {
  name = "Research"
}
`,
	"guardai_organization_file": `
resource "guardai_organization_file" "road_users" {
  organization_id = "42"
  source          = "${path.module}/road-users.json"
}
`,
}

// importCommand is a line of an import.sh that isn't a comment.
var importCommand = regexp.MustCompile(`(?m)^terraform import .+$`)

const (
	byIdentity = "import-by-identity.tf"
	byStringID = "import-by-string-id.tf"
	byCommand  = "import.sh"
)

// importWay is one way to import what an example shows.
type importWay struct {
	title, file string
	// command is a line of the file where that is a script.
	command string
}

// importWays are the ways that the files of an example show.
func importWays(t *testing.T, name string) []importWay {
	t.Helper()
	ways := []importWay{{title: byStringID, file: byStringID}, {title: byIdentity, file: byIdentity}}
	commands := importCommand.FindAllString(example(t, path.Join(name, byCommand)), -1)
	if len(commands) != 2 {
		t.Errorf("%s/%s has %d commands, not one by id and one by name", name, byCommand, len(commands))
	}
	for _, command := range commands {
		ways = append(ways, importWay{title: command, file: byCommand, command: command})
	}
	return ways
}

func testImports(t *testing.T, install *acceptance.Installation) {
	t.Helper()
	for _, name := range find(t, "resources/*") {
		for _, way := range importWays(t, name) {
			t.Run(path.Join(name, way.title), func(t *testing.T) {
				t.Parallel()
				if way.file == byIdentity {
					acceptance.Identity.Need(t)
				}
				s := platform(t)
				c := importing(t, install, s, name, way.file)
				c.MustRun(t, "init")
				importBy(t, c, way)
				c.MustRun(t, "apply", "-auto-approve")
				c.MustRun(t, "plan", "-detailed-exitcode")
				if got := s.Count("add_organization", "update_organization", "upload_organization_file", "delete_organization_file"); got != 0 {
					t.Errorf("the import wrote to the platform %d times", got)
				}
			})
		}
	}
}

// importing makes a workspace with one of an example's files that show how to import,
// and the configuration of what it imports.
func importing(t *testing.T, install *acceptance.Installation, s *acceptance.Sandbox, name, file string) *acceptance.Workspace {
	t.Helper()
	configuration := configurations[path.Base(name)]
	if configuration == "" {
		t.Fatalf("%s: this file doesn't say how what is imported is configured", name)
	}
	c := paste(t, install, s, name)
	c.Write(t, "resource.tf", configuration)
	c.Write(t, file, example(t, path.Join(name, file)))
	return c
}

// importBy imports with a command or with a block.
func importBy(t *testing.T, c *acceptance.Workspace, way importWay) {
	t.Helper()
	if way.command != "" {
		args := strings.Fields(strings.ReplaceAll(way.command, `"`, ""))
		c.MustRun(t, args[1:]...)
		return
	}
	c.MustRun(t, "validate")
	mustContain(t, c.MustRun(t, "apply", "-auto-approve").Text(), "Resources: 1 imported, 0 added,")
}

// roadUsers is the file that the example of files uploads.
func roadUsers(t *testing.T) string {
	t.Helper()
	return example(t, "resources/guardai_organization_file/road-users.json")
}

// example is the text of a file of the examples.
func example(t *testing.T, name string) string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(examples, filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}
