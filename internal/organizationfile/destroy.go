package organizationfile

import (
	"context"
	"fmt"

	"github.com/guardai/terraform-provider-guardai/internal/component"
	"github.com/guardai/terraform-provider-guardai/internal/guardai"
)

// destroy deletes a file. Unless force_destroy was applied, it refuses if projects use the file, or may use it. A file
// that is gone already is not an error.
func destroy(ctx context.Context, client *guardai.Client, state resourceModel) error {
	key, err := state.key()
	if err != nil {
		return err
	}
	if !state.ForceDestroy.ValueBool() {
		if gone, err := refuseIfUsed(ctx, client, key, state); gone || err != nil {
			return err
		}
	}
	if err := client.DeleteFile(ctx, key); !guardai.IsNotFound(err) {
		return err
	}
	return nil
}

// refuseIfUsed returns an error if projects use a file, or if that can't be checked, except that the caller may lack
// the right to list them. gone reports a file that no longer exists.
func refuseIfUsed(ctx context.Context, client *guardai.Client, key guardai.FileKey, state resourceModel) (gone bool, err error) {
	projects, err := client.FileUsage(ctx, key)
	switch {
	case guardai.IsForbidden(err):
		return false, nil
	case guardai.IsNotFound(err) && guardai.IsNotFound(checkExists(ctx, client, key)):
		return true, nil
	case err != nil:
		return false, &component.RefusedError{
			Summary: "Unable to check which projects use file " + state.ID.ValueString(),
			Detail: err.Error() + ".\n\nThe provider deletes a file only if it knows that no project uses it. Fix the cause of the failed request, " +
				"or set force_destroy = true, apply, and destroy again, which deletes the file without this check.",
		}
	case len(projects) > 0:
		return false, &component.RefusedError{
			Summary: "File " + state.ID.ValueString() + " is in use",
			Detail:  inUseMessage(state.Name.ValueString(), projects),
		}
	}
	return false, nil
}

func inUseMessage(name string, projects []int64) string {
	ids := make([]string, 0, len(projects))
	for _, id := range projects {
		ids = append(ids, component.FormatID(id))
	}
	return fmt.Sprintf("The file %q is used by these projects: %s. Remove it from them first, "+
		"or set force_destroy = true, apply, and destroy again.", name, component.JoinLimited(ids, ", "))
}
