// Package provider is the provider block: its schema, where its values come
// from, and the registry of what the provider offers.
package provider

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/guardai/terraform-provider-guardai/internal/catalog"
	"github.com/guardai/terraform-provider-guardai/internal/component"
	"github.com/guardai/terraform-provider-guardai/internal/guardai"
	"github.com/guardai/terraform-provider-guardai/internal/member"
	"github.com/guardai/terraform-provider-guardai/internal/organization"
	"github.com/guardai/terraform-provider-guardai/internal/organizationfile"
	"github.com/guardai/terraform-provider-guardai/internal/token"
)

var (
	_ provider.Provider                       = (*guardaiProvider)(nil)
	_ provider.ProviderWithListResources      = (*guardaiProvider)(nil)
	_ provider.ProviderWithActions            = (*guardaiProvider)(nil)
	_ provider.ProviderWithEphemeralResources = (*guardaiProvider)(nil)
)

type guardaiProvider struct {
	version string
	// interrupted ends every call to the platform; nil: nothing does.
	interrupted context.Context //nolint:containedctx // It lives as long as the provider does.
}

// Option changes how the provider works, whatever its configuration.
type Option func(*guardaiProvider)

// EndWith has every call to the platform end once ctx is over.
func EndWith(ctx context.Context) Option {
	return func(p *guardaiProvider) { p.interrupted = ctx }
}

// New returns a constructor of the provider for a server to call.
func New(version string, options ...Option) func() provider.Provider {
	return func() provider.Provider {
		p := &guardaiProvider{version: version}
		for _, option := range options {
			option(p)
		}
		return p
	}
}

func (p *guardaiProvider) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "guardai"
	resp.Version = p.version
}

func (p *guardaiProvider) Schema(_ context.Context, _ provider.SchemaRequest, resp *provider.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Manages the organizations of [GuardAI](https://guardai.navinfo.cloud), NavInfo Europe's platform that measures how robust an AI model is.",
		Attributes:          attributes(),
	}
}

// Configure sends nothing.
func (p *guardaiProvider) Configure(ctx context.Context, req provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	var block model
	resp.Diagnostics.Append(req.Config.Get(ctx, &block)...)
	if resp.Diagnostics.HasError() {
		return
	}
	cfg, unknown, diags := resolve(block, os.Getenv)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	cfg.Interrupted = p.interrupted
	cfg.UserAgent = fmt.Sprintf("terraform-provider-guardai/%s terraform/%s", p.version, req.TerraformVersion)
	data := component.NewUnknownProviderData(unknown)
	if len(unknown) == 0 {
		client, err := guardai.New(cfg)
		if err != nil {
			addConfigError(&resp.Diagnostics, err)
			return
		}
		data = component.NewProviderData(client)
	}
	resp.ResourceData, resp.DataSourceData = data, data
	resp.ListResourceData, resp.ActionData, resp.EphemeralResourceData = data, data, data
}

// addConfigError blames the argument that the client couldn't use.
func addConfigError(diags *diag.Diagnostics, err error) {
	arguments := map[string]string{
		"Host": "host", "APIKeyID": "api_key_id", "APIKey": "api_key", "Token": "token", "CACertificate": "ca_certificate",
	}
	var wrong *guardai.ConfigError
	if errors.As(err, &wrong) && arguments[wrong.Field] != "" {
		name := arguments[wrong.Field]
		diags.AddAttributeError(path.Root(name), "Invalid provider argument "+name,
			fmt.Sprintf("The value of %s can't be used: %s.", name, wrong.Problem))
		return
	}
	diags.AddError("Unable to set up the GuardAI client", err.Error())
}

// Resources is the registry of resources.
func (p *guardaiProvider) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{
		organization.NewResource,
		organizationfile.NewResource,
	}
}

// DataSources is the registry of data sources.
func (p *guardaiProvider) DataSources(context.Context) []func() datasource.DataSource {
	return []func() datasource.DataSource{
		organization.NewDataSource,
		organization.NewListDataSource,
		organizationfile.NewDataSource,
		organizationfile.NewUsageDataSource,
		member.NewDataSource,
		catalog.NewAssetsDataSource,
		catalog.NewTransformsDataSource,
		catalog.NewHPODataSource,
	}
}

// ListResources is the registry of what a query can list.
func (p *guardaiProvider) ListResources(context.Context) []func() list.ListResource {
	return []func() list.ListResource{
		organization.NewListResource,
		organizationfile.NewListResource,
	}
}

// Actions is the registry of actions.
func (p *guardaiProvider) Actions(context.Context) []func() action.Action {
	return []func() action.Action{
		organization.NewRefreshStatsAction,
	}
}

// EphemeralResources is the registry of ephemeral resources.
func (p *guardaiProvider) EphemeralResources(context.Context) []func() ephemeral.EphemeralResource {
	return []func() ephemeral.EphemeralResource{
		token.NewEphemeralResource,
	}
}
