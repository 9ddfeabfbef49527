package organization

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/guardai/terraform-provider-guardai/internal/component"
	"github.com/guardai/terraform-provider-guardai/internal/guardai"
)

// destroy deletes an organization. Unless force_destroy was applied, it refuses if the organization contains data or
// files.
func destroy(ctx context.Context, client *guardai.Client, state resourceModel) error {
	id, err := component.ParseIDArgument(path.Root("id"), state.ID)
	if err != nil {
		return err
	}
	if !state.ForceDestroy.ValueBool() {
		found, err := storedObjects(ctx, client, id)
		switch {
		case err != nil:
			return err
		case len(found) > 0:
			return &component.RefusedError{
				Summary: fmt.Sprintf("Organization %d is not empty", id),
				Detail:  notEmptyMessage(state.Name.ValueString(), found),
			}
		}
	}
	return client.DeleteOrganization(ctx, id)
}

// storedObjects describes what would be lost with an organization. It makes the platform recalculate the stats first,
// and uses the previous ones if that is forbidden.
func storedObjects(ctx context.Context, client *guardai.Client, id int64) ([]string, error) {
	// If the organization is gone, the read reports it.
	if err := client.RefreshStats(ctx, id); err != nil && !guardai.IsForbidden(err) && !guardai.IsNotFound(err) {
		return nil, err
	}
	org, err := client.ReadOrganization(ctx, id)
	if err != nil {
		return nil, err
	}
	return describeContents(org), nil
}

func describeContents(org *guardai.Organization) []string {
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

func notEmptyMessage(name string, found []string) string {
	return fmt.Sprintf("The organization %q still contains:\n\n  - %s\n\nDestroying it would delete that permanently. Remove it from the platform first, "+
		"or set force_destroy = true, apply, and destroy again.", name, component.JoinLimited(found, "\n  - "))
}
