package definition

import (
	"cmp"
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/guardai/terraform-provider-guardai/internal/component"
	"github.com/guardai/terraform-provider-guardai/internal/guardai"
)

var _ list.ListResourceWithConfigure = (*definitionResource)(nil)

type listModel struct {
	OrganizationID component.IDValue `tfsdk:"organization_id"`
}

func (r *definitionResource) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: fmt.Sprintf("Lists the custom %[1]ss of an organization, in the platform's order, for `terraform query`. Requires Terraform 1.14 or newer.\n\n"+
			"Terraform lists at most 100 %[1]ss unless you set `limit`. Listing takes two API calls. With `include_resource`, which `terraform query -generate-config-out` sets, "+
			"the provider also downloads each code file for its hash and size.", r.kind.name),
		Attributes: map[string]schema.Attribute{
			"organization_id": schema.StringAttribute{
				CustomType:          component.IDType{},
				MarkdownDescription: fmt.Sprintf("ID of the organization whose %ss to list.", r.kind.name),
				Required:            true,
			},
		},
	}
}

func (r *definitionResource) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	var config listModel
	diags := req.Config.Get(ctx, &config)
	at := path.Root("organization_id")
	organizationID := config.OrganizationID.Int64(at, &diags)
	client, ok := r.ReadyClient(&diags)
	if !ok {
		stream.Results = list.ListResultsStreamDiagnostics(diags)
		return
	}
	definitions, err := client.ListDefinitions(ctx, r.kind.name, organizationID)
	if err != nil {
		component.AddAttributeError(&diags, at, fmt.Sprintf("Unable to list the %ss of organization %d", r.kind.name, organizationID), err)
		stream.Results = list.ListResultsStreamDiagnostics(diags)
		return
	}
	component.StreamDownloads(ctx, req, stream, definitions, func(ctx context.Context, d guardai.Definition) *list.ListResult {
		return r.listResult(ctx, client, req, organizationID, d)
	})
}

// listResult maps a definition to a query result.
func (r *definitionResource) listResult(ctx context.Context, client *guardai.Client, req list.ListRequest, organizationID int64, d guardai.Definition) *list.ListResult {
	result := req.NewListResult(ctx)
	result.DisplayName = cmp.Or(d.Name, d.ID)
	model := r.kind.newModel()
	key := guardai.DefinitionKey{Kind: r.kind.name, OrganizationID: organizationID, ID: d.ID}
	model.common().setKey(key)
	result.Diagnostics.Append(result.Identity.Set(ctx, model.common().identity())...)
	if !req.IncludeResource {
		return &result
	}
	fromAPI(model, &d, &result.Diagnostics)
	if err := model.common().readCode(ctx, client, key); err != nil {
		component.AddError(&result.Diagnostics, fmt.Sprintf("Unable to read %s %s", key.Kind, key), err)
		return &result
	}
	result.Diagnostics.Append(result.Resource.Set(ctx, model)...)
	return &result
}
