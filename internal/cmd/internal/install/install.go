// Package install builds the repository's programs into temporary folders, and has a
// CLI take the provider from there.
package install

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/guardai/terraform-provider-guardai/internal/cmd/internal/run"
)

// Provider is where a folder holds the provider's program, in a folder of its own as
// an override wants it.
func Provider(dir string) string {
	return filepath.Join(dir, "provider", run.Executable("terraform-provider-guardai"))
}

// Build builds a package of the repository at root into a file. What go writes goes to
// stderr.
func Build(ctx context.Context, root, pkg, out string, stderr io.Writer) error {
	return build(ctx, root, pkg, out, stderr, nil)
}

// BuildStripped is Build in the way in which the target build does it, which takes
// longer: without cgo, symbols and paths.
func BuildStripped(ctx context.Context, root, pkg, out string, stderr io.Writer) error {
	return build(ctx, root, pkg, out, stderr, []string{"CGO_ENABLED=0"}, "-trimpath", "-ldflags", "-s -w")
}

// build builds with flags for go build, and with settings added to the environment. A
// go command that is interrupted may leave its intermediate files, so they are in the
// file's folder too.
func build(ctx context.Context, root, pkg, out string, stderr io.Writer, settings []string, flags ...string) error {
	dir := filepath.Dir(out)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	arguments := append([]string{"build", "-o", out}, flags...)
	command := run.Command(ctx, "go", append(arguments, pkg)...)
	command.Dir, command.Stdout, command.Stderr = root, stderr, stderr
	command.Env = append(append(os.Environ(), "GOTMPDIR="+dir), settings...)
	err := command.Run()
	run.Sweep(command)
	if err != nil {
		return fmt.Errorf("building %s: %w", pkg, err)
	}
	return nil
}

// WriteOverride writes a configuration that makes a CLI take the provider from a
// folder, with no init. Where there is an init all the same, it installs from mirror,
// a folder too; empty means from where the CLI always does.
func WriteOverride(file, dir, mirror string) error {
	method := "direct {}"
	if mirror != "" {
		method = fmt.Sprintf("filesystem_mirror {\n    path = %q\n  }", mirror)
	}
	const text = "provider_installation {\n  dev_overrides {\n    \"guardai/guardai\" = %q\n  }\n  %s\n}\n"
	return os.WriteFile(file, fmt.Appendf(nil, text, dir, method), 0o600)
}
