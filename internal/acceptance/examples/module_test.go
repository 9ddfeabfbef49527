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
	const tests, address = "tests/sandbox.tftest.hcl", "http://localhost:8082"
	acceptance.MustContain(t, c.Read(t, tests), address) // So that GUARDAI_HOST has no effect.
	c.Write(t, tests, strings.ReplaceAll(c.Read(t, tests), address, s.URL))
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

// The module supports all settings of the provider. A value that it ignored would not be an error.
func testModuleSettings(t *testing.T, install *acceptance.Installation) {
	t.Helper()
	s := acceptance.NewSandbox(t, acceptance.Usual)
	c := newWorkspace(t, install, s)
	copyExample(t, c, module, "modules/organization")
	c.Write(t, "main.tf", "module \"organization\" {\n  source = \"./modules/organization\"\n  name = \"own\"\n"+otherSettings(t, s)+"}\n")
	c.MustRun(t, "init")
	c.MustRun(t, "apply", "-auto-approve")
	before := s.MustOrganizationNamed(t, "x").Settings
	for setting, value := range s.MustOrganizationNamed(t, "own").Settings {
		if reflect.DeepEqual(value, before[setting]) {
			t.Errorf("the module didn't set %s", setting)
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
  to = module.perception.guardai_organization.this
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

module "perception" {
  source = "./modules/organization"
  name   = "Perception"
}
`+block)
	c.MustRun(t, "init")
	acceptance.MustContain(t, c.MustRun(t, "apply", "-auto-approve").Text(), "Resources: 1 imported, 0 added, 0 changed, 0 destroyed.")
}

// The content of a file may be sensitive. A mistake in such a file is named, although the CLI hides sensitive values.
func testModuleSensitiveContent(t *testing.T, install *acceptance.Installation) {
	t.Helper()
	c := newWorkspace(t, install, acceptance.NewSandbox(t))
	copyExample(t, c, module, "modules/organization")
	write := func(files string) {
		c.Write(t, "main.tf", "module \"organization\" {\n  source = \"./modules/organization\"\n  name = \"A\"\n  files = "+files+"\n}\n")
	}
	write(`{ a = { content = sensitive("x") }, b = { content = "x" } }`)
	c.MustRun(t, "init")
	acceptance.MustContain(t, c.MustRun(t, "plan").Text(), "Plan: 3 to add")
	write(`{ a = { content = "x" }, b = { content = sensitive("x"), source = "main.tf" } }`)
	acceptance.MustContain(t, c.RunTo(t, 1, "plan").Text(), "Check the spelling of b.")
	write(`sensitive({ a = { content = "x" } })`)
	acceptance.MustContain(t, c.RunTo(t, 1, "plan").Text(), "Sensitive values, or values derived from sensitive values, cannot be used as for_each arguments.")
}
