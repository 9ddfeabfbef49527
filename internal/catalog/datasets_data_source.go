package catalog

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/guardai/terraform-provider-guardai/internal/component"
	"github.com/guardai/terraform-provider-guardai/internal/guardai"
)

type datasetModel struct {
	ID            component.IDValue `tfsdk:"id"`
	Name          types.String      `tfsdk:"name"`
	Description   types.String      `tfsdk:"description"`
	Format        types.String      `tfsdk:"format"`
	DatasetLength types.Number      `tfsdk:"dataset_length"`
	Enabled       types.Bool        `tfsdk:"enabled"`
	Predefined    types.Bool        `tfsdk:"predefined"`
	Valid         types.Bool        `tfsdk:"valid"`
	Error         types.String      `tfsdk:"error"`
	Tasks         []*string         `tfsdk:"tasks"`
}

// NewDatasetsDataSource returns the data source guardai_datasets.
func NewDatasetsDataSource() datasource.DataSource {
	return &dataSource{
		name: "datasets", action: "list the datasets", fetch: listOf("datasets", listDatasets, newDatasetModel),
		description: "Lists the datasets that an organization may use, including the predefined datasets of the platform.",
		attributes: map[string]schema.Attribute{
			"datasets": listAttribute("The datasets", map[string]schema.Attribute{
				"id":             idAttribute("ID of the dataset."),
				"name":           textAttribute("Name of the dataset."),
				"description":    textAttribute("Description of the dataset."),
				"format":         textAttribute("Format of the dataset."),
				"dataset_length": numberAttribute("Number of items in the dataset."),
				"enabled":        flagAttribute("Whether the dataset can be used."),
				"predefined":     flagAttribute("Whether the dataset belongs to the platform, not to the organization."),
				"valid":          flagAttribute("Whether the platform has found the dataset to be valid."),
				"error":          textAttribute("What is wrong with the dataset."),
				"tasks":          textsAttribute("Tasks of the dataset"),
			}),
		},
	}
}

func listDatasets(ctx context.Context, client *guardai.Client, organizationID int64) ([]guardai.Dataset, error) {
	return client.ListDatasets(ctx, organizationID)
}

func newDatasetModel(dataset guardai.Dataset) (datasetModel, error) {
	return datasetModel{
		ID:            component.OptionalID(dataset.ID),
		Name:          types.StringPointerValue(dataset.Name),
		Description:   types.StringPointerValue(dataset.Description),
		Format:        types.StringPointerValue(dataset.Format),
		DatasetLength: component.Number(dataset.DatasetLength),
		Enabled:       types.BoolPointerValue(dataset.Enabled),
		Predefined:    types.BoolPointerValue(dataset.Predefined),
		Valid:         types.BoolPointerValue(dataset.Valid),
		Error:         types.StringPointerValue(dataset.Error),
		Tasks:         dataset.Tasks,
	}, nil
}
