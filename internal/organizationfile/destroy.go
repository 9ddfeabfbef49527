package organizationfile

import (
	"context"
	"fmt"

	"github.com/guardai/terraform-provider-guardai/internal/component"
	"github.com/guardai/terraform-provider-guardai/internal/guardai"
)

// destroy deletes a file. Unless force_destroy was applied, it refuses if projects use the file.
func destroy(ctx context.Context, client *guardai.Client, state resourceModel) error {
	key, err := state.key()
	if err != nil {
		return err
	}
	if !state.ForceDestroy.ValueBool() {
		projects, err := client.FileUsage(ctx, key)
		switch {
		case guardai.IsNotFound(err):
			// No project is known to use it. If the file is gone, the delete reports it.
		case err != nil:
			return fmt.Errorf("the projects that use it: %w", err)
		case len(projects) > 0:
			return &component.RefusedError{
				Summary: "File " + state.ID.ValueString() + " is in use",
				Detail:  inUseMessage(state.Name.ValueString(), projects),
			}
		}
	}
	return client.DeleteFile(ctx, key)
}

func inUseMessage(name string, projects []int64) string {
	ids := make([]string, 0, len(projects))
	for _, id := range projects {
		ids = append(ids, component.FormatID(id))
	}
	return fmt.Sprintf("The file %q is used by these projects: %s. Remove it from them first, "+
		"or set force_destroy = true, apply, and destroy again.", name, component.JoinLimited(ids, ", "))
}
