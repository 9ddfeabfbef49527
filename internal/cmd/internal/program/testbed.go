package program

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/guardai/terraform-provider-guardai/internal/cli"
)

// Testbed is a temporary folder with a built provider, and a CLI that uses it without init.
type Testbed struct {
	// Root is the root of the repository.
	Root string
	Dir  string
	CLI  string
	// Provider is the path of the provider, and Config that of a CLI configuration file that uses it.
	Provider, Config string
}

// NewTestbed creates a testbed. If path is empty, the CLI is the one that cli.Find selects. The flags are build flags
// for the provider.
func NewTestbed(ctx context.Context, name, path string, stderr io.Writer, flags ...string) (testbed *Testbed, err error) {
	if path == "" {
		if path, err = cli.Find(ctx, os.Getenv(cli.EnvVar), stderr); err != nil {
			return nil, err
		}
	}
	root, err := cli.RepositoryRoot()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "guardai-"+name+"-")
	if err != nil {
		return nil, err
	}
	testbed = &Testbed{Root: root, Dir: dir, CLI: path}
	fmt.Fprintln(stderr, "Building the provider.")
	if testbed.Provider, testbed.Config, err = testbed.Build(ctx, "provider", ".", stderr, flags...); err != nil {
		return nil, errors.Join(err, testbed.Remove())
	}
	return testbed, nil
}

// Remove deletes the testbed.
func (b *Testbed) Remove() error { return os.RemoveAll(b.Dir) }

// WithTestbed calls do with a new testbed and deletes it afterwards.
func WithTestbed(ctx context.Context, name, path string, stderr io.Writer, flags []string, do func(*Testbed) error) (err error) {
	testbed, err := NewTestbed(ctx, name, path, stderr, flags...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, testbed.Remove()) }()
	return do(testbed)
}

// Build builds a package that replaces the provider, and writes a CLI configuration file that uses it.
func (b *Testbed) Build(ctx context.Context, name, pkg string, stderr io.Writer, flags ...string) (program, config string, err error) {
	program = filepath.Join(b.Dir, name, cli.Executable("terraform-provider-guardai"))
	config = filepath.Join(b.Dir, name+".tfrc")
	if err := cli.Build(ctx, b.Root, pkg, program, stderr, flags...); err != nil {
		return "", "", err
	}
	return program, config, cli.WriteDevOverrides(config, filepath.Dir(program))
}

// Folder creates a folder in the testbed, with more environment variables.
func (b *Testbed) Folder(settings ...string) (*cli.Folder, error) {
	dir, err := os.MkdirTemp(b.Dir, "folder-")
	if err != nil {
		return nil, err
	}
	// A killed provider leaves its socket in TMPDIR, and every provider keeps lock files in XDG_CACHE_HOME.
	settings = append([]string{"TMPDIR=" + b.Dir, "XDG_CACHE_HOME=" + b.Dir, "TF_CLI_CONFIG_FILE=" + b.Config}, settings...)
	return cli.NewFolder(dir, b.CLI, settings...)
}
