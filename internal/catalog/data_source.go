// Package catalog implements the data sources for what the platform defines for an organization: assets, transforms and
// methods of hyperparameter optimization (HPO).
package catalog

import (
	"context"
	"fmt"
	"maps"

	"github.com/hashicorp/terraform-plugin-framework-jsontypes/jsontypes"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/guardai/terraform-provider-guardai/internal/component"
	"github.com/guardai/terraform-provider-guardai/internal/guardai"
)

var _ datasource.DataSourceWithConfigure = (*dataSource[any])(nil)

// dataSource is a data source of the catalog. Model is its state.
type dataSource[Model any] struct {
	component.DataSource
	// name is the type name after guardai_organization_, and action completes "Unable to … of organization" in errors.
	name, action string
	description  string
	// attributes are the attributes other than organization_id.
	attributes map[string]schema.Attribute
	fetch      func(ctx context.Context, client *guardai.Client, organizationID int64) (Model, error)
}

func (d *dataSource[Model]) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_organization_" + d.name
}

func (d *dataSource[Model]) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := map[string]schema.Attribute{
		"organization_id": schema.StringAttribute{CustomType: component.IDType{}, MarkdownDescription: "ID of the organization.", Required: true},
	}
	maps.Copy(attributes, d.attributes)
	resp.Schema = schema.Schema{MarkdownDescription: d.description, Attributes: attributes}
}

func (d *dataSource[Model]) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var id component.IDValue
	at := path.Root("organization_id")
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, at, &id)...)
	organizationID := id.Int64(at, &resp.Diagnostics)
	client, ok := d.ReadyClient(&resp.Diagnostics)
	if !ok {
		return
	}
	model, err := d.fetch(ctx, client, organizationID)
	if err != nil {
		component.AddAttributeError(&resp.Diagnostics, at, fmt.Sprintf("Unable to %s of organization %d", d.action, organizationID), err)
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, model)...)
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
