package organization

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/guardai/terraform-provider-guardai/internal/component"
	"github.com/guardai/terraform-provider-guardai/internal/guardai"
)

// create creates an organization, or copies one. It returns nil with an error.
func create(ctx context.Context, client *guardai.Client, plan resourceModel, wanted guardai.Settings, diags *diag.Diagnostics) *guardai.Organization {
	name, copied := plan.Name.ValueString(), !plan.SourceOrganizationID.IsNull()
	var created *guardai.Created
	var err error
	summary, at := "Unable to create organization", path.Empty()
	if copied {
		summary, at = "Unable to copy organization", path.Root("source_organization_id")
		created, err = client.CopyOrganization(ctx, plan.SourceOrganizationID.ValueInt64(), name)
	} else {
		created, err = client.CreateOrganization(ctx, name, wanted)
	}
	if err != nil {
		component.AddError(diags, at, summary, err)
		return nil
	}
	if created.RecoveredFrom != nil {
		by := "its name, settings and time of creation"
		if copied {
			by = "its name and time of creation"
		}
		component.AddRecovered(diags, "Organization found after its response was lost", fmt.Sprintf(
			"The new organization %q, id %d, was found on the platform by %s, and taken into state.", name, created.ID, by), created.RecoveredFrom)
	}
	return created.Organization
}

// finish does what is left to do once a new organization is in state. It returns
// nil with an error.
func finish(ctx context.Context, client *guardai.Client, org *guardai.Organization, plan resourceModel, wanted guardai.Settings, diags *diag.Diagnostics) *guardai.Organization {
	if copied := !plan.SourceOrganizationID.IsNull(); copied {
		change := guardai.OrganizationChange{Name: plan.Name.ValueString(), Settings: guardai.SettingsChange{Set: wanted}}
		return finishCopy(ctx, client, org, change, diags)
	}
	if !org.Partial {
		return org
	}
	read, err := client.ReadOrganization(ctx, org.ID)
	if err != nil {
		component.AddError(diags, path.Empty(), fmt.Sprintf("Unable to read new organization %d", org.ID), err)
		return nil
	}
	return read
}

// finishCopy gives a copy the settings that the configuration names. It returns
// nil with an error.
func finishCopy(ctx context.Context, client *guardai.Client, org *guardai.Organization, change guardai.OrganizationChange, diags *diag.Diagnostics) *guardai.Organization {
	updated, err := client.UpdateOrganization(ctx, org.ID, change)
	if err != nil {
		component.AddError(diags, path.Root("settings"), "Unable to update the new copy of an organization", err)
		diags.AddWarning("The copy is in state, marked as tainted", fmt.Sprintf(
			"The organization was copied and has the id %d; only its settings aren't as configured yet. To keep it, run terraform untaint on this resource and apply again; else the next apply replaces it.", org.ID))
		return nil
	}
	return updated
}
