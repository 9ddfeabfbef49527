package examples_test

import (
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/guardai/terraform-provider-guardai/internal/acceptance"
	"github.com/guardai/terraform-provider-guardai/internal/cli"
)

// importedConfigurations are the resource blocks of the imported objects, which the examples don't contain. They match
// the platform.
var importedConfigurations = map[string]string{
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
	"guardai_organization_member": `
resource "guardai_organization_member" "mei" {
  organization_id = "42"
  email           = "mei.tanaka@example.com"
}
`,
	"guardai_transform": `
resource "guardai_transform" "fog" {
  organization_id = "42"
  name            = "fog"
  source          = "./fog.py"
}
`,
	"guardai_metric": `
resource "guardai_metric" "miss_rate" {
  organization_id = "42"
  name            = "miss-rate"
  source          = "./miss_rate.py"
}
`,
}

// importCommand matches a command of an import.sh.
var importCommand = regexp.MustCompile(`(?m)^terraform import .+$`)

const (
	byIdentity = "import-by-identity.tf"
	byStringID = "import-by-string-id.tf"
	byCommand  = "import.sh"
)

// importMethod is one way to import an object.
type importMethod struct {
	title, file string
	// command is a line of the file if that is a script.
	command string
}

// importMethods returns the import methods that an example shows.
func importMethods(t *testing.T, name string) []importMethod {
	t.Helper()
	methods := []importMethod{{title: byStringID, file: byStringID}, {title: byIdentity, file: byIdentity}}
	commands := importCommand.FindAllString(readExample(t, path.Join(name, byCommand)), -1)
	if len(commands) != 2 {
		t.Errorf("%s/%s has %d commands, not one by id and one by name", name, byCommand, len(commands))
	}
	for _, command := range commands {
		methods = append(methods, importMethod{title: command, file: byCommand, command: command})
	}
	return methods
}

func testImports(t *testing.T, testbed *cli.Testbed) {
	t.Helper()
	for _, name := range findExamples(t, "resources/*") {
		for _, method := range importMethods(t, name) {
			t.Run(path.Join(name, method.title), func(t *testing.T) {
				t.Parallel()
				if method.file == byIdentity {
					acceptance.Identity.Need(t)
				}
				s := newPlatform(t)
				c := newImportWorkspace(t, testbed, s, name, method.file)
				runImport(t, c, method)
				c.MustRun(t, "plan", "-detailed-exitcode")
				if got := s.Count("add_organization", "update_organization", "upload_organization_file", "delete_organization_file", "update_user", "update_transform", "upload_file", "update_metric", "upload_metric_file"); got != 0 {
					t.Errorf("the import wrote to the platform %d times", got)
				}
			})
		}
	}
}

// newImportWorkspace returns a workspace with one of an example's import files and the configuration of the imported
// object.
func newImportWorkspace(t *testing.T, testbed *cli.Testbed, s *acceptance.Sandbox, name, file string) *acceptance.Workspace {
	t.Helper()
	configuration := importedConfigurations[path.Base(name)]
	if configuration == "" {
		t.Fatalf("%s: there is no configuration of the imported object in this test", name)
	}
	c := newExampleWorkspace(t, testbed, s, name)
	c.Write(t, "resource.tf", configuration)
	c.Write(t, file, readExample(t, path.Join(name, file)))
	return c
}

// runImport imports with a command or an import block.
func runImport(t *testing.T, c *acceptance.Workspace, method importMethod) {
	t.Helper()
	if method.command != "" {
		args := strings.Fields(strings.ReplaceAll(method.command, `"`, ""))
		c.MustRun(t, args[1:]...)
		// Sets arguments that exist only in the configuration.
		c.MustRun(t, "apply", "-auto-approve")
		return
	}
	acceptance.MustContain(t, c.MustRun(t, "apply", "-auto-approve").Text(), "Resources: 1 imported, 0 added,")
}

// readExample returns the content of a file of the examples.
func readExample(t *testing.T, name string) string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(examples, filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}
