// Command generate writes the provider's documentation from its schemas, the templates and the examples. It needs no
// CLI: the "providers schema" command omits what its version doesn't support, so the pages would depend on the
// installed version.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"

	"github.com/guardai/terraform-provider-guardai/internal/cli"
	"github.com/guardai/terraform-provider-guardai/internal/provider"
)

// name is the provider's name in configurations.
const name = "guardai"

func main() {
	out := flag.String("out", "docs", "`folder` to write the pages to; its content is replaced")
	cli.Main("Writes the documentation from the provider's schemas, the templates and the examples.",
		func(ctx context.Context, _, _ io.Writer) error { return generate(ctx, *out) })
}

// generate renders the pages in a temporary folder and then replaces out, so out is never incomplete and contains no
// outdated page.
func generate(ctx context.Context, out string) error {
	root, err := cli.RepositoryRoot()
	if err != nil {
		return err
	}
	if err := checkOutputFolder(out); err != nil {
		return err
	}
	temp, err := os.MkdirTemp("", "guardai-docs-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(temp) }()
	for _, folder := range []string{"examples", "templates"} {
		if err := os.CopyFS(filepath.Join(temp, folder), os.DirFS(filepath.Join(root, folder))); err != nil {
			return err
		}
	}
	if err := render(ctx, root, temp); err != nil {
		return err
	}
	if err := os.RemoveAll(out); err != nil {
		return err
	}
	return os.CopyFS(out, os.DirFS(filepath.Join(temp, "docs")))
}

// checkOutputFolder allows only a folder that is missing, empty or contains documentation, to protect against a
// mistyped name.
func checkOutputFolder(out string) error {
	entries, err := os.ReadDir(out)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if _, err := os.Stat(filepath.Join(out, "index.md")); err != nil && len(entries) > 0 {
		return fmt.Errorf("%s contains files other than documentation", out)
	}
	return nil
}

// render runs tfplugindocs to write the pages to dir/docs and to validate them.
func render(ctx context.Context, root, dir string) error {
	schema := filepath.Join(dir, "schema.json")
	if err := writeSchema(ctx, schema); err != nil {
		return fmt.Errorf("reading the provider's schemas: %w", err)
	}
	for _, step := range []string{"generate", "validate"} {
		command := cli.Command(ctx, "go", "tool", "-modfile=internal/tools/tfplugindocs/go.mod", "tfplugindocs",
			step, "--provider-name", name, "--provider-dir", dir, "--providers-schema", schema)
		command.Dir, command.Env = root, append(os.Environ(), "GOWORK=off")
		if _, err := cli.RequireSuccess(command); err != nil {
			return err
		}
	}
	return nil
}

// writeSchema writes the provider's schemas in the format of "terraform providers schema -json".
func writeSchema(ctx context.Context, file string) error {
	schemas, err := providerSchemas(ctx, providerserver.NewProtocol6(provider.New("dev")())())
	if err != nil {
		return err
	}
	content, err := json.Marshal(schemas)
	if err != nil {
		return err
	}
	return os.WriteFile(file, content, 0o600)
}
