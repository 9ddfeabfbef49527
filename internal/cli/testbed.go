package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strconv"

	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
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

// NewTestbed creates a testbed. If path is empty, the CLI is the one that Find selects. The flags are build flags for
// the provider.
func NewTestbed(ctx context.Context, path string, stderr io.Writer, flags ...string) (testbed *Testbed, err error) {
	if path == "" {
		if path, err = Find(ctx, os.Getenv(EnvVar), stderr); err != nil {
			return nil, err
		}
	}
	root, err := RepositoryRoot()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "guardai-testbed-")
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
func WithTestbed(ctx context.Context, path string, stderr io.Writer, flags []string, do func(*Testbed) error) (err error) {
	testbed, err := NewTestbed(ctx, path, stderr, flags...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, testbed.Remove()) }()
	return do(testbed)
}

// Build builds a package that replaces the provider, and writes a CLI configuration file that uses it.
func (b *Testbed) Build(ctx context.Context, name, pkg string, stderr io.Writer, flags ...string) (program, config string, err error) {
	program = filepath.Join(b.Dir, name, Executable("terraform-provider-guardai"))
	config = filepath.Join(b.Dir, name+".tfrc")
	if err := Build(ctx, b.Root, pkg, program, stderr, flags...); err != nil {
		return "", "", err
	}
	const text = "provider_installation {\n  dev_overrides {\n    \"guardai/guardai\" = %q\n  }\n  direct {}\n}\n"
	return program, config, os.WriteFile(config, fmt.Appendf(nil, text, filepath.Dir(program)), 0o600)
}

// Folder creates a folder in the testbed, with more environment variables.
func (b *Testbed) Folder(settings ...string) (*Folder, error) {
	dir, err := os.MkdirTemp(b.Dir, "folder-")
	if err != nil {
		return nil, err
	}
	// A killed provider leaves its socket in TMPDIR, and every provider keeps lock files in XDG_CACHE_HOME.
	settings = append([]string{"TMPDIR=" + b.Dir, "XDG_CACHE_HOME=" + b.Dir, "TF_CLI_CONFIG_FILE=" + b.Config}, settings...)
	return NewFolder(dir, b.CLI, settings...)
}

// WithSandbox calls do with a new sandbox and closes it afterwards.
func WithSandbox(cfg sandbox.Config, do func(*sandbox.Local) error) (err error) {
	p, err := sandbox.NewLocal(cfg)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.Close()) }()
	return do(p)
}

// ImportIDs returns the import ids of all organizations and files in a sandbox.
func ImportIDs(s *sandbox.Server) map[string]bool {
	ids := map[string]bool{}
	for _, org := range s.Organizations() {
		id := strconv.FormatInt(org.ID, 10)
		ids[id] = true
		for _, file := range s.Files(org.ID) {
			ids[FileImportID(id, file.Type, file.Ref)] = true
		}
	}
	return ids
}

// FileImportID returns the import id of a file.
func FileImportID(organizationID, fileType, ref string) string {
	return organizationID + "/" + url.PathEscape(fileType) + "/" + url.PathEscape(ref)
}
