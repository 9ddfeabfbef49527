package examples_test

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/guardai/terraform-provider-guardai/internal/acceptance"
	"github.com/guardai/terraform-provider-guardai/internal/guardai"
	"github.com/guardai/terraform-provider-guardai/internal/organization"
	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

const module = "modules/organization"

// The module's own tests pass and don't change existing organizations.
func testModuleTests(t *testing.T, install *acceptance.Installation) {
	t.Helper()
	acceptance.ModuleTests.Need(t)
	s := acceptance.NewSeededSandbox(t)
	before := s.Organizations()
	c := newWorkspace(t, install, s)
	copyExample(t, c, module, ".")
	c.MustRun(t, "init")
	acceptance.MustContain(t, c.MustRun(t, "test").Text(), fmt.Sprintf("Success! %d passed, 0 failed.", countRuns(t)))
	if after := s.Organizations(); !reflect.DeepEqual(before, after) {
		t.Errorf("the tests changed the organizations from\n%v\nto\n%v", before, after)
	}
}

// countRuns returns the number of run blocks in the module's tests.
func countRuns(t *testing.T) int {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(examples, module, "tests", "*.tftest.hcl"))
	if err != nil || len(files) == 0 {
		t.Fatalf("the module has no tests: %v", err)
	}
	runs := 0
	for _, file := range files {
		content, err := os.ReadFile(file) //nolint:gosec // It is one of the examples.
		if err != nil {
			t.Fatal(err)
		}
		runs += strings.Count("\n"+string(content), "\nrun ")
	}
	return runs
}

func testModuleWithYAML(t *testing.T, install *acceptance.Installation) {
	t.Helper()
	s := acceptance.NewSeededSandbox(t)
	root := newWorkspace(t, install, s)
	copyExample(t, root, module, ".")
	c := &acceptance.Workspace{Folder: root.Subfolder("examples/complete")}
	c.MustRun(t, "init")
	c.MustRun(t, "apply", "-auto-approve")
	checkPerception(t, s, 50000)
	c.MustRun(t, "plan", "-detailed-exitcode")

	// A misspelled quota is an error.
	c.Replace(t, "organizations.yaml", "max_time_per_task:", "max_time_pertask:")
	acceptance.MustContain(t, c.RunTo(t, 1, "apply", "-auto-approve").Text(), "Organization perception has unsupported attributes: max_time_pertask.")
	c.Replace(t, "organizations.yaml", "max_time_pertask:", "max_time_per_task:")

	// Empty YAML values count as absent, but a file requires content.
	trial := "\ntrial: {}\n"
	for _, empty := range []string{"\ntrial:\n", "\ntrial:\n  max_item_count:\n  files:\n"} {
		c.Replace(t, "organizations.yaml", trial, empty)
		c.MustRun(t, "plan", "-detailed-exitcode")
		trial = empty
	}
	c.Replace(t, "organizations.yaml", trial, trial+"    a.csv:\n")
	acceptance.MustContain(t, c.RunTo(t, 1, "plan").Text(), "The files of an organization must be a map of objects")

	c.Replace(t, "organizations.yaml", "max_item_count: 50000", "max_item_count: 60000")
	c.Replace(t, "organizations.yaml", trial+"    a.csv:\n", "")
	acceptance.MustContain(t, c.MustRun(t, "apply", "-auto-approve").Text(), "Resources: 0 added, 1 changed, 1 destroyed.")
	checkPerception(t, s, 60000)
}

// checkPerception checks the organization that the examples share.
func checkPerception(t *testing.T, s *acceptance.Sandbox, items int) {
	t.Helper()
	org := s.MustOrganizationNamed(t, "Perception")
	if got := fmt.Sprint(org.Settings["maxItemCount"]); got != fmt.Sprint(items) {
		t.Errorf("the quota is %s, want %d", got, items)
	}
	if got := fmt.Sprint(org.Settings["disabledFeatures"]); got != "[ADV_CRAFTING]" {
		t.Errorf("disabled are %s", got)
	}
	for _, file := range s.Files(org.ID) {
		if file.Name == "road-users.csv" && strings.HasPrefix(string(file.Content), "source,target\nCar,vehicle\n") {
			return
		}
	}
	t.Errorf("the mapping file isn't there: %v", s.Files(org.ID))
}

// The module supports all settings of the provider. A value that it ignored would not be an error.
func testModuleSettings(t *testing.T, install *acceptance.Installation) {
	t.Helper()
	s := acceptance.NewSandbox(t, acceptance.Usual)
	c := newWorkspace(t, install, s)
	copyExample(t, c, module, "modules/organization")
	c.Write(t, "main.tf", `module "defaults" {
  source           = "./modules/organization"
  organizations    = { defaults = {} }
  default_settings = local.settings
}

module "own" {
  source        = "./modules/organization"
  organizations = { own = local.settings }
}

locals {
  settings = {
`+otherSettings(t, s)+`  }
}
`)
	c.MustRun(t, "init")
	c.MustRun(t, "apply", "-auto-approve")
	before := s.MustOrganizationNamed(t, "x").Settings
	for _, name := range []string{"defaults", "own"} {
		for setting, value := range s.MustOrganizationNamed(t, name).Settings {
			if reflect.DeepEqual(value, before[setting]) {
				t.Errorf("the module didn't set %s of organization %s", setting, name)
			}
		}
	}
}

// otherSettings creates an organization x, and returns arguments that differ from its settings.
func otherSettings(t *testing.T, s *acceptance.Sandbox) string {
	t.Helper()
	client, err := guardai.New(guardai.Config{Host: s.URL, APIKeyID: sandbox.AdminKeyID, APIKey: sandbox.AdminKey})
	if err != nil {
		t.Fatal(err)
	}
	org, err := client.CreateOrganization(t.Context(), "x", nil)
	if err != nil {
		t.Fatal(err)
	}
	settings, err := organization.SettingValues(org.Settings)
	if err != nil || len(settings) == 0 {
		t.Fatalf("the settings are %v: %v", settings, err)
	}
	var arguments strings.Builder
	for _, setting := range settings {
		value := `["EVALUATION"]`
		if number, ok := setting.Value.(int64); ok {
			value = fmt.Sprint(number + 1)
		}
		fmt.Fprintf(&arguments, "    %s = %s\n", setting.Attribute, value)
	}
	return arguments.String()
}

// The import block in the module's README works.
func testModuleImport(t *testing.T, install *acceptance.Installation) {
	t.Helper()
	s := acceptance.NewSeededSandbox(t)
	const id = 42
	s.AddOrganization(sandbox.Organization{ID: id, Name: "Perception"})
	c := newWorkspace(t, install, s)
	copyExample(t, c, module, "modules/organization")
	block := `import {
  to = module.organizations.guardai_organization.this["perception"]
  id = "42"
}
`
	if !strings.Contains(c.Read(t, "modules/organization/README.md"), block) {
		t.Fatal("the README doesn't contain this block")
	}
	c.Write(t, "main.tf", `terraform {
  required_providers {
    guardai = {
      source = "guardai/guardai"
    }
  }
}

module "organizations" {
  source        = "./modules/organization"
  organizations = { perception = { name = "Perception" } }
}
`+block)
	c.MustRun(t, "init")
	acceptance.MustContain(t, c.MustRun(t, "apply", "-auto-approve").Text(), "Resources: 1 imported, 0 added, 0 changed, 0 destroyed.")
}
