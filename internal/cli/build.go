package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// RepositoryRoot returns the root of the repository that contains the working directory.
func RepositoryRoot() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "terraform-registry-manifest.json")); err == nil {
			return dir, nil
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", errors.New("run this inside a checkout of terraform-provider-guardai")
		}
		dir = parent
	}
}

// Build builds a package of a Go module for this system, without cgo. The go command's errors are written to stderr.
func Build(ctx context.Context, module, pkg, out string, stderr io.Writer, flags ...string) error {
	dir := filepath.Dir(out)
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return err
	}
	command := Command(ctx, "go", append(append([]string{"build", "-o", out}, flags...), pkg)...)
	command.Dir, command.Stderr = module, stderr
	// An interrupted go command may leave temporary files behind. In the same folder, it also renames the finished
	// program, so concurrent builds never see part of it.
	command.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS=", "GOARCH=", "GOWORK=off", "GOTMPDIR="+dir)
	if _, err := RequireSuccess(command); err != nil {
		return fmt.Errorf("building %s: %w", pkg, err)
	}
	return nil
}

// ReleaseFlags are the build flags of a release.
var ReleaseFlags = []string{"-trimpath", "-ldflags=-s -w"}

// OpenTofu returns the path of the OpenTofu version that internal/tools/opentofu pins. It is built unless the user's
// cache already has it.
func OpenTofu(ctx context.Context, stderr io.Writer) (path string, err error) {
	root, err := RepositoryRoot()
	if err != nil {
		return "", err
	}
	// OpenTofu's replace and godebug directives apply only in the main module.
	module := filepath.Join(root, "internal", "tools", "opentofu")
	list := Command(ctx, "go", "list", "-m", "-f", "{{.Version}}", "github.com/opentofu/opentofu")
	list.Dir, list.Env = module, append(os.Environ(), "GOWORK=off", "GOFLAGS=")
	output, err := RequireSuccess(list)
	if err != nil {
		return "", fmt.Errorf("reading the pinned OpenTofu version: %w", err)
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	version := strings.TrimSpace(output.Stdout)
	target := filepath.Join(cache, "terraform-provider-guardai", "opentofu", version, Executable("tofu"))
	if _, err := os.Stat(target); err == nil {
		return target, nil
	}
	fmt.Fprintf(stderr, "Building OpenTofu %s from its Go module. This takes about four minutes, once: the result is cached.\n", version)
	// Without this flag, OpenTofu reports a development version.
	return target, Build(ctx, module, "tool", target, stderr, "-trimpath", "-ldflags=-s -w -X github.com/opentofu/opentofu/version.dev=no")
}
