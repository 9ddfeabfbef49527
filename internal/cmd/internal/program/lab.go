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

// Lab is a temporary folder with the provider as a program, and the CLI that uses it from there with no init.
type Lab struct {
	// Root is the repository's folder.
	Root string
	Dir  string
	// CLI is the CLI's path.
	CLI string
	// Provider is the path of the provider's program, and Config that of a CLI configuration that uses it.
	Provider, Config string
}

// NewLab makes a lab. An empty path of the CLI leaves the choice to the environment. The flags are for building the
// provider.
func NewLab(ctx context.Context, name, path string, stderr io.Writer, flags ...string) (lab *Lab, err error) {
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
	lab = &Lab{Root: root, Dir: dir, CLI: path}
	fmt.Fprintln(stderr, "Building the provider.")
	if lab.Provider, lab.Config, err = lab.Build(ctx, "provider", ".", stderr, flags...); err != nil {
		return nil, errors.Join(err, lab.Remove())
	}
	return lab, nil
}

// Remove removes the lab.
func (l *Lab) Remove() error { return os.RemoveAll(l.Dir) }

// InLab does something in a new lab and removes it afterwards.
func InLab(ctx context.Context, name, path string, stderr io.Writer, flags []string, do func(*Lab) error) (err error) {
	lab, err := NewLab(ctx, name, path, stderr, flags...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, lab.Remove()) }()
	return do(lab)
}

// Build builds a package of the repository that takes the provider's place, and writes
// a CLI configuration that uses it.
func (l *Lab) Build(ctx context.Context, name, pkg string, stderr io.Writer, flags ...string) (program, config string, err error) {
	program = filepath.Join(l.Dir, name, cli.Executable("terraform-provider-guardai"))
	config = filepath.Join(l.Dir, name+".tfrc")
	if err := cli.Build(ctx, l.Root, pkg, program, stderr, flags...); err != nil {
		return "", "", err
	}
	return program, config, cli.WriteDevOverrides(config, filepath.Dir(program))
}

// Folder makes a folder of its own in the lab, with more variables.
func (l *Lab) Folder(settings ...string) (*cli.Folder, error) {
	dir, err := os.MkdirTemp(l.Dir, "folder-")
	if err != nil {
		return nil, err
	}
	// A provider that is killed leaves its socket in the first, and each provider its lock files in the second.
	settings = append([]string{"TMPDIR=" + l.Dir, "XDG_CACHE_HOME=" + l.Dir, "TF_CLI_CONFIG_FILE=" + l.Config}, settings...)
	return cli.NewFolder(dir, l.CLI, settings...)
}
