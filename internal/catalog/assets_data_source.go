package catalog

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"

	"github.com/guardai/terraform-provider-guardai/internal/guardai"
)

// NewAssetsDataSource returns the data source guardai_organization_assets.
func NewAssetsDataSource() datasource.DataSource {
	return &dataSource{
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

func fetchAssets(ctx context.Context, client *guardai.Client, organizationID int64) (map[string]any, error) {
	assets, err := client.GetAssets(ctx, organizationID)
	if err != nil {
		return nil, err
	}
	return map[string]any{
		"adversarial_attacks": assets.AdversarialAttacks,
		"dataset_formats":     assets.DatasetFormats,
		"defenses":            assets.Defenses,
		"domain_adaptations":  assets.DomainAdaptations,
		"meta_attacks":        assets.MetaAttacks,
		"metrics":             assets.Metrics,
		"noises":              assets.Noises,
	}, nil
}
