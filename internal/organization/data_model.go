package organization

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/guardai/terraform-provider-guardai/internal/component"
	"github.com/guardai/terraform-provider-guardai/internal/guardai"
)

// dataAttributes returns the attributes of an organization in both data sources, all computed.
func dataAttributes() map[string]schema.Attribute {
	attributes := map[string]schema.Attribute{
		"id":         schema.StringAttribute{Computed: true, MarkdownDescription: "ID of the organization."},
		"name":       schema.StringAttribute{Computed: true, MarkdownDescription: "Name of the organization. Names need not be unique."},
		"created_at": schema.StringAttribute{Computed: true, CustomType: timetypes.RFC3339Type{}, MarkdownDescription: "Time when the organization was created, in RFC 3339 format and UTC."},
		"time_used":  schema.Int64Attribute{Computed: true, MarkdownDescription: "Time that the organization has used. The API documentation doesn't name the unit."},
		"class_mapping_files": schema.ListNestedAttribute{
			Computed:            true,
			MarkdownDescription: "Class mapping files of the organization, in the platform's order. Files without a reference are omitted.",
			NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
				"id":           schema.StringAttribute{Computed: true, MarkdownDescription: "Import ID of the file for the resource `guardai_organization_file`: `ORGANIZATION_ID/TYPE/REF`, each part percent-encoded."},
				"ref":          schema.StringAttribute{Computed: true, MarkdownDescription: "Reference that the platform assigned to the file."},
				"file_name":    schema.StringAttribute{Computed: true, MarkdownDescription: "Name of the file."},
				"content_type": schema.StringAttribute{Computed: true, MarkdownDescription: "Media type of the file."},
				"dataset_id":   schema.StringAttribute{Computed: true, MarkdownDescription: "ID of the dataset that the file belongs to. Null if it belongs to none."},
			}},
		},
		"stats": schema.SingleNestedAttribute{
			Computed:            true,
			MarkdownDescription: "Storage that the organization uses, as last calculated by the platform. The API documentation doesn't name the unit.",
			Attributes: map[string]schema.Attribute{
				"dataset_storage": schema.Int64Attribute{Computed: true, MarkdownDescription: "Storage used by datasets."},
				"project_storage": schema.Int64Attribute{Computed: true, MarkdownDescription: "Storage used by projects."},
			},
		},
	}
	for _, s := range settings {
		attributes[s.attribute] = s.kind.dataAttribute(s.description)
	}
	return attributes
}

// dataMapper maps API responses to the data sources' state. It creates Terraform values directly: there may be
// thousands of organizations, and mapping structs takes the framework several times the memory and time.
type dataMapper struct {
	organization, file, stats tftypes.Object
	files                     tftypes.List
}

func newDataMapper(ctx context.Context) dataMapper {
	m := dataMapper{organization: component.ObjectType(ctx, schema.Schema{Attributes: dataAttributes()}.Type())}
	m.files, _ = m.organization.AttributeTypes["class_mapping_files"].(tftypes.List)
	m.file, _ = m.files.ElementType.(tftypes.Object)
	m.stats, _ = m.organization.AttributeTypes["stats"].(tftypes.Object)
	return m
}

// fields maps a response to Terraform values by attribute.
func (m dataMapper) fields(ctx context.Context, org *guardai.Organization) (map[string]tftypes.Value, error) {
	values, err := settingsFromAPI(org.Settings)
	if err != nil {
		return nil, fmt.Errorf("organization %d: %w", org.ID, err)
	}
	fields := map[string]tftypes.Value{
		"id":                  tftypes.NewValue(tftypes.String, component.FormatID(org.ID)),
		"name":                tftypes.NewValue(tftypes.String, org.Name),
		"created_at":          tftypes.NewValue(tftypes.String, component.Time(org.CreatedAt).ValueStringPointer()),
		"time_used":           tftypes.NewValue(tftypes.Number, org.TimeUsed),
		"class_mapping_files": m.classMappingFiles(org),
		"stats": tftypes.NewValue(m.stats, map[string]tftypes.Value{
			"dataset_storage": tftypes.NewValue(tftypes.Number, org.Stats.DatasetStorage),
			"project_storage": tftypes.NewValue(tftypes.Number, org.Stats.ProjectStorage),
		}),
	}
	for attribute, value := range values {
		if fields[attribute], err = value.ToTerraformValue(ctx); err != nil {
			return nil, err
		}
	}
	return fields, nil
}

func (m dataMapper) classMappingFiles(org *guardai.Organization) tftypes.Value {
	values := make([]tftypes.Value, 0, len(org.Settings.ClassMappingFiles))
	for _, file := range org.Settings.ClassMappingFiles {
		if file.Ref == "" {
			continue // Nothing can be done with the file, and expressions that use refs would fail.
		}
		key := guardai.FileKey{OrganizationID: org.ID, Type: guardai.FileTypeClassMapping, Ref: file.Ref}
		values = append(values, tftypes.NewValue(m.file, map[string]tftypes.Value{
			"id":           tftypes.NewValue(tftypes.String, component.FormatFileID(key)),
			"ref":          tftypes.NewValue(tftypes.String, file.Ref),
			"file_name":    tftypes.NewValue(tftypes.String, component.StringOrNull(file.FileName).ValueStringPointer()),
			"content_type": tftypes.NewValue(tftypes.String, component.StringOrNull(file.ContentType).ValueStringPointer()),
			"dataset_id":   tftypes.NewValue(tftypes.String, component.FormatIDPointer(file.DatasetID)),
		}))
	}
	return tftypes.NewValue(m.files, values)
}
