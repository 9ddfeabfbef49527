package organization

import (
	"context"
	"fmt"
	"maps"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework-validators/datasourcevalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/guardai/terraform-provider-guardai/internal/component"
	"github.com/guardai/terraform-provider-guardai/internal/guardai"
)

var (
	_ datasource.DataSourceWithConfigure        = (*organizationDataSource)(nil)
	_ datasource.DataSourceWithConfigValidators = (*organizationDataSource)(nil)
)

type organizationDataSource struct{ component.DataSource }

// dataArguments are the arguments of the data source.
type dataArguments struct {
	ID           component.IDValue
	Name         types.String
	RefreshStats types.Bool
}

// NewDataSource returns the data source guardai_organization.
func NewDataSource() datasource.DataSource { return &organizationDataSource{} }

func (d *organizationDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_organization"
}

func (d *organizationDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := dataAttributes()
	attributes["id"] = schema.StringAttribute{
		CustomType:          component.IDType{},
		MarkdownDescription: "ID of the organization. Set exactly one of `id` and `name`.",
		Optional:            true,
		Computed:            true,
	}
	attributes["name"] = schema.StringAttribute{
		MarkdownDescription: "Full name of the organization, which must be unique. Requires administrator rights. Set exactly one of `id` and `name`.",
		Optional:            true,
		Computed:            true,
		Validators:          []validator.String{component.NotBlank()},
	}
	attributes["refresh_stats"] = schema.BoolAttribute{
		MarkdownDescription: "Whether to make the platform recalculate `stats` and `time_used` first. Requires administrator rights. Default: `false`.",
		Optional:            true,
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Reads an organization by ID or name, with its usage figures, which the resource doesn't expose.",
		Attributes:          attributes,
	}
}

func (d *organizationDataSource) ConfigValidators(context.Context) []datasource.ConfigValidator {
	return []datasource.ConfigValidator{
		datasourcevalidator.ExactlyOneOf(path.MatchRoot("id"), path.MatchRoot("name")),
	}
}

func (d *organizationDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var args dataArguments
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("id"), &args.ID)...)
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("name"), &args.Name)...)
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("refresh_stats"), &args.RefreshStats)...)
	client, ok := d.ReadyClient(&resp.Diagnostics)
	if !ok {
		return
	}
	org := args.find(ctx, client, &resp.Diagnostics)
	if org == nil {
		return
	}
	if args.RefreshStats.ValueBool() {
		var err error
		if org, err = refresh(ctx, client, org.ID); err != nil {
			component.AddAttributeError(&resp.Diagnostics, path.Root("refresh_stats"), "Unable to refresh the stats of organization "+args.describe(), err)
			return
		}
	}
	warnMalformed(org, &resp.Diagnostics)
	mapper := newDataMapper(ctx)
	fields, fieldTypes := mapper.fields(org), maps.Clone(mapper.organization.AttributeTypes)
	fields["refresh_stats"], fieldTypes["refresh_stats"] = tftypes.NewValue(tftypes.Bool, args.RefreshStats.ValueBoolPointer()), tftypes.Bool
	resp.Diagnostics.Append(resp.State.Set(ctx, tftypes.NewValue(tftypes.Object{AttributeTypes: fieldTypes}, fields))...)
}

func (a dataArguments) describe() string {
	if a.ID.IsNull() {
		return a.Name.String()
	}
	return a.ID.ValueString()
}

// find returns the organization that the arguments identify, or nil after an error.
func (a dataArguments) find(ctx context.Context, client *guardai.Client, diags *diag.Diagnostics) *guardai.Organization {
	summary := "Unable to read organization " + a.describe()
	if a.ID.IsNull() {
		organizations, err := client.ListOrganizations(ctx)
		if err != nil {
			component.AddAttributeError(diags, path.Root("name"), summary, err)
			return nil
		}
		return findByName(organizations, path.Root("name"), a.Name.ValueString(), diags)
	}
	id := a.ID.Int64(path.Root("id"), diags)
	if diags.HasError() {
		return nil
	}
	org, err := client.GetOrganization(ctx, id)
	if err != nil {
		component.AddAttributeError(diags, path.Root("id"), summary, err)
		return nil
	}
	return org
}

// findByName returns the only organization with a name. If there is none or more than one, it adds an error on the
// argument at, and returns nil.
func findByName(organizations []*guardai.Organization, at path.Path, name string, diags *diag.Diagnostics) *guardai.Organization {
	var match *guardai.Organization
	var ids []string
	for _, org := range organizations {
		if guardai.SameName(org.Name, name) {
			match, ids = org, append(ids, component.FormatID(org.ID))
		}
	}
	switch len(ids) {
	case 0:
		diags.AddAttributeError(at, "Organization not found", fmt.Sprintf(
			"None of the %d organizations is named %q. Use the full name, which is case-sensitive.", len(organizations), name))
	case 1:
		return match
	default:
		diags.AddAttributeError(at, "Organization name not unique", fmt.Sprintf(
			"%d organizations are named %q. Use the id of one of them instead: %s.", len(ids), name, component.JoinLimited(ids, ", ")))
	}
	return nil
}

// refresh recalculates an organization's stats and reads them.
func refresh(ctx context.Context, client *guardai.Client, id int64) (*guardai.Organization, error) {
	if err := client.RefreshStats(ctx, id); err != nil {
		return nil, err
	}
	return client.GetOrganization(ctx, id)
}

// displayName identifies an organization in messages. It includes the id because names need not be unique.
func displayName(org *guardai.Organization) string {
	return fmt.Sprintf("%s (%d)", org.Name, org.ID)
}

// warnMalformed warns of fields that are null because their values can't be used.
func warnMalformed(org *guardai.Organization, diags *diag.Diagnostics) {
	if len(org.Settings.Malformed) > 0 {
		diags.AddWarning("Malformed value", fmt.Sprintf(
			"The platform reports values of organization %s that can't be used, so they are null: %s.", displayName(org), strings.Join(org.Settings.Malformed, "; ")))
	}
}

// dataAttributes returns the attributes of an organization in both data sources, all computed.
func dataAttributes() map[string]schema.Attribute {
	attributes := map[string]schema.Attribute{
		"id":         schema.StringAttribute{Computed: true, MarkdownDescription: "ID of the organization."},
		"name":       schema.StringAttribute{Computed: true, MarkdownDescription: "Name of the organization. Names need not be unique."},
		"created_at": schema.StringAttribute{Computed: true, CustomType: timetypes.RFC3339Type{}, MarkdownDescription: "Time when the organization was created, in RFC 3339 format and UTC."},
		"time_used":  schema.Int64Attribute{Computed: true, MarkdownDescription: "Time that the organization has used. The API documentation doesn't name the unit."},
		"disabled_features": schema.SetAttribute{
			Computed: true, ElementType: types.StringType, MarkdownDescription: descriptions["disabled_features"],
		},
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
	for _, quota := range []string{"max_item_count", "max_time_allocated", "max_time_per_task"} {
		attributes[quota] = schema.NumberAttribute{Computed: true, MarkdownDescription: descriptions[quota]}
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
func (m dataMapper) fields(org *guardai.Organization) map[string]tftypes.Value {
	return map[string]tftypes.Value{
		"id":                  tftypes.NewValue(tftypes.String, component.FormatID(org.ID)),
		"name":                tftypes.NewValue(tftypes.String, org.Name),
		"created_at":          tftypes.NewValue(tftypes.String, component.Time(org.CreatedAt).ValueStringPointer()),
		"time_used":           tftypes.NewValue(tftypes.Number, org.TimeUsed),
		"disabled_features":   component.CollectionValue(m.organization.AttributeTypes["disabled_features"], tftypes.String, org.Settings.DisabledFeatures),
		"max_item_count":      tftypes.NewValue(tftypes.Number, org.Settings.MaxItemCount),
		"max_time_allocated":  tftypes.NewValue(tftypes.Number, org.Settings.MaxTimeAllocated),
		"max_time_per_task":   tftypes.NewValue(tftypes.Number, org.Settings.MaxTimePerTask),
		"class_mapping_files": m.classMappingFiles(org),
		"stats": tftypes.NewValue(m.stats, map[string]tftypes.Value{
			"dataset_storage": tftypes.NewValue(tftypes.Number, org.Stats.DatasetStorage),
			"project_storage": tftypes.NewValue(tftypes.Number, org.Stats.ProjectStorage),
		}),
	}
}

func (m dataMapper) classMappingFiles(org *guardai.Organization) tftypes.Value {
	if org.Settings.FilesErr() != nil {
		return tftypes.NewValue(m.files, nil)
	}
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
