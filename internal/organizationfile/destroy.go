package organizationfile

import (
	"context"
	"fmt"

	"github.com/guardai/terraform-provider-guardai/internal/component"
	"github.com/guardai/terraform-provider-guardai/internal/guardai"
)

// destroy deletes a file. It refuses while projects use it, unless force_destroy was applied.
func destroy(ctx context.Context, client *guardai.Client, state resourceModel) error {
	key, err := state.key()
	if err != nil {
		return err
	}
	if !state.ForceDestroy.ValueBool() {
		projects, err := client.FileUsage(ctx, key)
		switch {
		case guardai.IsNotFound(err):
			// Nothing is known to use it. Whether it is gone is for the delete to say.
		case err != nil:
			return fmt.Errorf("the projects that use it: %w", err)
		case len(projects) > 0:
			return &component.RefusedError{
				Summary: "File " + state.ID.ValueString() + " is in use",
				Detail:  refusal(state.Name.ValueString(), projects),
			}
		}
	}
	return client.DeleteFile(ctx, key)
}

// refusal explains why a file was not destroyed.
func refusal(name string, projects []int64) string {
	ids := make([]string, 0, len(projects))
	for _, id := range projects {
		ids = append(ids, component.FormatID(id))
	}
	return fmt.Sprintf("The file %q is used by these projects: %s. Remove it from them first, "+
		"or set force_destroy = true, apply, and destroy again.", name, component.JoinLimited(ids, ", "))
}
