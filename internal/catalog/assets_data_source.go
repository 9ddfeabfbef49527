package catalog

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/guardai/terraform-provider-guardai/internal/component"
	"github.com/guardai/terraform-provider-guardai/internal/guardai"
)

var _ datasource.DataSourceWithConfigure = (*assetsDataSource)(nil)

type assetsDataSource struct{ component.DataSource }

// assetsModel is the data source's configuration and state.
type assetsModel struct {
	OrganizationID     types.String `tfsdk:"organization_id"`
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
		MarkdownDescription: "Reads the assets that the platform defines for an organization, such as attacks and metrics. " +
			"Each kind is a string in a format that the API documentation doesn't describe. A field that the platform omits is null.",
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
	read(ctx, &d.DataSource, req, resp, "read the assets", fetchAssets)
}

func fetchAssets(ctx context.Context, client *guardai.Client, organizationID int64) (assetsModel, error) {
	assets, err := client.GetAssets(ctx, organizationID)
	if err != nil {
		return assetsModel{}, err
	}
	return assetsModel{
		OrganizationID:     component.ID(organizationID),
		AdversarialAttacks: types.StringPointerValue(assets.AdversarialAttacks),
		DatasetFormats:     types.StringPointerValue(assets.DatasetFormats),
		Defenses:           types.StringPointerValue(assets.Defenses),
		DomainAdaptations:  types.StringPointerValue(assets.DomainAdaptations),
		MetaAttacks:        types.StringPointerValue(assets.MetaAttacks),
		Metrics:            types.StringPointerValue(assets.Metrics),
		Noises:             types.StringPointerValue(assets.Noises),
	}, nil
}
