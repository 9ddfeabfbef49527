package component

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/resource"
)

// Resource is embedded by every resource, for a list resource of the same name too.
type Resource struct{ *ProviderData }

// Configure takes what the provider was configured with.
func (r *Resource) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	r.ProviderData = providerData(req.ProviderData, &resp.Diagnostics)
}

// DataSource is embedded by every data source.
type DataSource struct{ *ProviderData }

// Configure takes what the provider was configured with.
func (d *DataSource) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	d.ProviderData = providerData(req.ProviderData, &resp.Diagnostics)
}

// EphemeralResource is embedded by every ephemeral resource.
type EphemeralResource struct{ *ProviderData }

// Configure takes what the provider was configured with.
func (e *EphemeralResource) Configure(_ context.Context, req ephemeral.ConfigureRequest, resp *ephemeral.ConfigureResponse) {
	e.ProviderData = providerData(req.ProviderData, &resp.Diagnostics)
}

// Action is embedded by every action.
type Action struct{ *ProviderData }

// Configure takes what the provider was configured with.
func (a *Action) Configure(_ context.Context, req action.ConfigureRequest, resp *action.ConfigureResponse) {
	a.ProviderData = providerData(req.ProviderData, &resp.Diagnostics)
}

// providerData returns nil before the provider is configured, as when a configuration is
// only validated.
func providerData(data any, diags *diag.Diagnostics) *ProviderData {
	if data == nil {
		return nil
	}
	configured, ok := data.(*ProviderData)
	if !ok {
		diags.AddError("Unexpected provider data",
			fmt.Sprintf("Got %T from the provider. This is a bug in the provider; please report it.", data))
	}
	return configured
}
