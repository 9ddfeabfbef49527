package main

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/guardai/terraform-provider-guardai/internal/cli"
	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

// Configuration of a new organization, and of one from the sandbox's examples.
const (
	created = `
resource "guardai_organization" "research" {
  name           = "Research"
  max_item_count = 100000
}
`
	imported = `
resource "guardai_organization" "maps" {
  name = "Map Making"

  max_item_count = 50000
}
`
)

// recording is the terminal output of commands in one folder.
type recording struct {
	*cli.Folder
	platform *sandbox.Local
	lines    []string
}

// play plans, applies, detects and repairs drift, and imports.
func (r *recording) play(ctx context.Context) error {
	if err := r.Write("main.tf", cli.RequiredProviders+created); err != nil {
		return err
	}
	if err := r.command(ctx, "Plan: 1 to add, 0 to change", "plan", "-out=tfplan"); err != nil {
		return err
	}
	if err := r.command(ctx, "1 added", "apply", "tfplan"); err != nil {
		return err
	}
	r.comment("Someone lowers the quota outside Terraform:")
	for _, org := range r.platform.Organizations() {
		if org.Name == "Research" {
			r.platform.UpdateOrganization(org.ID, func(o *sandbox.Organization) { o.Settings["maxItemCount"] = 500 })
		}
	}
	if err := r.command(ctx, "0 to add, 1 to change", "plan"); err != nil {
		return err
	}
	// The picture doesn't repeat the apply.
	if _, err := r.RequireSuccess(ctx, "apply", "-auto-approve"); err != nil {
		return err
	}
	r.comment("An organization that exists already, by its name:")
	if err := r.Write("maps.tf", imported); err != nil {
		return err
	}
	if err := r.command(ctx, "Import successful", "import", "guardai_organization.maps", "Map Making"); err != nil {
		return err
	}
	return r.command(ctx, "No changes.", "plan")
}

// comment adds a shell comment.
func (r *recording) comment(text string) {
	r.lines = append(r.lines, "", "\x1b[0;90m# "+text+"\x1b[0m")
}

// command runs a command, which must succeed and write the given text, and adds its condensed output.
func (r *recording) command(ctx context.Context, want string, args ...string) error {
	output, err := cli.RequireSuccess(r.Command(ctx, args...))
	if err != nil {
		return err
	}
	if !strings.Contains(stripEscapes(output.Text()), want) {
		return fmt.Errorf("%q was expected in what %s wrote:\n%s", want, args[0], output.Text())
	}
	if len(r.lines) > 0 && !strings.Contains(r.lines[len(r.lines)-1], "# ") {
		r.lines = append(r.lines, "")
	}
	r.lines = append(append(r.lines, promptLine(filepath.Base(r.CLI), args)), condense(output.Text())...)
	return nil
}

// promptLine returns a command as the user types it.
func promptLine(name string, args []string) string {
	for _, arg := range args {
		if strings.Contains(arg, " ") {
			arg = `"` + arg + `"`
		}
		name += " " + arg
	}
	return "\x1b[0;90m$\x1b[0m \x1b[1m" + name + "\x1b[0m"
}

// omittedParts are parts of lines that the picture omits.
var omittedParts = []string{
	"Terraform used the selected providers", "OpenTofu used the selected providers", "plan. Resource actions are indicated",
	"following execution", "with the following symbols", "Terraform will perform", "OpenTofu will perform",
	"(known after apply)", "unchanged attribute", "force_destroy", "Refreshing state", "Importing from ID", "repared", "Creating...",
	"The resources that were imported", "your Terraform state", "your OpenTofu state",
	"Terraform has compared", "OpenTofu has compared", "and found no differences", "no changes are needed",
}

// legendLines are the legend above a plan.
var legendLines = map[string]bool{"+ create": true, "~ update in-place": true}

// condense returns the lines of a command's output without its preamble and closing advice, and without repeated blank
// lines.
func condense(output string) []string {
	var lines []string
	notice, before := false, ""
	for line := range strings.Lines(output) {
		// An omitted line may begin a color.
		line = before + strings.TrimRight(line, "\r\n")
		before = strings.Join(escape.FindAllString(line, -1), "")
		text := strings.TrimSpace(stripEscapes(line))
		// The only framed warning is that about development overrides.
		notice = notice && text != "╵" || text == "╷"
		switch {
		case strings.HasPrefix(text, "──"):
			return trimBlankLines(lines)
		case notice, text == "╵", legendLines[text], containsAny(text, omittedParts):
		case text == "" && (len(lines) == 0 || lines[len(lines)-1] == ""):
		case text == "":
			lines = append(lines, "")
		default:
			lines, before = append(lines, line), ""
		}
	}
	return trimBlankLines(lines)
}

func containsAny(text string, parts []string) bool {
	for _, part := range parts {
		if strings.Contains(text, part) {
			return true
		}
	}
	return false
}

func trimBlankLines(lines []string) []string {
	for len(lines) > 0 && lines[len(lines)-1] == "" {
		lines = lines[:len(lines)-1]
	}
	return lines
}
