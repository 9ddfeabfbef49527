package member

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/guardai/terraform-provider-guardai/internal/component"
)

// ImportState imports by ids, by organization and email address, or by identity. It sets only the ids; the read that
// follows fills in the rest.
func (r *memberResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	model := r.imported(ctx, req, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	if r.membership(ctx, model, &resp.Diagnostics) == nil {
		if !resp.Diagnostics.HasError() {
			resp.Diagnostics.AddError("Not a member", fmt.Sprintf(
				"User %s isn't a member of organization %s, so there is nothing to import. To add the user, apply the resource without the import.",
				model.UserID.ValueString(), model.OrganizationID.ValueString()))
		}
		return
	}
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("organization_id"), model.OrganizationID)...)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("user_id"), model.UserID)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, model.identity())...)
}

// imported returns a model with the ids to import.
func (r *memberResource) imported(ctx context.Context, req resource.ImportStateRequest, diags *diag.Diagnostics) (model resourceModel) {
	organizationID, user, ok := strings.Cut(req.ID, "/")
	if req.ID == "" && req.Identity != nil && !req.Identity.Raw.IsNull() {
		var identity identityModel
		if problems := req.Identity.Get(ctx, &identity); problems.HasError() {
			addInvalidImport(diags, "The identity", problems[0].Detail())
			return model
		}
		organizationID, user, ok = identity.OrganizationID.ValueString(), identity.UserID.ValueString(), true
	}
	if !ok {
		addInvalidImport(diags, fmt.Sprintf("%q", req.ID), "it doesn't have two parts")
		return model
	}
	id, err := component.ParseID(organizationID)
	if err != nil {
		addInvalidImport(diags, fmt.Sprintf("%q", req.ID), err.Error())
		return model
	}
	model.OrganizationID = component.ID(id)
	if !strings.Contains(user, "@") {
		id, err := component.ParseID(user)
		if err != nil {
			addInvalidImport(diags, fmt.Sprintf("%q", req.ID), err.Error())
		}
		model.UserID = component.ID(id)
	} else if client, ok := r.ReadyClient(diags); ok {
		if found := findByEmail(ctx, client, user, path.Empty(), diags); found != nil {
			model.UserID = component.OptionalID(found.ID)
		}
	}
	return model
}

func addInvalidImport(diags *diag.Diagnostics, id, problem string) {
	diags.AddError("Invalid import id", fmt.Sprintf(
		"%s can't be used: %s. The import ID of a membership is ORGANIZATION_ID/USER_ID or ORGANIZATION_ID/EMAIL, such as 42/7 or 42/mei@example.com.", id, problem))
}
