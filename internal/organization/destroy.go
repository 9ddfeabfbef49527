package organization

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/guardai/terraform-provider-guardai/internal/component"
	"github.com/guardai/terraform-provider-guardai/internal/guardai"
)

// destroy deletes an organization. It refuses where something of value would be
// lost, unless force_destroy was applied.
func destroy(ctx context.Context, client *guardai.Client, state resourceModel) error {
	id, err := component.ParseIDArgument(path.Root("id"), state.ID)
	if err != nil {
		return err
	}
	if !state.ForceDestroy.ValueBool() {
		found, err := stored(ctx, client, id)
		switch {
		case err != nil:
			return err
		case len(found) > 0:
			return &component.RefusedError{
				Summary: fmt.Sprintf("Organization %d is not empty", id),
				Detail:  refusal(state.Name.ValueString(), found),
			}
		}
	}
	return client.DeleteOrganization(ctx, id)
}

// stored lists, in words, what would be lost with an organization. It has the platform recompute its figures first,
// and takes the last ones where that is forbidden.
func stored(ctx context.Context, client *guardai.Client, id int64) ([]string, error) {
	// Whether the organization is gone is for the read to say.
	if err := client.RefreshStats(ctx, id); err != nil && !guardai.IsForbidden(err) && !guardai.IsNotFound(err) {
		return nil, err
	}
	org, err := client.ReadOrganization(ctx, id)
	if err != nil {
		return nil, err
	}
	return contents(org), nil
}

func contents(org *guardai.Organization) []string {
	var found []string
	if size := org.Stats.DatasetStorage; size != nil && *size > 0 {
		found = append(found, fmt.Sprintf("stored datasets (datasetStorage: %d)", *size))
	}
	if size := org.Stats.ProjectStorage; size != nil && *size > 0 {
		found = append(found, fmt.Sprintf("stored projects (projectStorage: %d)", *size))
	}
	for _, file := range org.Settings.ClassMappingFiles {
		found = append(found, fmt.Sprintf("class mapping file %q (ref %s)", file.FileName, file.Ref))
	}
	return found
}

// refusal explains why an organization was not destroyed.
func refusal(name string, found []string) string {
	return fmt.Sprintf("The organization %q still contains:\n\n  - %s\n\nDestroying it would delete that permanently. Remove it from the platform first, "+
		"or set force_destroy = true, apply, and destroy again.", name, component.JoinLimited(found, "\n  - "))
}
