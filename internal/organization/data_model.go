package organization

import (
	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/guardai/terraform-provider-guardai/internal/component"
	"github.com/guardai/terraform-provider-guardai/internal/guardai"
)

// These are the types of what dataAttributes names.
var (
	featuresType         = tftypes.Set{ElementType: tftypes.String}
	classMappingFileType = tftypes.Object{AttributeTypes: map[string]tftypes.Type{
		"ref":          tftypes.String,
		"file_name":    tftypes.String,
		"content_type": tftypes.String,
		"dataset_id":   tftypes.Number,
	}}
	classMappingFilesType = tftypes.List{ElementType: classMappingFileType}
	dataSettingsType      = tftypes.Object{AttributeTypes: map[string]tftypes.Type{
		"disabled_features":   featuresType,
		"max_item_count":      tftypes.Number,
		"max_time_allocated":  tftypes.Number,
		"max_time_per_task":   tftypes.Number,
		"class_mapping_files": classMappingFilesType,
	}}
	statsType = tftypes.Object{AttributeTypes: map[string]tftypes.Type{
		"dataset_storage": tftypes.Number,
		"project_storage": tftypes.Number,
	}}
	dataType = tftypes.Object{AttributeTypes: map[string]tftypes.Type{
		"id":         tftypes.Number,
		"name":       tftypes.String,
		"created_at": tftypes.String,
		"time_used":  tftypes.Number,
		"settings":   dataSettingsType,
		"stats":      statsType,
	}}
)

// dataFields maps an answer to what the data sources show. It makes the values
// itself: there may be thousands of organizations, and setting a model would take
// the framework several times the memory and time.
func dataFields(org *guardai.Organization) map[string]tftypes.Value {
	return map[string]tftypes.Value{
		"id":         tftypes.NewValue(tftypes.Number, org.ID),
		"name":       tftypes.NewValue(tftypes.String, org.Name),
		"created_at": tftypes.NewValue(tftypes.String, component.Time(org.CreatedAt).ValueStringPointer()),
		"time_used":  tftypes.NewValue(tftypes.Number, org.TimeUsed),
		"settings": tftypes.NewValue(dataSettingsType, map[string]tftypes.Value{
			"disabled_features":   component.CollectionValue(featuresType, tftypes.String, featureNames(org.Settings)),
			"max_item_count":      tftypes.NewValue(tftypes.Number, org.Settings.MaxItemCount),
			"max_time_allocated":  tftypes.NewValue(tftypes.Number, org.Settings.MaxTimeAllocated),
			"max_time_per_task":   tftypes.NewValue(tftypes.Number, org.Settings.MaxTimePerTask),
			"class_mapping_files": classMappingFilesValue(org.Settings.ClassMappingFiles),
		}),
		"stats": tftypes.NewValue(statsType, map[string]tftypes.Value{
			"dataset_storage": tftypes.NewValue(tftypes.Number, org.Stats.DatasetStorage),
			"project_storage": tftypes.NewValue(tftypes.Number, org.Stats.ProjectStorage),
		}),
	}
}

func classMappingFilesValue(files []guardai.ClassMappingFile) tftypes.Value {
	values := make([]tftypes.Value, 0, len(files))
	for _, file := range files {
		if file.Ref == "" {
			continue // Nothing can be done with it, and an expression that takes refs would fail.
		}
		values = append(values, tftypes.NewValue(classMappingFileType, map[string]tftypes.Value{
			"ref":          tftypes.NewValue(tftypes.String, file.Ref),
			"file_name":    textOrNull(file.FileName),
			"content_type": textOrNull(file.ContentType),
			"dataset_id":   tftypes.NewValue(tftypes.Number, file.DatasetID),
		}))
	}
	return tftypes.NewValue(classMappingFilesType, values)
}

// textOrNull is null where the platform has left a text out.
func textOrNull(text string) tftypes.Value {
	if text == "" {
		return tftypes.NewValue(tftypes.String, nil)
	}
	return tftypes.NewValue(tftypes.String, text)
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
			MarkdownDescription: "Class mapping files of the organization, in the platform's order, but for what it lists without a reference.",
			NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
				"ref":          schema.StringAttribute{Computed: true, MarkdownDescription: "Reference by which the platform knows the file."},
				"file_name":    schema.StringAttribute{Computed: true, MarkdownDescription: "Name of the file."},
				"content_type": schema.StringAttribute{Computed: true, MarkdownDescription: "Media type of the file."},
				"dataset_id":   schema.Int64Attribute{Computed: true, MarkdownDescription: "Id of the dataset that the file belongs to; null if to none."},
			}},
		},
	}
}
