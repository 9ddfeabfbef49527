// Package cli finds the Terraform or OpenTofu CLI that tests and the demo run.
package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	goversion "github.com/hashicorp/go-version"

	"github.com/guardai/terraform-provider-guardai/internal/cmd/internal/run"
	"github.com/guardai/terraform-provider-guardai/internal/cmd/internal/tool"
)

// Variable is the environment variable that chooses a CLI by name or path.
const Variable = "CLI"

// product is a CLI that works with the provider, from a first version on.
type product struct {
	name, command, oldest string
}

// products are in the order in which they are looked for.
var products = []product{
	{name: "Terraform", command: "terraform", oldest: "1.5.0"},
	{name: "OpenTofu", command: "tofu", oldest: "1.8.0"},
}

// buildOpenTofu builds the pinned OpenTofu. Tests replace it: it takes minutes.
var buildOpenTofu = func(ctx context.Context, stderr io.Writer) (string, error) {
	return tool.Path(ctx, tool.OpenTofu, stderr)
}

// Resolve returns the absolute path of the CLI to use: the one that the
// environment variable CLI names, else the first usable one on the PATH, else an
// OpenTofu that is built from its Go module. What the user should know of the
// choice goes to stderr.
func Resolve(ctx context.Context, stderr io.Writer) (path string, err error) {
	return Choose(ctx, os.Getenv(Variable), stderr)
}

// Choose is Resolve with a CLI that the caller may already have chosen, by name or
// path.
func Choose(ctx context.Context, chosen string, stderr io.Writer) (path string, err error) {
	if chosen != "" {
		return named(ctx, chosen)
	}
	for _, p := range products {
		found, err := exec.LookPath(p.command)
		if err != nil {
			continue
		}
		if err := check(ctx, found, p); err != nil {
			fmt.Fprintf(stderr, "Not using %s: %v.\n", found, err)
			continue
		}
		return filepath.Abs(found)
	}
	fmt.Fprintf(stderr, "There is no usable terraform or tofu on the PATH, so the OpenTofu that this repository pins is used. (%s=PATH chooses another.)\n", Variable)
	return buildOpenTofu(ctx, stderr)
}

func named(ctx context.Context, chosen string) (string, error) {
	found, err := exec.LookPath(chosen)
	if err != nil {
		return "", fmt.Errorf("the chosen CLI can't be used: %w", err)
	}
	if err := check(ctx, found, productOf(found)); err != nil {
		return "", fmt.Errorf("the chosen CLI %s can't be used: %w", found, err)
	}
	return filepath.Abs(found)
}

// productOf goes by the name of the file, since the version's JSON doesn't tell.
func productOf(file string) product {
	for _, p := range products {
		if strings.Contains(filepath.Base(file), p.command) {
			return p
		}
	}
	return products[0]
}

// check returns an error where a CLI doesn't run or is too old.
func check(ctx context.Context, file string, p product) error {
	found, err := versionOf(ctx, file)
	if err != nil {
		return fmt.Errorf("asking it for its version failed: %w", err)
	}
	if found.Core().LessThan(goversion.Must(goversion.NewVersion(p.oldest))) {
		return fmt.Errorf("it is %s %s, and the provider needs %s or newer", p.name, found, p.oldest)
	}
	return nil
}

func versionOf(ctx context.Context, file string) (*goversion.Version, error) {
	command := run.Command(ctx, file, "version", "-json")
	command.Env = append(CleanEnviron(), "TF_CLI_CONFIG_FILE="+os.DevNull)
	output, err := command.Output()
	if err != nil {
		return nil, err
	}
	var answer struct {
		Version string `json:"terraform_version"`
	}
	if err := json.Unmarshal(output, &answer); err != nil {
		return nil, fmt.Errorf("its answer is not JSON: %w", err)
	}
	return goversion.NewVersion(answer.Version)
}

// CleanEnviron returns the environment without what changes how a CLI or the
// provider behaves, so that a run depends on nothing that the user happens to have
// set. A CLI's check for updates is off.
func CleanEnviron() []string {
	environ := []string{"CHECKPOINT_DISABLE=1"}
	for _, entry := range os.Environ() {
		if !strings.HasPrefix(entry, "TF_") && !strings.HasPrefix(entry, "GUARDAI_") && !strings.HasPrefix(entry, "CHECKPOINT_DISABLE=") {
			environ = append(environ, entry)
		}
	}
	return environ
}
