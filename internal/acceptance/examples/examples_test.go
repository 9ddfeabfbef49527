// Package examples_test runs the examples as a user would: with a real CLI that installs the provider, against a
// sandbox.
package examples_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/guardai/terraform-provider-guardai/internal/acceptance"
	"github.com/guardai/terraform-provider-guardai/internal/cli"
)

var examples = filepath.Join("..", "..", "..", "examples")

// All cases are subtests of one test, so the provider is built only once.
func TestExamples(t *testing.T) {
	t.Parallel()
	testbed := acceptance.NewTestbed(t)
	for name, test := range map[string]func(*testing.T, *cli.Testbed){
		"components": testComponents,
		"queries":    testQueries,
		"imports":    testImports,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, testbed)
		})
	}
}

// The CLI must install what uses modules.
func TestModule(t *testing.T) {
	t.Parallel()
	install := acceptance.Install(t)
	for name, test := range map[string]func(*testing.T, *acceptance.Installation){
		"tests":            testModuleTests,
		"settings":         testModuleSettings,
		"import":           testModuleImport,
		"sensitive":        testModuleSensitiveContent,
		"mistakes in YAML": testYAMLMistakes,
		"changes of YAML":  testYAMLChanges,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, install)
		})
	}
}

// newWorkspace returns a workspace with an administrator's credentials for a sandbox.
func newWorkspace(t *testing.T, install *acceptance.Installation, s *acceptance.Sandbox) *acceptance.Workspace {
	t.Helper()
	return install.Workspace(t, s.Environ()...)
}

// copyExample copies an example into a subfolder of the workspace.
func copyExample(t *testing.T, w *acceptance.Workspace, name, to string) {
	t.Helper()
	if err := os.CopyFS(w.Path(to), os.DirFS(filepath.Join(examples, name))); err != nil {
		t.Fatal(err)
	}
}
