package catalog

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/guardai/terraform-provider-guardai/internal/component"
	"github.com/guardai/terraform-provider-guardai/internal/guardai"
)

type assetsModel struct {
	OrganizationID     component.IDValue `tfsdk:"organization_id"`
	AdversarialAttacks types.String      `tfsdk:"adversarial_attacks"`
	DatasetFormats     types.String      `tfsdk:"dataset_formats"`
	Defenses           types.String      `tfsdk:"defenses"`
	DomainAdaptations  types.String      `tfsdk:"domain_adaptations"`
	MetaAttacks        types.String      `tfsdk:"meta_attacks"`
	Metrics            types.String      `tfsdk:"metrics"`
	Noises             types.String      `tfsdk:"noises"`
}

// NewAssetsDataSource returns the data source guardai_organization_assets.
func NewAssetsDataSource() datasource.DataSource {
	return &dataSource[assetsModel]{
		name: "organization_assets", action: "read the assets", fetch: fetchAssets,
		description: "Reads the assets that the platform defines for an organization, such as attacks and metrics. " +
			"Each attribute is a string whose format the API documentation doesn't describe. A field that the platform omits is null.",
		attributes: map[string]schema.Attribute{
			"adversarial_attacks": textAttribute("Adversarial attacks."),
			"dataset_formats":     textAttribute("Formats of datasets."),
			"defenses":            textAttribute("Defenses."),
			"domain_adaptations":  textAttribute("Domain adaptations."),
			"meta_attacks":        textAttribute("Meta attacks."),
			"metrics":             textAttribute("Metrics."),
			"noises":              textAttribute("Noises."),
		},
	}
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
