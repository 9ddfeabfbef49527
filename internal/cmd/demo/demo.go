package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"

	"github.com/guardai/terraform-provider-guardai/internal/cli"
	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

// demo shows steps in a folder with a copy of examples/quickstart.
type demo struct {
	*cli.Folder
	out      io.Writer
	platform *sandbox.Server
}

// step is something that the demo shows, and what the platform then holds of its own. What the platform held in the
// beginning must stay as it is.
type step struct {
	what    string
	actions []action
	// holds is what the sandbox itself says, so that the demo doesn't depend on the CLI or the provider being right.
	holds string
}

// action is a line that a user types.
type action func(context.Context, *demo) error

// What the platform holds of the demo's own, step by step.
const (
	planned = "quickstart: maxItemCount=1000, maxTimePerTask=3600, disabledFeatures=[ADV_CRAFTING], " +
		`classes.csv="id,class\n1,car\n2,pedestrian\n"`
	changed = "quickstart: maxItemCount=2500, maxTimePerTask=3600, disabledFeatures=[EVALUATION], " +
		`classes.csv="id,class\n1,car\n2,pedestrian\n"`
	renamed = "quickstart: maxItemCount=2500, maxTimePerTask=3600, disabledFeatures=[EVALUATION], " +
		`road-users.csv="id,class\n1,car\n2,pedestrian\n3,cyclist\n"`
)

const importAddress = "guardai_organization.imported"

// steps are the demo. seeded is the organization to import.
func steps(seeded sandbox.Organization) []step {
	plan, apply, noChanges := run("plan", "-out=tfplan"), run("apply", "tfplan"), run("plan", "-detailed-exitcode")
	// Terraform 1.16 looks for the wrong provider where it writes configuration and the block doesn't name one. None
	// accepts the name once there is configuration, but then the block has done its work.
	block := fmt.Sprintf("import {\n  provider = guardai\n  to       = %s\n  id       = \"%d\"\n}\n", importAddress, seeded.ID)
	return []step{
		{"Plan an organization with quotas, and a class mapping file in it.", []action{plan}, ""},
		{"Create them, as planned.", []action{apply}, planned},
		{"Plan once more: there is nothing left to do.", []action{noChanges}, planned},
		{"Change its settings by variables, and update it in place.", []action{
			write("terraform.tfvars", "disabled_features = [\"EVALUATION\"]\nmax_item_count    = 2500\n"), plan, apply,
		}, changed},
		{"Change the content of the class mapping file, and rename it: both in place.", []action{
			write("classes.csv", "id,class\n1,car\n2,pedestrian\n3,cyclist\n"),
			write("classes.auto.tfvars", "classes_name = \"road-users.csv\"\n"), plan, apply,
		}, renamed},
		{"Import an organization that is there already, and let the CLI write its configuration.", []action{
			write("import.tf", block), run("plan", "-out=tfplan", "-generate-config-out=generated.tf"), apply, remove("import.tf"), noChanges,
		}, renamed},
		{"Stop managing the imported organization: it was there before, and is to stay.", []action{
			run("state", "rm", importAddress), remove("generated.tf"),
		}, renamed},
		{"Destroy what the demo created.", []action{run("destroy", "-auto-approve")}, ""},
	}
}

// play shows every step, and ends at the first after which the platform doesn't hold what it should.
func (d *demo) play(ctx context.Context) error {
	before := d.platform.Organizations()
	if len(before) == 0 {
		return errors.New("the sandbox holds no organization to import")
	}
	for i, s := range steps(before[0]) {
		fmt.Fprintf(d.out, "\n%d. %s\n", i+1, s.what)
		for _, do := range s.actions {
			if err := do(ctx, d); err != nil {
				return err
			}
		}
		all := d.platform.Organizations()
		if len(all) < len(before) || !reflect.DeepEqual(all[:len(before)], before) {
			return fmt.Errorf("what was there before was to stay as it is: it was %v, and is %v", before, all)
		}
		holds := d.describe(all[len(before):])
		if holds != s.holds {
			return fmt.Errorf("GuardAI was to hold %q, and holds %q", s.holds, holds)
		}
		if holds == "" {
			holds = "nothing"
		}
		fmt.Fprintf(d.out, "\nChecked: GuardAI holds, in addition to what was there before, %s.\n", holds)
	}
	fmt.Fprintf(d.out, "\nThat was the demo. Nothing of it is left on this machine.\n")
	return nil
}

// describe says what organizations hold.
func (d *demo) describe(organizations []sandbox.Organization) string {
	var found []string
	for _, org := range organizations {
		found = append(found, fmt.Sprintf("%s: maxItemCount=%v, maxTimePerTask=%v, disabledFeatures=%v",
			org.Name, org.Settings["maxItemCount"], org.Settings["maxTimePerTask"], org.Settings["disabledFeatures"]))
		for _, file := range d.platform.Files(org.ID) {
			found = append(found, fmt.Sprintf("%s=%q", file.Name, file.Content))
		}
	}
	return strings.Join(found, ", ")
}

// introduce says where the demo works, so that its commands can be repeated in another terminal while it runs.
func (d *demo) introduce(settings []string) {
	fmt.Fprintf(d.out, "The commands below use %s on a copy of examples/quickstart, with:\n\n    cd %s\n", d.CLI, d.Dir)
	if found, err := exec.LookPath(filepath.Base(d.CLI)); err != nil || found != d.CLI {
		fmt.Fprintf(d.out, "    export PATH=%s:$PATH\n", filepath.Dir(d.CLI))
	}
	for _, setting := range settings {
		name, value, _ := strings.Cut(setting, "=")
		fmt.Fprintf(d.out, "    export %s='%s'\n", name, value)
	}
	fmt.Fprintf(d.out, "\nThe last has the CLI use the provider that was just built and runs already, with no init.\n")
}

// run shows a command of the CLI and runs it.
func run(args ...string) action {
	return func(ctx context.Context, d *demo) error {
		name := filepath.Base(d.CLI)
		fmt.Fprintf(d.out, "\n$ %s %s\n", name, strings.Join(args, " "))
		command := d.Command(ctx, args...)
		command.Stdout, command.Stderr = d.out, d.out
		output, err := cli.Capture(command)
		switch {
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case err == nil && output.ExitCode != 0:
			return fmt.Errorf("%s %s ended with exit code %d", name, args[0], output.ExitCode)
		}
		return err
	}
}

// write shows and writes a file.
func write(file, content string) action {
	return func(_ context.Context, d *demo) error {
		fmt.Fprintf(d.out, "\n$ cat > %s <<'END'\n%sEND\n", file, content)
		return d.Write(file, content)
	}
}

// remove shows that a file is removed, and removes it.
func remove(file string) action {
	return func(_ context.Context, d *demo) error {
		fmt.Fprintf(d.out, "\n$ rm %s\n", file)
		return os.Remove(d.Path(file))
	}
}
