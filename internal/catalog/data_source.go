// Package catalog implements the data sources for what the platform defines for an organization, such as assets and
// methods of hyperparameter optimization (HPO), and for what an organization contains, such as projects.
package catalog

import (
	"context"
	"maps"

	"github.com/hashicorp/terraform-plugin-framework-jsontypes/jsontypes"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/guardai/terraform-provider-guardai/internal/component"
	"github.com/guardai/terraform-provider-guardai/internal/guardai"
)

var _ datasource.DataSourceWithConfigure = (*dataSource)(nil)

// dataSource is a data source of the catalog.
type dataSource struct {
	component.DataSource
	// name is the type name after guardai_, and action completes "Unable to … of organization" in errors.
	name, action string
	description  string
	// ofPlatform is set if the data source isn't about one organization. It then has no organization_id.
	ofPlatform bool
	// attributes are the attributes other than organization_id, and fetch returns their values.
	attributes map[string]schema.Attribute
	fetch      func(ctx context.Context, client *guardai.Client, organizationID int64) (map[string]any, error)
}

func (d *dataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_" + d.name
}

func (d *dataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := maps.Clone(d.attributes)
	if !d.ofPlatform {
		attributes["organization_id"] = schema.StringAttribute{CustomType: component.IDType{}, MarkdownDescription: "ID of the organization.", Required: true}
	}
	resp.Schema = schema.Schema{MarkdownDescription: d.description, Attributes: attributes}
}

func (d *dataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var organizationID int64
	at, summary := path.Empty(), "Unable to "+d.action
	if !d.ofPlatform {
		var id component.IDValue
		at = path.Root("organization_id")
		resp.Diagnostics.Append(req.Config.GetAttribute(ctx, at, &id)...)
		resp.Diagnostics.Append(resp.State.SetAttribute(ctx, at, id)...)
		organizationID = id.Int64(at, &resp.Diagnostics)
		summary += " of organization " + id.ValueString()
	}
	client, ok := d.ReadyClient(&resp.Diagnostics)
	if !ok {
		return
	}
	values, err := d.fetch(ctx, client, organizationID)
	if err != nil {
		component.AddAttributeError(&resp.Diagnostics, at, summary, err)
		return
	}
	for name, value := range values {
		resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root(name), value)...)
	}
}

// listOf returns a fetch function that lists objects and puts them, converted, into one attribute.
func listOf[From, To any](
	attribute string, list func(context.Context, *guardai.Client, int64) ([]From, error), convert func(From) (To, error),
) func(context.Context, *guardai.Client, int64) (map[string]any, error) {
	return func(ctx context.Context, client *guardai.Client, organizationID int64) (map[string]any, error) {
		listed, err := list(ctx, client, organizationID)
		if err != nil {
			return nil, err
		}
		converted := make([]To, 0, len(listed))
		for _, from := range listed {
			to, err := convert(from)
			if err != nil {
				return nil, err
			}
			converted = append(converted, to)
		}
		return map[string]any{attribute: converted}, nil
	}
}

func jsonAttribute(description string) schema.Attribute {
	return schema.StringAttribute{
		MarkdownDescription: description + " as normalized JSON, without white space, with sorted keys and with all digits of numbers. Decode it with `jsondecode`.",
		Computed:            true,
		CustomType:          jsontypes.NormalizedType{},
	}
}

func idAttribute(description string) schema.Attribute {
	return schema.StringAttribute{Computed: true, CustomType: component.IDType{}, MarkdownDescription: description}
}

func textAttribute(description string) schema.Attribute {
	return schema.StringAttribute{Computed: true, MarkdownDescription: description}
}

func flagAttribute(description string) schema.Attribute {
	return schema.BoolAttribute{Computed: true, MarkdownDescription: description}
}

func textsAttribute(description string) schema.Attribute {
	return schema.ListAttribute{Computed: true, ElementType: types.StringType, MarkdownDescription: description + ", in the platform's order."}
}

// listAttribute is a list of objects, each of which the platform identifies.
func listAttribute(description string, attributes map[string]schema.Attribute) schema.Attribute {
	return schema.ListNestedAttribute{
		MarkdownDescription: description + ", by ascending ID. A field that the platform omits is null.",
		Computed:            true,
		NestedObject:        schema.NestedAttributeObject{Attributes: attributes},
	}
}

func numberAttribute(description string) schema.Attribute {
	return schema.NumberAttribute{Computed: true, MarkdownDescription: description}
}
