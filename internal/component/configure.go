// Package component holds what the provider's resources, data sources and other components share: access to the client,
// diagnostics for errors, import ids and conversions of values.
package component

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/guardai/terraform-provider-guardai/internal/guardai"
)

// Resource is embedded by every resource and list resource.
type Resource struct{ *ProviderData }

// Configure stores the provider data.
func (r *Resource) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	r.ProviderData = providerData(req.ProviderData, &resp.Diagnostics)
}

// DataSource is embedded by every data source.
type DataSource struct{ *ProviderData }

// Configure stores the provider data.
func (d *DataSource) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	d.ProviderData = providerData(req.ProviderData, &resp.Diagnostics)
}

// EphemeralResource is embedded by every ephemeral resource.
type EphemeralResource struct{ *ProviderData }

// Configure stores the provider data.
func (e *EphemeralResource) Configure(_ context.Context, req ephemeral.ConfigureRequest, resp *ephemeral.ConfigureResponse) {
	e.ProviderData = providerData(req.ProviderData, &resp.Diagnostics)
}

// Action is embedded by every action.
type Action struct{ *ProviderData }

// Configure stores the provider data.
func (a *Action) Configure(_ context.Context, req action.ConfigureRequest, resp *action.ConfigureResponse) {
	a.ProviderData = providerData(req.ProviderData, &resp.Diagnostics)
}

// providerData returns nil before the provider is configured, for example during validation.
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

// ProviderData is what the provider passes to its components: a client, or the reason why there isn't one yet.
type ProviderData struct {
	client *guardai.Client
	// unknown lists the provider arguments whose values aren't known yet.
	unknown []string
}

// NewProviderData returns provider data with a client.
func NewProviderData(client *guardai.Client) *ProviderData {
	return &ProviderData{client: client}
}

// NewUnknownProviderData returns provider data without a client, for a provider block with arguments that are known
// only after another resource is applied.
func NewUnknownProviderData(unknown []string) *ProviderData {
	return &ProviderData{unknown: unknown}
}

// Client returns the client, or nil if there isn't one yet: planning new resources needs none.
func (d *ProviderData) Client() *guardai.Client {
	if d == nil {
		return nil
	}
	return d.client
}

// ReadyClient returns the client. If there is none, it adds an error to diags. ok is false if diags has errors,
// including earlier ones.
func (d *ProviderData) ReadyClient(diags *diag.Diagnostics) (client *guardai.Client, ok bool) {
	switch {
	case d == nil:
		diags.AddError("Provider not configured",
			"A component was used before the provider was configured. This is a bug in the provider; please report it.")
	case len(d.unknown) > 0:
		diags.AddError("Provider configuration not known yet", fmt.Sprintf(
			"The provider argument %s depends on a value that is known only after another resource is applied, but the provider needs it now to call the platform. "+
				"Apply that resource first (for example with -target), or set the argument to a known value.", strings.Join(d.unknown, ", ")))
	}
	return d.Client(), !diags.HasError()
}
