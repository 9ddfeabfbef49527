// Command picture records a run of the provider, with a real CLI against a local sandbox, as a picture of a terminal
// for the README. charmbracelet's freeze draws it.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/guardai/terraform-provider-guardai/internal/cli"
	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

func main() {
	cli.Main("Records a run of the provider against a local sandbox as assets/run.svg.", func(ctx context.Context, _, stderr io.Writer) error {
		return cli.WithTestbed(ctx, "", stderr, nil, func(testbed *cli.Testbed) error {
			return cli.WithSandbox(sandbox.Config{Seed: true}, func(p *sandbox.Local) error {
				folder, err := testbed.Folder(append(p.Environ(), "TF_CLI_ARGS=")...)
				if err != nil {
					return err
				}
				r := &recording{Folder: folder, platform: p}
				return errors.Join(r.play(ctx), r.draw(ctx, testbed.Root))
			})
		})
	})
}

// Configuration of a new organization, and of one from the sandbox's examples.
const (
	created  = "\nresource \"guardai_organization\" \"research\" {\n  name           = \"Research\"\n  max_item_count = 100000\n}\n"
	imported = "\nresource \"guardai_organization\" \"maps\" {\n  name = \"Map Making\"\n\n  max_item_count = 50000\n}\n"
)

// recording is the terminal output of commands in one folder.
type recording struct {
	*cli.Folder
	platform *sandbox.Local
	text     strings.Builder
}

// play plans, applies, detects and repairs drift, and imports.
func (r *recording) play(ctx context.Context) error {
	err := errors.Join(
		r.Write("main.tf", cli.RequiredProviders+created),
		r.command(ctx, "Plan: 1 to add", "plan", "-out=tfplan"),
		r.command(ctx, "1 added", "apply", "tfplan"),
	)
	r.comment("Someone lowers the quota outside Terraform:")
	for _, org := range r.platform.Organizations() {
		if org.Name == "Research" {
			r.platform.UpdateOrganization(org.ID, func(o *sandbox.Organization) { o.Settings["maxItemCount"] = 500 })
		}
	}
	err = errors.Join(err, r.command(ctx, "1 changed", "apply", "-auto-approve"))
	r.comment("An organization that exists already, by its name:")
	return errors.Join(err,
		r.Write("maps.tf", imported),
		r.command(ctx, "Import successful", "import", "guardai_organization.maps", "Map Making"),
		r.command(ctx, "No changes.", "plan"))
}

// comment adds a shell comment.
func (r *recording) comment(text string) { fmt.Fprintf(&r.text, "\x1b[36m# %s\x1b[0m\n", text) }

// command runs a command, which must succeed and write the given text, and adds its condensed output.
func (r *recording) command(ctx context.Context, want string, args ...string) error {
	output, err := cli.RequireSuccess(r.Command(ctx, args...))
	if err == nil && !strings.Contains(escape.ReplaceAllString(output.Stdout, ""), want) {
		err = fmt.Errorf("%q was expected in what %s wrote:\n%s", want, args[0], output.Text())
	}
	line := strings.ReplaceAll(strings.Join(args, " "), "Map Making", `"Map Making"`)
	fmt.Fprintf(&r.text, "\x1b[36m$\x1b[0m \x1b[1m%s %s\x1b[0m\n%s\n\n", filepath.Base(r.CLI), line, condense(output.Stdout))
	return err
}

var (
	escape = regexp.MustCompile("\x1b\\[[0-9;]*m")
	// essential matches the lines of a command's output that the picture shows: changes and results.
	essential = regexp.MustCompile(`^(# guardai|[-+~] (resource|name|max_item_count)|}$|Plan: |Apply complete|Import successful|No changes|.*(creation|modifications) complete)`)
)

func condense(output string) string {
	var lines []string
	for line := range strings.Lines(output) {
		if essential.MatchString(strings.TrimSpace(escape.ReplaceAllString(line, ""))) {
			lines = append(lines, strings.TrimRight(line, "\n"))
		}
	}
	return strings.Join(lines, "\n")
}

// draw writes the picture. A font that browsers have keeps it small.
func (r *recording) draw(ctx context.Context, root string) error {
	if err := r.Write("run.ansi", strings.TrimSpace(r.text.String())+"\n"); err != nil {
		return err
	}
	command := cli.Command(ctx, "go", "tool", "-modfile=internal/tools/freeze/go.mod", "freeze", r.Path("run.ansi"), "--language=ansi",
		"--window", "--border.radius=8", "--font.family=monospace", "--output="+filepath.Join("assets", "run.svg"))
	command.Dir, command.Env = root, append(os.Environ(), "GOWORK=off")
	_, err := cli.RequireSuccess(command)
	return err
}
