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
  organization_id = 42
  source          = "${path.module}/road-users.json"
}
`,
}

// importCommand is the line of an import.sh that isn't a comment.
var importCommand = regexp.MustCompile(`(?m)^terraform (import \S+ \S+)$`)

// byIdentity is the file that shows an import by identity.
const byIdentity = "import-by-identity.tf"

func testImports(t *testing.T, install *acceptance.Installation) {
	t.Helper()
	for _, name := range find(t, "resources/*") {
		for _, file := range []string{"import.sh", "import-by-string-id.tf", byIdentity} {
			t.Run(path.Join(name, file), func(t *testing.T) {
				t.Parallel()
				if file == byIdentity {
					acceptance.Identity.Need(t)
				}
				s := platform(t)
				c := importing(t, install, s, name, file)
				c.MustRun(t, "init")
				importAsIn(t, c, file)
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

// importAsIn imports as a file of the example says: with the command of a script, or
// with a block.
func importAsIn(t *testing.T, c *acceptance.Workspace, file string) {
	t.Helper()
	if path.Ext(file) == ".tf" {
		c.MustRun(t, "validate")
		mustContain(t, c.MustRun(t, "apply", "-auto-approve").Text(), "Resources: 1 imported, 0 added,")
		return
	}
	found := importCommand.FindStringSubmatch(c.Read(t, file))
	if found == nil {
		t.Fatal("the script has no import command")
	}
	c.MustRun(t, strings.Fields(found[1])...)
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
