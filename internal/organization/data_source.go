package organization

import (
	"context"
	"maps"

	"github.com/hashicorp/terraform-plugin-framework-validators/datasourcevalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
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
	ID           types.String
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
	org, err := args.find(ctx, client)
	if err != nil {
		component.AddError(&resp.Diagnostics, args.argumentPath(), "Unable to read organization "+args.describe(), err)
		return
	}
	if args.RefreshStats.ValueBool() {
		if org, err = refresh(ctx, client, org.ID); err != nil {
			component.AddError(&resp.Diagnostics, path.Root("refresh_stats"), "Unable to refresh the stats of organization "+args.describe(), err)
			return
		}
	}
	state, err := args.state(ctx, org)
	if err != nil {
		component.AddError(&resp.Diagnostics, args.argumentPath(), "Unable to read organization "+args.describe(), err)
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
}

// argumentPath returns the argument that identifies the organization.
func (a dataArguments) argumentPath() path.Path {
	if a.ID.IsNull() {
		return path.Root("name")
	}
	return path.Root("id")
}

func (a dataArguments) describe() string {
	if a.ID.IsNull() {
		return a.Name.String()
	}
	return a.ID.ValueString()
}

// find returns the organization that the arguments identify.
func (a dataArguments) find(ctx context.Context, client *guardai.Client) (*guardai.Organization, error) {
	if a.ID.IsNull() {
		return findByName(ctx, client, path.Root("name"), a.Name.ValueString())
	}
	id, err := component.ParseIDArgument(path.Root("id"), a.ID)
	if err != nil {
		return nil, err
	}
	return client.GetOrganization(ctx, id)
}

func (a dataArguments) state(ctx context.Context, org *guardai.Organization) (tftypes.Value, error) {
	mapper := newDataMapper(ctx)
	fields, err := mapper.fields(ctx, org)
	if err != nil {
		return tftypes.Value{}, err
	}
	fieldTypes := maps.Clone(mapper.organization.AttributeTypes)
	fields["refresh_stats"], fieldTypes["refresh_stats"] = tftypes.NewValue(tftypes.Bool, a.RefreshStats.ValueBoolPointer()), tftypes.Bool
	return tftypes.NewValue(tftypes.Object{AttributeTypes: fieldTypes}, fields), nil
}

// refresh recalculates an organization's stats and reads them.
func refresh(ctx context.Context, client *guardai.Client, id int64) (*guardai.Organization, error) {
	if err := client.RefreshStats(ctx, id); err != nil {
		return nil, err
	}
	return client.GetOrganization(ctx, id)
}
