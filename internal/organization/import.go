package organization

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/guardai/terraform-provider-guardai/internal/component"
)

// ImportState imports by id, name or identity. It sets only the id; the read that follows fills in the rest.
func (r *organizationResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	id, err := r.importedID(ctx, req)
	if err != nil {
		component.AddError(&resp.Diagnostics, path.Empty(), fmt.Sprintf("Unable to import organization %q", req.ID), err)
		return
	}
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("id"), id)...)
	resp.Diagnostics.Append(resp.Identity.SetAttribute(ctx, path.Root("id"), id)...)
}

func (r *organizationResource) importedID(ctx context.Context, req resource.ImportStateRequest) (types.String, error) {
	if req.ID != "" {
		return r.parseImportID(ctx, req.ID)
	}
	var identity identityModel
	if req.Identity == nil || req.Identity.Raw.IsNull() {
		return identity.ID, invalidImport("The import id is empty")
	}
	if diags := req.Identity.Get(ctx, &identity); diags.HasError() {
		return identity.ID, invalidImport(diags[0].Detail())
	}
	if _, err := component.ParseID(identity.ID.ValueString()); err != nil {
		return identity.ID, invalidImport(err.Error())
	}
	return identity.ID, nil
}

// parseImportID returns the id for an import id. Digits are an id; anything else is a name.
func (r *organizationResource) parseImportID(ctx context.Context, text string) (types.String, error) {
	if strings.Trim(text, "0123456789") == "" {
		id, err := component.ParseID(text)
		if err != nil {
			return types.StringNull(), invalidImport(err.Error())
		}
		return component.ID(id), nil
	}
	client, err := r.Client()
	if err != nil {
		return types.StringNull(), err
	}
	org, err := findByName(ctx, client, path.Empty(), text)
	if err != nil {
		return types.StringNull(), err
	}
	return component.ID(org.ID), nil
}

func invalidImport(problem string) error {
	return &component.RefusedError{Summary: "Invalid import id", Detail: fmt.Sprintf(
		"%s. The import ID of an organization is its ID, such as 42, or its name if only one organization has that name.", problem)}
}
