// Package tool builds the programs that the modules below internal/tools pin, and
// keeps them in the user's cache. Everything comes from Go modules, so a machine
// needs nothing but Go to have them.
package tool

import (
	"context"
	"debug/buildinfo"
	"errors"
	"fmt"
	"go/version"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"

	"github.com/guardai/terraform-provider-guardai/internal/cmd/internal/run"
)

// OpenTofu is the name of the module that pins the OpenTofu CLI.
const OpenTofu = "opentofu"

// ldflags are the linker flags of the tools that need some beside those that leave
// debugging information out. Without its own, OpenTofu calls itself a development
// version.
var ldflags = map[string]string{
	OpenTofu: "-X github.com/opentofu/opentofu/version.dev=no",
}

// majorVersion is the last element of the path of a module beyond version 1.
var majorVersion = regexp.MustCompile(`^v\d+$`)

// durations say how long building a slow tool takes on a small machine.
var durations = map[string]string{
	OpenTofu:        "about four minutes",
	"golangci-lint": "about two minutes",
	"goreleaser":    "about five minutes",
}

// Path returns the path of a tool, named like its folder in internal/tools. It
// builds the tool where the cache doesn't hold it yet, and says so on stderr.
func Path(ctx context.Context, name string, stderr io.Writer) (string, error) {
	module, err := moduleDir(name)
	if err != nil {
		return "", err
	}
	pkg, toolVersion, err := pinned(ctx, module)
	if err != nil {
		return "", fmt.Errorf("reading which %s is pinned: %w", name, err)
	}
	cache, err := cacheDir()
	if err != nil {
		return "", err
	}
	target := filepath.Join(cache, name, toolVersion, run.Executable(program(pkg)))
	if usable(target) {
		return target, nil
	}
	announce(stderr, name, toolVersion)
	if err := build(ctx, module, target, ldflags[name], stderr); err != nil {
		return "", fmt.Errorf("building %s %s: %w", name, toolVersion, err)
	}
	return target, nil
}

func moduleDir(name string) (string, error) {
	root, err := Root()
	if err != nil {
		return "", err
	}
	dir := filepath.Join(root, "internal", "tools", name)
	if _, err := os.Stat(filepath.Join(dir, "go.mod")); err != nil {
		return "", fmt.Errorf("no module pins a tool named %q: %w", name, err)
	}
	return dir, nil
}

// Root returns the top folder of the repository that holds the working folder.
func Root() (string, error) {
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

// pinned returns the package of the one tool that a module names, and its version.
func pinned(ctx context.Context, module string) (pkg, toolVersion string, err error) {
	list := goCommand(ctx, module, "list", "-find", "-f", "{{.ImportPath}} {{.Module.Version}}", "tool")
	output, err := list.Output()
	if exit, failed := errors.AsType[*exec.ExitError](err); failed {
		return "", "", fmt.Errorf("%w: %s", err, strings.TrimSpace(string(exit.Stderr)))
	}
	if err != nil {
		return "", "", err
	}
	fields := strings.Fields(string(output))
	if len(fields) != 2 {
		return "", "", fmt.Errorf("%s must name exactly one tool, and names: %q", filepath.Join(module, "go.mod"), output)
	}
	return fields[0], fields[1], nil
}

// program returns the name of a package's program, as go build would name it: a
// major version that ends the path is no name.
func program(pkg string) string {
	if dir, base := path.Split(pkg); majorVersion.MatchString(base) {
		return path.Base(dir)
	}
	return path.Base(pkg)
}

func cacheDir() (string, error) {
	base := os.Getenv("XDG_CACHE_HOME")
	if base == "" {
		home, err := os.UserHomeDir()
		if err != nil {
			return "", fmt.Errorf("finding a folder to keep tools in: %w", err)
		}
		base = filepath.Join(home, ".cache")
	}
	return filepath.Join(base, "terraform-provider-guardai"), nil
}

// usable reports whether a cached tool can be taken. Linters and other tools that
// read Go code fail on code for a newer Go than they were built with, so what an
// older Go built isn't taken.
func usable(file string) bool {
	info, err := buildinfo.ReadFile(file)
	return err == nil && version.Compare(version.Lang(info.GoVersion), version.Lang(runtime.Version())) >= 0
}

func announce(stderr io.Writer, name, toolVersion string) {
	duration, slow := durations[name]
	if !slow {
		duration = "a moment"
	}
	fmt.Fprintf(stderr, "Building %s %s from its Go module. This takes %s the first time; the result is kept.\n", name, toolVersion, duration)
}

// build builds a module's tool beside target and then moves it there, so that no
// one ever sees half a program, even where two builds run at once.
func build(ctx context.Context, module, target, flags string, stderr io.Writer) (err error) {
	dir := filepath.Dir(target)
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return err
	}
	temp, err := os.MkdirTemp(dir, ".build-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(temp)) }()
	built := filepath.Join(temp, filepath.Base(target))
	command := goCommand(ctx, module, "build", "-trimpath", "-ldflags", strings.TrimSpace("-s -w "+flags), "-o", built, "tool")
	command.Stdout, command.Stderr = stderr, stderr
	// A go command that is interrupted may leave its intermediate files.
	command.Env = append(command.Env, "GOTMPDIR="+temp)
	err = command.Run()
	run.Sweep(command)
	if err != nil {
		return err
	}
	return os.Rename(built, target)
}

// goCommand returns a go command in a module of its own, whatever workspace or
// flags the user works with.
func goCommand(ctx context.Context, module string, args ...string) *exec.Cmd {
	command := run.Command(ctx, "go", args...)
	command.Dir = module
	command.Env = append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=-mod=readonly", "GOWORK=off", "GOOS=", "GOARCH=")
	return command
}
