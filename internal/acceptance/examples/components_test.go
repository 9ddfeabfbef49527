package examples_test

import (
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/guardai/terraform-provider-guardai/internal/acceptance"
	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

// required says where the provider comes from, in a folder whose example leaves that
// to the reader.
const required = `terraform {
  required_providers {
    guardai = {
      source = "guardai/guardai"
    }
  }
}
`

// needs is what a CLI needs for the examples of a folder; those that aren't named
// here, all run.
var needs = map[string]acceptance.Feature{
	"ephemeral-resources": acceptance.EphemeralResources,
	"list-resources":      acceptance.QueriesAndActions,
	"actions":             acceptance.QueriesAndActions,
}

// What a page shows can be pasted and applied, and changes nothing the second time.
func testComponents(t *testing.T, install *acceptance.Installation) {
	t.Helper()
	for _, name := range find(t, "provider", "quickstart", "resources/*", "data-sources/*", "ephemeral-resources/*", "actions/*") {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			need(t, name)
			c := paste(t, install, platform(t), name)
			c.terraform(t, "init")
			c.terraform(t, "validate")
			c.terraform(t, "apply", "-auto-approve")
			c.terraform(t, "plan", "-detailed-exitcode")
			for _, address := range c.blocks(t, "action") {
				c.terraform(t, "apply", "-auto-approve", "-invoke="+address)
			}
			c.terraform(t, "destroy", "-auto-approve")
		})
	}
}

func testQueries(t *testing.T, install *acceptance.Installation) {
	t.Helper()
	for _, name := range find(t, "list-resources/*") {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			need(t, name)
			c := paste(t, install, platform(t), name)
			c.terraform(t, "init")
			c.terraform(t, "validate", "-query")
			wrote := c.terraform(t, "query")
			for _, address := range c.blocks(t, "list") {
				mustContain(t, wrote, address)
			}
		})
	}
}

// find returns the folders that match patterns, named as below that of the examples.
func find(t *testing.T, patterns ...string) []string {
	t.Helper()
	var names []string
	for _, pattern := range patterns {
		found, err := filepath.Glob(filepath.Join(examples, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, dir := range found {
			name, err := filepath.Rel(examples, dir)
			if err != nil {
				t.Fatal(err)
			}
			names = append(names, filepath.ToSlash(name))
		}
	}
	return names
}

// need skips an example whose CLI lacks what it shows.
func need(t *testing.T, name string) {
	t.Helper()
	if feature, some := needs[path.Dir(name)]; some {
		feature.Need(t)
	}
}

// paste opens a terminal with a copy of an example, but for the files that show how
// to import.
func paste(t *testing.T, install *acceptance.Installation, s *acceptance.Sandbox, name string) *terminal {
	t.Helper()
	c := newTerminal(t, install, s)
	c.copyExample(t, name, ".")
	c.remove(t, "import*")
	switch name {
	case "quickstart":
	case "provider":
		// Something uses the provider, and not where the example says that it is.
		c.write(t, "use.tf", "data \"guardai_organizations\" \"all\" {}\n")
		c.write(t, "override.tf", "provider \"guardai\" {\n  host = \""+s.URL+"\"\n}\n")
	default:
		c.write(t, "versions.tf", required)
	}
	return c
}

// blocks are the addresses of the blocks of a kind.
func (c *terminal) blocks(t *testing.T, kind string) []string {
	t.Helper()
	header := regexp.MustCompile(`(?m)^` + kind + ` "(\w+)" "(\w+)" {`)
	files, err := filepath.Glob(filepath.Join(c.dir, "*.tf*"))
	if err != nil {
		t.Fatal(err)
	}
	var addresses []string
	for _, file := range files {
		for _, names := range header.FindAllStringSubmatch(c.read(t, filepath.Base(file)), -1) {
			addresses = append(addresses, strings.Join([]string{kind, names[1], names[2]}, "."))
		}
	}
	return addresses
}

// platform is a sandbox with what the examples refer to.
func platform(t *testing.T) *acceptance.Sandbox {
	t.Helper()
	s := acceptance.NewSandbox(t)
	research := s.AddOrganization(sandbox.Organization{ID: 42, Name: "Research"})
	s.AddOrganization(sandbox.Organization{Name: "Team Perception"})
	s.AddOrganization(sandbox.Organization{Name: "Fleet Perception"})
	s.AddFile(research.ID, sandbox.File{Ref: "5f3b9c", Name: "road-users.json", Content: []byte(roadUsers(t)), ProjectIDs: []int64{11}})
	s.SetMembers(research.ID, []map[string]any{{"id": 1, "email": "mei.tanaka@example.com", "licenseAccepted": false}})
	return s
}
