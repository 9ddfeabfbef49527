package organization

import (
	"context"
	"fmt"
	"strconv"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
)

// ImportState imports by id or by identity.
// The read that follows fills in the rest.
func (r *organizationResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	id := importID(ctx, req, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("id"), id)...)
	resp.Diagnostics.Append(resp.Identity.SetAttribute(ctx, path.Root("id"), id)...)
}

func importID(ctx context.Context, req resource.ImportStateRequest, diags *diag.Diagnostics) int64 {
	if req.ID == "" && req.Identity != nil {
		var identity identityModel
		diags.Append(req.Identity.Get(ctx, &identity)...)
		checkImportID(strconv.FormatInt(identity.ID.ValueInt64(), 10), diags)
		return identity.ID.ValueInt64()
	}
	return checkImportID(req.ID, diags)
}

func checkImportID(text string, diags *diag.Diagnostics) int64 {
	id, err := strconv.ParseInt(text, 10, 64)
	if err != nil || id <= 0 {
		diags.AddError("Invalid import id", fmt.Sprintf(
			"An organization is imported by its id, a whole number from 1 to 9223372036854775807, such as 42. %q isn't one.", text))
	}
	return id
}
