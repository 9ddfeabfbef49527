package catalog

import (
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/guardai/terraform-provider-guardai/internal/component"
	"github.com/guardai/terraform-provider-guardai/internal/guardai"
)

type modelModel struct {
	ID            component.IDValue `tfsdk:"id"`
	Name          types.String      `tfsdk:"name"`
	Description   types.String      `tfsdk:"description"`
	FrameworkType types.String      `tfsdk:"framework_type"`
	Environment   types.String      `tfsdk:"environment"`
	DatasetID     component.IDValue `tfsdk:"dataset_id"`
	Tasks         []*string         `tfsdk:"tasks"`
	Verified      types.Bool        `tfsdk:"verified"`
}

// NewModelsDataSource returns the data source guardai_models.
func NewModelsDataSource() datasource.DataSource {
	return &dataSource{
		name: "models", action: "list the models", fetch: listOf("models", listModels, newModelModel),
		description: "Lists the models of an organization. The API lists those of all organizations that the provider's user may see; models whose organization it doesn't report are left out.",
		attributes: map[string]schema.Attribute{
			"models": listAttribute("The models", map[string]schema.Attribute{
				"id":             idAttribute("ID of the model."),
				"name":           textAttribute("Name of the model."),
				"description":    textAttribute("Description of the model."),
				"framework_type": textAttribute("Framework of the model: `Keras`, `ONNX` or `PyTorch`."),
				"environment":    textAttribute("Environment in which the model runs."),
				"dataset_id":     idAttribute("ID of the model's dataset."),
				"tasks":          textsAttribute("Tasks of the model"),
				"verified":       flagAttribute("Whether the platform has verified the model."),
			}),
		},
	}
}

func listModels(ctx context.Context, client *guardai.Client, organizationID int64) ([]guardai.Model, error) {
	models, err := client.ListModels(ctx)
	return slices.DeleteFunc(models, func(m guardai.Model) bool {
		return m.Organization == nil || m.Organization.ID == nil || *m.Organization.ID != organizationID
	}), err
}

func newModelModel(m guardai.Model) (modelModel, error) {
	return modelModel{
		ID:            component.OptionalID(m.ID),
		Name:          types.StringPointerValue(m.Name),
		Description:   types.StringPointerValue(m.Description),
		FrameworkType: types.StringPointerValue(m.FrameworkType),
		Environment:   types.StringPointerValue(m.Environment),
		DatasetID:     component.OptionalID(m.DatasetID),
		Tasks:         m.Tasks,
		Verified:      types.BoolPointerValue(m.Verified),
	}, nil
}
