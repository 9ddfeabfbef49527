package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

// The names that examples/quickstart and the demo give.
const (
	quickstartName = "quickstart"
	planFile       = "tfplan"
	importFile     = "import.tf"
	classesFile    = "classes.csv"
	generatedFile  = "generated.tf"
	importAddress  = "guardai_organization.imported"
)

// demo is what is shown: a command of the CLI, and then what the platform holds.
type demo struct {
	*terminal
	platform platform
	// seeded is the organization to import, as it was before.
	seeded sandbox.Organization
}

func (d *demo) play(ctx context.Context) error {
	d.introduce()
	for _, step := range []struct {
		what string
		do   func(context.Context) error
	}{
		{"Plan an organization with quotas, and a class mapping file in it.", d.plan},
		{"Create them, as planned.", d.create},
		{"Plan once more: there is nothing left to do.", d.planAgain},
		{"Change its settings by variables, and update it in place.", d.change},
		{"Change the content of the class mapping file, and rename it: both in place.", d.changeFile},
		{"Import an organization that is there already, and let the CLI write its configuration.", d.importSeeded},
		{"Let go of the imported organization: it was there before, and is to stay.", d.forget},
		{"Destroy what the demo created.", d.destroy},
	} {
		d.step(step.what)
		if err := step.do(ctx); err != nil {
			return err
		}
	}
	fmt.Fprintf(d.out, "\nThat was the demo. Nothing of it is left on this machine.\n")
	return nil
}

func (d *demo) plan(ctx context.Context) error {
	if err := d.command(ctx, "plan", "-out="+planFile); err != nil {
		return err
	}
	if len(d.platform.named(quickstartName)) > 0 {
		return errors.New("the plan alone created an organization")
	}
	d.checked("GuardAI holds no organization %q: a plan creates nothing", quickstartName)
	return nil
}

func (d *demo) create(ctx context.Context) error {
	if err := d.command(ctx, "apply", planFile); err != nil {
		return err
	}
	created, err := d.platform.expect(quickstartName, map[string]string{
		"disabledFeatures": `["ADV_CRAFTING"]`, "maxItemCount": "1000", "maxTimePerTask": "3600",
	})
	if err != nil {
		return err
	}
	if err := d.platform.expectFile(created.ID, classesFile, "id,class\n1,car\n2,pedestrian\n"); err != nil {
		return err
	}
	d.checked("GuardAI holds organization %d, %q, with these settings and the file", created.ID, created.Name)
	return nil
}

func (d *demo) planAgain(ctx context.Context) error {
	if err := d.noChanges(ctx); err != nil {
		return err
	}
	d.checked("the exit code is 0: nothing to change")
	return nil
}

func (d *demo) change(ctx context.Context) error {
	if err := d.write("terraform.tfvars", "disabled_features = [\"EVALUATION\"]\nmax_item_count    = 2500\n"); err != nil {
		return err
	}
	if err := d.planAndApply(ctx); err != nil {
		return err
	}
	changed, err := d.platform.expect(quickstartName, map[string]string{
		"disabledFeatures": `["EVALUATION"]`, "maxItemCount": "2500", "maxTimePerTask": "3600",
	})
	if err != nil {
		return err
	}
	if err := d.expectShown(fmt.Sprintf("[id=%d]", changed.ID)); err != nil {
		return err
	}
	d.checked("organization %[1]d has the new settings, and keeps the one that didn't change; the lines about it say [id=%[1]d]", changed.ID)
	return nil
}

func (d *demo) changeFile(ctx context.Context) error {
	const renamed, content = "road-users.csv", "id,class\n1,car\n2,pedestrian\n3,cyclist\n"
	if err := d.write(classesFile, content); err != nil {
		return err
	}
	if err := d.write("classes.auto.tfvars", "classes_name = \""+renamed+"\"\n"); err != nil {
		return err
	}
	if err := d.planAndApply(ctx); err != nil {
		return err
	}
	holder, err := d.platform.expect(quickstartName, nil)
	if err != nil {
		return err
	}
	if err := d.platform.expectFile(holder.ID, renamed, content); err != nil {
		return err
	}
	d.checked("organization %d holds the new content under the new name, and no other file", holder.ID)
	return nil
}

func (d *demo) importSeeded(ctx context.Context) error {
	for _, o := range d.platform.Organizations() {
		if o.Name != quickstartName {
			d.seeded = o
			break
		}
	}
	if d.seeded.ID == 0 {
		return errors.New("the sandbox holds no organization to import")
	}
	// Terraform 1.16 looks for the wrong provider where it writes configuration and
	// the block doesn't name one. None accepts the name once there is configuration,
	// but then the block has done its work.
	block := fmt.Sprintf("import {\n  provider = guardai\n  to       = %s\n  id       = \"%d\"\n}\n", importAddress, d.seeded.ID)
	if err := d.write(importFile, block); err != nil {
		return err
	}
	if err := d.planAndApply(ctx, "-generate-config-out="+generatedFile); err != nil {
		return err
	}
	if err := d.remove(importFile); err != nil {
		return err
	}
	if err := d.noChanges(ctx); err != nil {
		return err
	}
	if err := d.platform.expectUnchanged(d.seeded); err != nil {
		return err
	}
	d.checked("organization %d, %q, is managed now, and unchanged", d.seeded.ID, d.seeded.Name)
	return nil
}

func (d *demo) forget(ctx context.Context) error {
	if err := d.command(ctx, "state", "rm", importAddress); err != nil {
		return err
	}
	if err := d.remove(generatedFile); err != nil {
		return err
	}
	if err := d.platform.expectUnchanged(d.seeded); err != nil {
		return err
	}
	d.checked("GuardAI still holds organization %d; it is only not managed any more", d.seeded.ID)
	return nil
}

func (d *demo) destroy(ctx context.Context) error {
	if err := d.command(ctx, "destroy", "-auto-approve"); err != nil {
		return err
	}
	if left := d.platform.named(quickstartName); len(left) > 0 {
		return fmt.Errorf("organization %d was to be destroyed, and is still there", left[0].ID)
	}
	if err := d.platform.expectUnchanged(d.seeded); err != nil {
		return err
	}
	d.checked("organization %q is gone, and organization %d is still there", quickstartName, d.seeded.ID)
	return nil
}

func (d *demo) planAndApply(ctx context.Context, args ...string) error {
	if err := d.command(ctx, append([]string{"plan", "-out=" + planFile}, args...)...); err != nil {
		return err
	}
	return d.command(ctx, "apply", planFile)
}
