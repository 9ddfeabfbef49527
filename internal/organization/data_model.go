package organization

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/guardai/terraform-provider-guardai/internal/framework"
	"github.com/guardai/terraform-provider-guardai/internal/guardai"
)

// dataModel is an organization as the data sources show it.
type dataModel struct {
	ID        types.Int64        `tfsdk:"id"`
	Name      types.String       `tfsdk:"name"`
	CreatedAt timetypes.RFC3339  `tfsdk:"created_at"`
	TimeUsed  types.Int64        `tfsdk:"time_used"`
	Settings  *dataSettingsModel `tfsdk:"settings"`
	Stats     *statsModel        `tfsdk:"stats"`
}

type dataSettingsModel struct {
	settingsModel
	ClassMappingFiles []classMappingFileModel `tfsdk:"class_mapping_files"`
}

type classMappingFileModel struct {
	Ref         types.String `tfsdk:"ref"`
	FileName    types.String `tfsdk:"file_name"`
	ContentType types.String `tfsdk:"content_type"`
	DatasetID   types.Int64  `tfsdk:"dataset_id"`
}

type statsModel struct {
	DatasetStorage types.Int64 `tfsdk:"dataset_storage"`
	ProjectStorage types.Int64 `tfsdk:"project_storage"`
}

// dataFrom maps an answer to what the data sources show.
func dataFrom(ctx context.Context, org *guardai.Organization) (dataModel, diag.Diagnostics) {
	features, diags := disabledFeatures(ctx, org.Settings)
	files := make([]classMappingFileModel, 0, len(org.Settings.ClassMappingFiles))
	for _, file := range org.Settings.ClassMappingFiles {
		files = append(files, classMappingFileModel{
			Ref:         types.StringValue(file.Ref),
			FileName:    types.StringValue(file.FileName),
			ContentType: types.StringValue(file.ContentType),
			DatasetID:   types.Int64PointerValue(file.DatasetID),
		})
	}
	return dataModel{
		ID:        types.Int64Value(org.ID),
		Name:      types.StringValue(org.Name),
		CreatedAt: framework.Time(org.CreatedAt),
		TimeUsed:  types.Int64PointerValue(org.TimeUsed),
		Settings: &dataSettingsModel{
			settingsModel: settingsModel{
				DisabledFeatures: features,
				MaxItemCount:     types.Int64PointerValue(org.Settings.MaxItemCount),
				MaxTimeAllocated: types.Int64PointerValue(org.Settings.MaxTimeAllocated),
				MaxTimePerTask:   types.Int64PointerValue(org.Settings.MaxTimePerTask),
			},
			ClassMappingFiles: files,
		},
		Stats: &statsModel{
			DatasetStorage: types.Int64PointerValue(org.Stats.DatasetStorage),
			ProjectStorage: types.Int64PointerValue(org.Stats.ProjectStorage),
		},
	}, diags
}

// dataAttributes are the attributes that both data sources show of an
// organization, all computed.
func dataAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"id":         schema.Int64Attribute{Computed: true, MarkdownDescription: "Id of the organization."},
		"name":       schema.StringAttribute{Computed: true, MarkdownDescription: "Name of the organization. Names need not be unique."},
		"created_at": schema.StringAttribute{Computed: true, CustomType: timetypes.RFC3339Type{}, MarkdownDescription: "When the organization was created, in RFC 3339 and UTC."},
		"time_used":  schema.Int64Attribute{Computed: true, MarkdownDescription: "Time that the organization has used, in the platform's unit, which its documentation doesn't name."},
		"settings": schema.SingleNestedAttribute{
			Computed:            true,
			MarkdownDescription: "Settings of the organization. What the platform leaves out is null.",
			Attributes:          dataSettingsAttributes(),
		},
		"stats": schema.SingleNestedAttribute{
			Computed:            true,
			MarkdownDescription: "What the organization has stored, as the platform last counted it, in units that its documentation doesn't name.",
			Attributes: map[string]schema.Attribute{
				"dataset_storage": schema.Int64Attribute{Computed: true, MarkdownDescription: "Storage that its datasets take."},
				"project_storage": schema.Int64Attribute{Computed: true, MarkdownDescription: "Storage that its projects take."},
			},
		},
	}
}

func dataSettingsAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"disabled_features":  schema.SetAttribute{Computed: true, ElementType: types.StringType, MarkdownDescription: "Features that the organization can't use."},
		"max_item_count":     schema.Int64Attribute{Computed: true, MarkdownDescription: "Highest number of items."},
		"max_time_allocated": schema.Int64Attribute{Computed: true, MarkdownDescription: "Time that the organization may use in all, in the platform's unit, which its documentation doesn't name."},
		"max_time_per_task":  schema.Int64Attribute{Computed: true, MarkdownDescription: "Time that a single task may use, in the platform's unit, which its documentation doesn't name."},
		"class_mapping_files": schema.ListNestedAttribute{
			Computed:            true,
			MarkdownDescription: "Class mapping files of the organization, in the platform's order.",
			NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
				"ref":          schema.StringAttribute{Computed: true, MarkdownDescription: "Reference by which the platform knows the file."},
				"file_name":    schema.StringAttribute{Computed: true, MarkdownDescription: "Name of the file."},
				"content_type": schema.StringAttribute{Computed: true, MarkdownDescription: "Media type of the file."},
				"dataset_id":   schema.Int64Attribute{Computed: true, MarkdownDescription: "Id of the dataset that the file belongs to; null if to none."},
			}},
		},
	}
}
