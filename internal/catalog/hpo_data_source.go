package catalog

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-jsontypes/jsontypes"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/guardai/terraform-provider-guardai/internal/component"
	"github.com/guardai/terraform-provider-guardai/internal/guardai"
)

type hpoDefinitionModel struct {
	ID          component.IDValue    `tfsdk:"id"`
	Name        types.String         `tfsdk:"name"`
	Description types.String         `tfsdk:"description"`
	Enabled     types.Bool           `tfsdk:"enabled"`
	Params      jsontypes.Normalized `tfsdk:"params"`
}

// NewHPODataSource returns the data source guardai_organization_hpo_definitions.
func NewHPODataSource() datasource.DataSource {
	return &dataSource{
		name: "organization_hpo_definitions", action: "list the HPO definitions", fetch: listOf("hpo_definitions", listHPODefinitions, newHPODefinitionModel),
		description: "Lists the hyperparameter optimization (HPO) methods that the platform defines for an organization.",
		attributes: map[string]schema.Attribute{
			"hpo_definitions": listAttribute("The methods", map[string]schema.Attribute{
				"id":          idAttribute("ID of the method."),
				"name":        textAttribute("Name of the method."),
				"description": textAttribute("Description of the method."),
				"enabled":     flagAttribute("Whether the method can be used."),
				"params":      jsonAttribute("Parameters of the method, a list of objects"),
			}),
		},
	}
}

func listHPODefinitions(ctx context.Context, client *guardai.Client, organizationID int64) ([]guardai.HPODefinition, error) {
	return client.ListHPODefinitions(ctx, organizationID)
}

func newHPODefinitionModel(definition guardai.HPODefinition) (hpoDefinitionModel, error) {
	params, err := normalizedJSON(definition.Params)
	if err != nil {
		return hpoDefinitionModel{}, err
	}
	return hpoDefinitionModel{
		ID:          component.OptionalID(definition.ID),
		Name:        types.StringPointerValue(definition.Name),
		Description: types.StringPointerValue(definition.Description),
		Enabled:     types.BoolPointerValue(definition.Enabled),
		Params:      params,
	}, nil
}
