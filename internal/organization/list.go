package organization

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/guardai/terraform-provider-guardai/internal/component"
	"github.com/guardai/terraform-provider-guardai/internal/guardai"
)

var _ list.ListResourceWithConfigure = (*organizationResource)(nil)

type listModel struct {
	NameRegex types.String `tfsdk:"name_regex"`
}

// NewListResource returns the list resource guardai_organization.
func NewListResource() list.ListResource { return &organizationResource{} }

func (r *organizationResource) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the organizations of the platform by ascending ID, for `terraform query`. Requires administrator rights and Terraform 1.14 or newer.\n\n" +
			"Terraform lists at most 100 organizations unless you set `limit`. Listing takes one API call, even with `include_resource`.",
		Attributes: map[string]schema.Attribute{
			"name_regex": schema.StringAttribute{
				MarkdownDescription: nameRegexDescription,
				Optional:            true,
				Validators:          []validator.String{component.RegularExpression()},
			},
		},
	}
}

func (r *organizationResource) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	var config listModel
	diags := req.Config.Get(ctx, &config)
	var organizations []*guardai.Organization
	if client, ok := r.ReadyClient(&diags); ok {
		organizations = listMatching(ctx, client, config.NameRegex, &diags)
	}
	component.StreamResults(req, stream, diags, organizations, func(org *guardai.Organization) list.ListResult { return listResult(ctx, req, org) })
}

// listResult maps an organization to a query result.
func listResult(ctx context.Context, req list.ListRequest, org *guardai.Organization) list.ListResult {
	result := req.NewListResult(ctx)
	result.DisplayName = displayName(org)
	result.Diagnostics.Append(result.Identity.Set(ctx, identityModel{ID: component.ID(org.ID)})...)
	if !req.IncludeResource {
		return result
	}
	model := emptyModel()
	_ = model.fromAPI(org) // A malformed setting is null, with a warning.
	warnMalformed(org, &result.Diagnostics)
	result.Diagnostics.Append(result.Resource.Set(ctx, model)...)
	return result
}
