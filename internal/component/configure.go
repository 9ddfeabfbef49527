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

// Resource is embedded by every resource: it takes the provider's data, for a list
// resource of the same name too.
type Resource struct{ *ProviderData }

func (r *Resource) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	r.ProviderData = take(req.ProviderData, &resp.Diagnostics)
}

// DataSource is embedded by every data source: it takes the provider's data.
type DataSource struct{ *ProviderData }

func (d *DataSource) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	d.ProviderData = take(req.ProviderData, &resp.Diagnostics)
}

// EphemeralResource is embedded by every ephemeral resource: it takes the
// provider's data.
type EphemeralResource struct{ *ProviderData }

func (e *EphemeralResource) Configure(_ context.Context, req ephemeral.ConfigureRequest, resp *ephemeral.ConfigureResponse) {
	e.ProviderData = take(req.ProviderData, &resp.Diagnostics)
}

// Action is embedded by every action: it takes the provider's data.
type Action struct{ *ProviderData }

func (a *Action) Configure(_ context.Context, req action.ConfigureRequest, resp *action.ConfigureResponse) {
	a.ProviderData = take(req.ProviderData, &resp.Diagnostics)
}

// take returns nil before the provider is configured, as when a configuration is
// only validated.
func take(data any, diags *diag.Diagnostics) *ProviderData {
	if data == nil {
		return nil
	}
	taken, ok := data.(*ProviderData)
	if !ok {
		diags.AddError("Unexpected provider data",
			fmt.Sprintf("Got %T from the provider. This is a bug in the provider; please report it.", data))
	}
	return taken
}
