package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/guardai/terraform-provider-guardai/internal/acceptance"
	"github.com/guardai/terraform-provider-guardai/internal/cli"
	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

// The CLI finds the installed provider without settings or a registry.
func TestInit(t *testing.T) {
	t.Parallel()
	root, err := cli.RepositoryRoot()
	if err != nil {
		t.Fatal(err)
	}
	home := t.TempDir()
	environ := append(cli.Environ(), "HOME="+home, "XDG_CONFIG_HOME=", "XDG_DATA_HOME=", "MAKEFLAGS=",
		"GOPATH="+goEnv(t, "GOPATH"), "GOMODCACHE="+goEnv(t, "GOMODCACHE"), "GOCACHE="+goEnv(t, "GOCACHE"))
	checkout := &cli.Folder{Dir: root, Env: environ}
	run(t, checkout, "make", "install")

	s := acceptance.NewSandbox(t, func(cfg *sandbox.Config) { cfg.Seed = true })
	w := (&cli.Folder{Dir: t.TempDir(), Env: environ}).WithEnv(s.Environ()...)
	if err := os.CopyFS(w.Dir, os.DirFS(filepath.Join(root, "examples", "quickstart"))); err != nil {
		t.Fatal(err)
	}
	terraform := acceptance.CLIPath(t)
	run(t, w, terraform, "init")
	run(t, w, terraform, "plan")

	run(t, checkout, "make", "uninstall")
	if left, err := fs.Glob(os.DirFS(home), ".terraform.d/*"); err != nil || len(left) > 0 {
		t.Errorf("uninstall left %v (%v)", left, err)
	}
}

func TestUninstallLeavesOtherProviders(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	plugins := filepath.Join(home, ".terraform.d", "plugins")
	other := filepath.Join(plugins, "example.com", "other")
	folder := filepath.Join(plugins, "example.com", "guardai", "guardai")
	for _, dir := range []string{other, filepath.Join(folder, "0.1.0")} {
		if err := os.MkdirAll(dir, 0o750); err != nil {
			t.Fatal(err)
		}
	}
	var removed strings.Builder
	if err := uninstall(plugins, folder, &removed); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(other); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(filepath.Dir(folder)); !os.IsNotExist(err) {
		t.Errorf("an empty folder is left: %v", err)
	}
	if err := uninstall(plugins, folder, &removed); err != nil || strings.TrimSpace(removed.String()) != "Removed "+folder {
		t.Errorf("removed %q, then %v", &removed, err)
	}
}

func run(t *testing.T, folder *cli.Folder, name string, args ...string) {
	t.Helper()
	output, err := cli.RequireSuccess(folder.Program(t.Context(), name, args...))
	if err != nil {
		t.Fatal(err)
	}
	t.Log(output.Text())
}

func goEnv(t *testing.T, name string) string {
	t.Helper()
	output, err := cli.RequireSuccess(cli.Command(t.Context(), "go", "env", name))
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(output.Stdout)
}
