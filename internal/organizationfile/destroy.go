package organizationfile

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/guardai/terraform-provider-guardai/internal/component"
	"github.com/guardai/terraform-provider-guardai/internal/guardai"
)

// destroy deletes a file. Unless force_destroy was applied, it refuses if projects use the file, or may use it. A file
// that is gone already is not an error.
func destroy(ctx context.Context, client *guardai.Client, key guardai.FileKey, state resourceModel, diags *diag.Diagnostics) {
	if !state.ForceDestroy.ValueBool() && !isUnused(ctx, client, key, state, diags) {
		return
	}
	if err := client.DeleteFile(ctx, key); err != nil && !guardai.IsNotFound(err) {
		component.AddError(diags, "Unable to delete file "+state.ID.ValueString(), err)
	}
}

// isUnused reports whether a file exists and no project uses it. It adds an error to diags if projects use it, or if
// that can't be checked, except that the caller may lack the right to list them.
func isUnused(ctx context.Context, client *guardai.Client, key guardai.FileKey, state resourceModel, diags *diag.Diagnostics) bool {
	projects, err := client.FileUsage(ctx, key)
	switch {
	case guardai.IsForbidden(err):
		return true
	case guardai.IsNotFound(err) && guardai.IsNotFound(checkExists(ctx, client, key)):
		return false
	case err != nil:
		diags.AddError("Unable to check which projects use file "+state.ID.ValueString(),
			err.Error()+".\n\nThe provider deletes a file only if it knows that no project uses it. Fix the cause of the failed request, "+
				"or set force_destroy = true, apply, and destroy again, which deletes the file without this check.")
		return false
	case len(projects) > 0:
		diags.AddError("File "+state.ID.ValueString()+" is in use", inUseMessage(state.Name.ValueString(), projects))
		return false
	}
	return true
}

func inUseMessage(name string, projects []int64) string {
	ids := make([]string, 0, len(projects))
	for _, id := range projects {
		ids = append(ids, component.FormatID(id))
	}
	return fmt.Sprintf("The file %q is used by these projects: %s. Remove it from them first, "+
		"or set force_destroy = true, apply, and destroy again.", name, component.JoinLimited(ids, ", "))
}
