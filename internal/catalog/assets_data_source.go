package catalog

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/guardai/terraform-provider-guardai/internal/component"
	"github.com/guardai/terraform-provider-guardai/internal/guardai"
)

var _ datasource.DataSourceWithConfigure = (*assetsDataSource)(nil)

type assetsDataSource struct{ component.DataSource }

// assetsModel is the data source's configuration and state.
type assetsModel struct {
	OrganizationID     types.Int64  `tfsdk:"organization_id"`
	AdversarialAttacks types.String `tfsdk:"adversarial_attacks"`
	DatasetFormats     types.String `tfsdk:"dataset_formats"`
	Defenses           types.String `tfsdk:"defenses"`
	DomainAdaptations  types.String `tfsdk:"domain_adaptations"`
	MetaAttacks        types.String `tfsdk:"meta_attacks"`
	Metrics            types.String `tfsdk:"metrics"`
	Noises             types.String `tfsdk:"noises"`
}

// NewAssetsDataSource returns the data source guardai_organization_assets.
func NewAssetsDataSource() datasource.DataSource { return &assetsDataSource{} }

func (d *assetsDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_organization_assets"
}

func (d *assetsDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "The assets that the platform defines for an organization, such as attacks and metrics. " +
			"Each kind is one string, as the platform writes it: its documentation doesn't say what is in it. What the platform leaves out is null.",
		Attributes: map[string]schema.Attribute{
			"organization_id":     organizationID(),
			"adversarial_attacks": schema.StringAttribute{Computed: true, MarkdownDescription: "Adversarial attacks."},
			"dataset_formats":     schema.StringAttribute{Computed: true, MarkdownDescription: "Formats of datasets."},
			"defenses":            schema.StringAttribute{Computed: true, MarkdownDescription: "Defenses."},
			"domain_adaptations":  schema.StringAttribute{Computed: true, MarkdownDescription: "Domain adaptations."},
			"meta_attacks":        schema.StringAttribute{Computed: true, MarkdownDescription: "Meta attacks."},
			"metrics":             schema.StringAttribute{Computed: true, MarkdownDescription: "Metrics."},
			"noises":              schema.StringAttribute{Computed: true, MarkdownDescription: "Noises."},
		},
	}
}

func (d *assetsDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var model assetsModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	client, diags := d.Client()
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	id := model.OrganizationID.ValueInt64()
	assets, err := client.GetAssets(ctx, id)
	if err != nil {
		component.AddError(&resp.Diagnostics, path.Root("organization_id"), fmt.Sprintf("Unable to read the assets of organization %d", id), err)
		return
	}
	model.take(assets)
	resp.Diagnostics.Append(resp.State.Set(ctx, model)...)
}

// take maps an answer into the model.
func (m *assetsModel) take(assets *guardai.Assets) {
	m.AdversarialAttacks = types.StringPointerValue(assets.AdversarialAttacks)
	m.DatasetFormats = types.StringPointerValue(assets.DatasetFormats)
	m.Defenses = types.StringPointerValue(assets.Defenses)
	m.DomainAdaptations = types.StringPointerValue(assets.DomainAdaptations)
	m.MetaAttacks = types.StringPointerValue(assets.MetaAttacks)
	m.Metrics = types.StringPointerValue(assets.Metrics)
	m.Noises = types.StringPointerValue(assets.Noises)
}
