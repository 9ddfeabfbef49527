package examples_test

import (
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/guardai/terraform-provider-guardai/internal/acceptance"
	"github.com/guardai/terraform-provider-guardai/internal/cli"
	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

// requiredFeatures are the CLI features that the examples of a folder need.
var requiredFeatures = map[string]acceptance.Feature{
	"ephemeral-resources": acceptance.EphemeralResources,
	"list-resources":      acceptance.QueriesAndActions,
	"actions":             acceptance.QueriesAndActions,
}

// The examples can be applied, and a plan after that has no changes.
func testComponents(t *testing.T, testbed *cli.Testbed) {
	t.Helper()
	for _, name := range findExamples(t, "provider", "quickstart", "resources/*", "data-sources/*", "ephemeral-resources/*", "actions/*") {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			requireFeature(t, name)
			c := newExampleWorkspace(t, testbed, newPlatform(t), name)
			c.MustRun(t, "apply", "-auto-approve")
			if len(blockAddresses(t, c, "resource")) > 0 {
				c.MustRun(t, "plan", "-detailed-exitcode")
			}
			for _, address := range blockAddresses(t, c, "action") {
				c.MustRun(t, "apply", "-auto-approve", "-invoke="+address)
			}
		})
	}
}

func testQueries(t *testing.T, testbed *cli.Testbed) {
	t.Helper()
	for _, name := range findExamples(t, "list-resources/*") {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			requireFeature(t, name)
			c := newExampleWorkspace(t, testbed, newPlatform(t), name)
			c.MustRun(t, "validate", "-query")
			wrote := c.MustRun(t, "query").Text()
			for _, address := range blockAddresses(t, c, "list") {
				acceptance.MustContain(t, wrote, address)
			}
		})
	}
}

// findExamples returns the folders that match glob patterns, relative to the examples.
func findExamples(t *testing.T, patterns ...string) []string {
	t.Helper()
	var names []string
	for _, pattern := range patterns {
		dirs, err := filepath.Glob(filepath.Join(examples, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, dir := range dirs {
			name, err := filepath.Rel(examples, dir)
			if err != nil {
				t.Fatal(err)
			}
			names = append(names, filepath.ToSlash(name))
		}
	}
	return names
}

// requireFeature skips an example that the CLI doesn't support.
func requireFeature(t *testing.T, name string) {
	t.Helper()
	if feature, some := requiredFeatures[path.Dir(name)]; some {
		feature.Need(t)
	}
}

// newExampleWorkspace returns a workspace with a copy of an example, without its import files.
func newExampleWorkspace(t *testing.T, testbed *cli.Testbed, s *acceptance.Sandbox, name string) *acceptance.Workspace {
	t.Helper()
	folder, err := testbed.Folder(s.Environ()...)
	if err != nil {
		t.Fatal(err)
	}
	c := &acceptance.Workspace{Folder: folder}
	copyExample(t, c, name, ".")
	c.Remove(t, "import*")
	switch name {
	case "quickstart":
	case "provider":
		// A data source uses the provider, and an override points it to the sandbox.
		c.Write(t, "use.tf", "data \"guardai_organizations\" \"all\" {}\n")
		c.Write(t, "override.tf", "provider \"guardai\" {\n  host = \""+s.URL+"\"\n}\n")
	default:
		c.Write(t, "versions.tf", cli.RequiredProviders)
	}
	return c
}

// blockAddresses returns the addresses of all blocks of one type.
func blockAddresses(t *testing.T, c *acceptance.Workspace, kind string) []string {
	t.Helper()
	header := regexp.MustCompile(`(?m)^` + kind + ` "(\w+)" "(\w+)" {`)
	files, err := filepath.Glob(filepath.Join(c.Dir, "*.tf*"))
	if err != nil {
		t.Fatal(err)
	}
	var addresses []string
	for _, file := range files {
		for _, names := range header.FindAllStringSubmatch(c.Read(t, filepath.Base(file)), -1) {
			addresses = append(addresses, strings.Join([]string{kind, names[1], names[2]}, "."))
		}
	}
	return addresses
}

// newPlatform returns a sandbox with the objects that the examples refer to.
func newPlatform(t *testing.T) *acceptance.Sandbox {
	t.Helper()
	s := acceptance.NewSandbox(t)
	research := s.AddOrganization(sandbox.Organization{ID: 42, Name: "Research"})
	s.AddOrganization(sandbox.Organization{Name: "Team Perception"})
	s.AddOrganization(sandbox.Organization{Name: "Fleet Perception"})
	s.AddFile(research.ID, sandbox.File{Ref: "5f3b9c", Name: "road-users.json", Content: []byte(readExample(t, "resources/guardai_organization_file/road-users.json")), ProjectIDs: []int64{11}})
	s.AddUser(sandbox.User{ID: 7, Name: "Mei Tanaka", Email: "mei.tanaka@example.com", Organizations: []int64{research.ID}})
	s.AddUser(sandbox.User{Name: "Kofi Mensah", Email: "kofi.mensah@example.com", Organizations: []int64{research.ID}})
	s.AddMember(research.ID, sandbox.UserID)
	s.AddDefinition(sandbox.Transform, research.ID, sandbox.Definition{
		Fields: map[string]any{"id": 1001, "name": "fog"}, Content: []byte(readExample(t, "resources/guardai_transform/fog.py")),
	})
	s.AddDefinition(sandbox.Metric, research.ID, sandbox.Definition{
		Fields: map[string]any{"uid": "5f0c4d1e-2b7a-4c55-9c55-0d6a1f3c9a10", "name": "miss-rate"}, Content: []byte(readExample(t, "resources/guardai_metric/miss_rate.py")),
	})
	return s
}
