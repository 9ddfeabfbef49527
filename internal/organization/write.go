package organization

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/guardai/terraform-provider-guardai/internal/component"
	"github.com/guardai/terraform-provider-guardai/internal/guardai"
)

// create creates or copies an organization. It adds a warning if the response was lost and a lookup found the
// organization.
func create(ctx context.Context, client *guardai.Client, plan resourceModel, settings map[string]any, diags *diag.Diagnostics) (*guardai.Created, error) {
	name, foundBy := plan.Name.ValueString(), "its name, settings and time of creation"
	var created *guardai.Created
	var err error
	if plan.isCopy() {
		foundBy = "its name and time of creation"
		created, err = copyOrganization(ctx, client, plan, name)
	} else {
		created, err = client.CreateOrganization(ctx, name, settings)
	}
	if err != nil {
		return nil, err
	}
	if created.RecoveredFrom != nil {
		component.AddRecovered(diags, "Organization found after its response was lost", fmt.Sprintf(
			"The new organization %q, id %d, was found on the platform by %s, and put into state.", name, created.ID, foundBy), created.RecoveredFrom)
	}
	return created, nil
}

func (m *resourceModel) isCopy() bool { return !m.SourceOrganizationID.IsNull() }

func copyOrganization(ctx context.Context, client *guardai.Client, plan resourceModel, name string) (*guardai.Created, error) {
	source, err := component.ParseIDArgument(path.Root(sourceAttribute), plan.SourceOrganizationID)
	if err != nil {
		return nil, err
	}
	return client.CopyOrganization(ctx, source, name)
}

func addCreateError(diags *diag.Diagnostics, plan resourceModel, err error) {
	if plan.isCopy() {
		component.AddError(diags, path.Root(sourceAttribute), "Unable to copy organization", err)
		return
	}
	component.AddError(diags, path.Empty(), "Unable to create organization", err)
}

// stateAfterCreate returns the state of a new organization, even if its settings can't be decoded.
func (m *resourceModel) stateAfterCreate(ctx context.Context, org *guardai.Organization) resourceModel {
	state := m.clone()
	if err := state.fromAPI(org); err == nil {
		return state
	}
	state.ID = component.ID(org.ID)
	state.CreatedAt = component.Time(org.CreatedAt)
	for _, s := range settings {
		if state.setting(ctx, s).IsUnknown() {
			state.Settings[s.attribute] = s.null(ctx)
		}
	}
	return state
}

// finish completes a new organization that is already in state: it applies the planned settings to a copy, and reads an
// unconfirmed response again.
func finish(ctx context.Context, client *guardai.Client, org *guardai.Created, plan resourceModel, settings map[string]any, diags *diag.Diagnostics) (*guardai.Organization, error) {
	switch {
	case plan.isCopy():
		change := guardai.OrganizationChange{Name: plan.Name.ValueString(), Settings: guardai.SettingsChange{Set: settings}}
		updated, err := client.UpdateOrganization(ctx, org.ID, change)
		if err != nil {
			diags.AddWarning("The copy is in state, marked as tainted", fmt.Sprintf(
				"The organization was copied and has the id %d, but its settings aren't as planned yet. To keep it, run terraform untaint on this resource and apply again. Otherwise the next apply replaces it.", org.ID))
		}
		return updated, err
	case org.Unconfirmed:
		return client.ReadOrganization(ctx, org.ID)
	}
	return org.Organization, nil
}

// update applies the differences between plan and state and returns the new state. It sends nothing if only arguments
// of the provider differ, such as force_destroy.
func update(ctx context.Context, client *guardai.Client, plan, state resourceModel, change guardai.SettingsChange) (resourceModel, error) {
	updated := plan.clone()
	if plan.Name.Equal(state.Name) && len(change.Set) == 0 && len(change.Reset) == 0 {
		if updated.CreatedAt.IsUnknown() {
			updated.CreatedAt = state.CreatedAt
		}
		return updated, nil
	}
	id, err := component.ParseIDArgument(path.Root("id"), state.ID)
	if err != nil {
		return updated, err
	}
	org, err := client.UpdateOrganization(ctx, id, guardai.OrganizationChange{Name: plan.Name.ValueString(), Settings: change})
	if err != nil {
		return updated, err
	}
	err = updated.fromAPI(org)
	return updated, err
}

// get reads the organization with the model's id.
func (m *resourceModel) get(ctx context.Context, client *guardai.Client) (*guardai.Organization, error) {
	id, err := component.ParseIDArgument(path.Root("id"), m.ID)
	if err != nil {
		return nil, err
	}
	return client.GetOrganization(ctx, id)
}
