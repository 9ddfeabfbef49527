// Package provider implements the provider: its schema, the resolution of its arguments, the list of its components,
// and the server.
package provider

import (
	"context"
	"fmt"
	"os"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/guardai/terraform-provider-guardai/internal/catalog"
	"github.com/guardai/terraform-provider-guardai/internal/component"
	"github.com/guardai/terraform-provider-guardai/internal/definition"
	"github.com/guardai/terraform-provider-guardai/internal/member"
	"github.com/guardai/terraform-provider-guardai/internal/organization"
	"github.com/guardai/terraform-provider-guardai/internal/organizationfile"
	"github.com/guardai/terraform-provider-guardai/internal/token"
)

var (
	_ provider.Provider                       = (*guardaiProvider)(nil)
	_ provider.ProviderWithListResources      = (*guardaiProvider)(nil)
	_ provider.ProviderWithActions            = (*guardaiProvider)(nil)
	_ provider.ProviderWithValidateConfig     = (*guardaiProvider)(nil)
	_ provider.ProviderWithEphemeralResources = (*guardaiProvider)(nil)
)

type guardaiProvider struct{ version string }

// New returns a provider factory for the framework.
func New(version string) func() provider.Provider {
	return func() provider.Provider { return &guardaiProvider{version: version} }
}

func (p *guardaiProvider) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "guardai"
	resp.Version = p.version
}

func (p *guardaiProvider) Schema(_ context.Context, _ provider.SchemaRequest, resp *provider.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Manages the organizations of [GuardAI](https://guardai.navinfo.cloud), NavInfo's platform for measuring the robustness of AI models.",
		Attributes:          attributes(),
	}
}

// ValidateConfig checks only values in the provider block. Configure checks the rest, which may come from the
// environment or a file.
func (p *guardaiProvider) ValidateConfig(ctx context.Context, req provider.ValidateConfigRequest, resp *provider.ValidateConfigResponse) {
	var block model
	resp.Diagnostics.Append(req.Config.Get(ctx, &block)...)
	r := newResolver(func(string) string { return "" })
	r.maxRetries(block)
	r.maxRequestsPerSecond(block)
	r.requestTimeout(block)
	resp.Diagnostics.Append(r.diags...)
}

// Configure sends no request. If an argument isn't known yet, it defers the plan of all components where the CLI allows
// that. Elsewhere, only those fail that need a client.
func (p *guardaiProvider) Configure(ctx context.Context, req provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	var block model
	resp.Diagnostics.Append(req.Config.Get(ctx, &block)...)
	if resp.Diagnostics.HasError() {
		return
	}
	r := newResolver(os.Getenv)
	client := r.client(block, fmt.Sprintf("terraform-provider-guardai/%s terraform/%s", p.version, req.TerraformVersion))
	resp.Diagnostics.Append(r.diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	data := component.NewProviderData(client)
	if client == nil {
		data = component.NewUnknownProviderData(r.unknown)
		if req.ClientCapabilities.DeferralAllowed {
			resp.Deferred = &provider.Deferred{Reason: provider.DeferredReasonProviderConfigUnknown}
		}
	}
	resp.ResourceData, resp.DataSourceData = data, data
	resp.ListResourceData, resp.ActionData, resp.EphemeralResourceData = data, data, data
}

func (p *guardaiProvider) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{
		organization.NewResource,
		organizationfile.NewResource,
		member.NewResource,
		definition.NewTransformResource,
		definition.NewMetricResource,
	}
}

func (p *guardaiProvider) DataSources(context.Context) []func() datasource.DataSource {
	return []func() datasource.DataSource{
		organization.NewDataSource,
		organization.NewListDataSource,
		organizationfile.NewDataSource,
		organizationfile.NewUsageDataSource,
		member.NewMembersDataSource,
		member.NewUsersDataSource,
		member.NewUserDataSource,
		member.NewCurrentUserDataSource,
		catalog.NewAssetsDataSource,
		catalog.NewTransformsDataSource,
		catalog.NewHPODataSource,
		catalog.NewProjectsDataSource,
		catalog.NewDatasetsDataSource,
		catalog.NewModelsDataSource,
		catalog.NewMetricsDataSource,
	}
}

func (p *guardaiProvider) ListResources(context.Context) []func() list.ListResource {
	return []func() list.ListResource{
		organization.NewListResource,
		organizationfile.NewListResource,
		member.NewListResource,
		definition.NewTransformListResource,
	}
}

func (p *guardaiProvider) Actions(context.Context) []func() action.Action {
	return []func() action.Action{
		organization.NewRefreshStatsAction,
		member.NewInviteAction,
	}
}

func (p *guardaiProvider) EphemeralResources(context.Context) []func() ephemeral.EphemeralResource {
	return []func() ephemeral.EphemeralResource{
		token.NewEphemeralResource,
	}
}
