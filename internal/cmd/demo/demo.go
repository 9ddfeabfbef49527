package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/guardai/terraform-provider-guardai/internal/cli"
	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

// demo runs steps in a copy of examples/quickstart.
type demo struct {
	*cli.Folder
	out      io.Writer
	platform *sandbox.Server
}

// step is part of the demo, with the objects that it leaves on the platform. Existing objects must not change.
type step struct {
	title   string
	actions []action
	// expected is compared with the sandbox itself, so the demo doesn't trust the CLI or the provider.
	expected string
}

// action is a command line that a user types.
type action func(context.Context, *demo) error

// The demo's objects on the platform after its steps. The id follows those of the sandbox's examples.
const (
	afterCreate = "quickstart (id 6): maxItemCount=1000, maxTimePerTask=3600, disabledFeatures=[ADV_CRAFTING], " +
		`classes.csv="id,class\n1,car\n2,pedestrian\n"`
	afterTeam   = afterCreate + team
	afterUpdate = "quickstart (id 6): maxItemCount=2500, maxTimePerTask=3600, disabledFeatures=[EVALUATION], " +
		`classes.csv="id,class\n1,car\n2,pedestrian\n"` + team
	afterRename = "quickstart (id 6): maxItemCount=2500, maxTimePerTask=3600, disabledFeatures=[EVALUATION], " +
		`road-users.csv="id,class\n1,car\n2,pedestrian\n3,cyclist\n"` + team
	team = `, fog (id 1002)="print(1)\n", member mei.tanaka@example.com`
)

const teamBlocks = `resource "guardai_organization_member" "mei" {
  organization_id = guardai_organization.quickstart.id
  email           = "mei.tanaka@example.com"
}
resource "guardai_transform" "fog" {
  organization_id = guardai_organization.quickstart.id
  name            = "fog"
  source          = "fog.py"
}
`

const importAddress = "guardai_organization.imported"

// steps returns the steps of the demo. seeded is the organization to import.
func steps(seeded sandbox.Organization) []step {
	apply, noChanges := run("apply", "-auto-approve"), run("plan", "-detailed-exitcode")
	// Terraform 1.16 generates configuration with the wrong provider unless the block names it. No version accepts the
	// name with existing configuration, but then the block is already removed.
	block := fmt.Sprintf("import {\n  provider = guardai\n  to       = %s\n  id       = \"%d\"\n}\n", importAddress, seeded.ID)
	return []step{
		{"Create an organization with quotas and a class mapping file", []action{apply}, afterCreate},
		{"Plan again: there are no changes", []action{noChanges}, afterCreate},
		{"Make a user a member of the organization, and upload a transform", []action{
			write("fog.py", "print(1)\n"), write("team.tf", teamBlocks), apply,
		}, afterTeam},
		{"Update its settings in place", []action{
			write("terraform.tfvars", "disabled_features = [\"EVALUATION\"]\nmax_item_count    = 2500\n"), apply,
		}, afterUpdate},
		{"Change the content of the class mapping file and rename it, both in place", []action{
			write("classes.csv", "id,class\n1,car\n2,pedestrian\n3,cyclist\n"),
			write("classes.auto.tfvars", "classes_name = \"road-users.csv\"\n"), apply,
		}, afterRename},
		{fmt.Sprintf("Import the existing organization %s (id %d), and let the CLI generate its configuration", seeded.Name, seeded.ID), []action{
			write("import.tf", block), run("plan", "-out=tfplan", "-generate-config-out=generated.tf"), run("apply", "tfplan"), remove("import.tf"), noChanges,
		}, afterRename},
		{"Stop managing the imported organization without deleting it", []action{
			run("state", "rm", importAddress), remove("generated.tf"),
		}, afterRename},
		{"Destroy what the demo created", []action{run("destroy", "-auto-approve")}, ""},
	}
}

// play runs all steps, and fails if the platform doesn't hold the expected objects.
func (d *demo) play(ctx context.Context) error {
	before := d.platform.Organizations()
	if len(before) == 0 {
		return errors.New("the sandbox holds no organization to import")
	}
	for i, s := range steps(before[0]) {
		headline := fmt.Sprintf("%d. %s", i+1, s.title)
		fmt.Fprintf(d.out, "\n%s\n%s\n", headline, strings.Repeat("=", len(headline)))
		for _, do := range s.actions {
			if err := do(ctx, d); err != nil {
				return err
			}
		}
		all := d.platform.Organizations()
		if len(all) < len(before) || !reflect.DeepEqual(all[:len(before)], before) {
			return fmt.Errorf("existing organizations changed from %v to %v", before, all)
		}
		holds := d.describe(all[len(before):])
		if holds != s.expected {
			return fmt.Errorf("GuardAI should hold %q but holds %q", s.expected, holds)
		}
		if holds == "" {
			holds = "nothing"
		}
		fmt.Fprintf(d.out, "\nChecked: in addition to its %d examples, the sandbox holds %s.\n", len(before), holds)
	}
	fmt.Fprintf(d.out, "\nThis is the end of the demo. It leaves nothing behind.\n")
	return nil
}

// describe lists organizations with their settings, files and members.
func (d *demo) describe(organizations []sandbox.Organization) string {
	var objects []string
	for _, org := range organizations {
		objects = append(objects, fmt.Sprintf("%s (id %d): maxItemCount=%v, maxTimePerTask=%v, disabledFeatures=%v",
			org.Name, org.ID, org.Settings["maxItemCount"], org.Settings["maxTimePerTask"], org.Settings["disabledFeatures"]))
		for _, file := range d.platform.Files(org.ID) {
			objects = append(objects, fmt.Sprintf("%s=%q", file.Name, file.Content))
		}
		for _, transform := range d.platform.Definitions(sandbox.Transform, org.ID) {
			objects = append(objects, fmt.Sprintf("%s (id %s)=%q", transform.Fields["name"], transform.ID, transform.Content))
		}
		for _, user := range d.platform.Users() {
			// The platform adds the user that the demo acts as by itself.
			if user.ID != sandbox.AdminID && slices.Contains(user.Organizations, org.ID) {
				objects = append(objects, "member "+user.Email)
			}
		}
	}
	return strings.Join(objects, ", ")
}

// run prints and runs a CLI command, and prints the essential lines of its output.
func run(args ...string) action {
	return func(ctx context.Context, d *demo) error {
		name := filepath.Base(d.CLI)
		fmt.Fprintf(d.out, "\n$ %s %s\n", name, strings.Join(args, " "))
		output, err := d.Run(ctx, args...)
		switch {
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case err == nil && output.ExitCode != 0:
			return fmt.Errorf("%s %s ended with exit code %d:\n%s", name, args[0], output.ExitCode, output.Text())
		}
		for line := range strings.Lines(output.Stdout) {
			if essential.MatchString(line) && !incidental.MatchString(line) {
				fmt.Fprint(d.out, line)
			}
		}
		return err
	}
}

var (
	// essential matches changes and results.
	essential = regexp.MustCompile(`^\s+([-+~] |# guardai)|^(Plan: |Apply complete|Destroy complete|No changes|Removed |guardai_.* complete after)|^id = `)
	// incidental matches what a create doesn't know yet, and what a destroy removes.
	incidental = regexp.MustCompile(`\(known after apply\)|-> null|^  [-+~] (create|update|destroy)`)
)

// write prints and writes a file.
func write(file, content string) action {
	return func(_ context.Context, d *demo) error {
		fmt.Fprintf(d.out, "\n$ cat > %s <<'END'\n%sEND\n", file, content)
		return d.Write(file, content)
	}
}

// remove prints and removes a file.
func remove(file string) action {
	return func(_ context.Context, d *demo) error {
		fmt.Fprintf(d.out, "\n$ rm %s\n", file)
		return os.Remove(d.Path(file))
	}
}
