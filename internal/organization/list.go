package organization

import (
	"context"
	"fmt"
	"regexp"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/guardai/terraform-provider-guardai/internal/component"
	"github.com/guardai/terraform-provider-guardai/internal/guardai"
)

var _ list.ListResourceWithConfigure = (*organizationResource)(nil)

// listModel is the list resource's configuration.
type listModel struct {
	NameRegex types.String `tfsdk:"name_regex"`
}

// NewListResource returns the list resource guardai_organization.
func NewListResource() list.ListResource { return &organizationResource{} }

func (r *organizationResource) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "All organizations of the platform, or those whose name matches, by ascending id, for `terraform query`. It takes admin rights, and Terraform 1.14 or newer.\n\n" +
			"A query lists at most 100 organizations unless its `limit` says otherwise. All of them come from one call, with `include_resource` too.",
		Attributes: map[string]schema.Attribute{
			"name_regex": schema.StringAttribute{
				MarkdownDescription: "Regular expression (RE2) that a name must match somewhere; `^` and `$` match its ends. Left out, every organization is listed.",
				Optional:            true,
				Validators:          []validator.String{component.RegularExpression()},
			},
		},
	}
}

func (r *organizationResource) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	organizations, diags := r.matching(ctx, req)
	if diags.HasError() {
		stream.Results = list.ListResultsStreamDiagnostics(diags)
		return
	}
	stream.Results = func(push func(list.ListResult) bool) {
		for _, org := range component.Limited(organizations, req.Limit) {
			if !push(listResult(ctx, req, org)) {
				return
			}
		}
	}
}

// matching returns the organizations that the configuration asks for, by
// ascending id.
func (r *organizationResource) matching(ctx context.Context, req list.ListRequest) ([]*guardai.Organization, diag.Diagnostics) {
	var config listModel
	diags := req.Config.Get(ctx, &config)
	client, more := r.Client()
	diags.Append(more...)
	if diags.HasError() {
		return nil, diags
	}
	// The validator has seen that it compiles; no value matches everything.
	matcher, err := regexp.Compile(config.NameRegex.ValueString())
	if err != nil {
		diags.AddAttributeError(path.Root("name_regex"), "Invalid regular expression", err.Error())
		return nil, diags
	}
	organizations, err := client.ListOrganizations(ctx)
	if err != nil {
		component.AddError(&diags, path.Empty(), "Unable to list organizations", err)
		return nil, diags
	}
	var matching []*guardai.Organization
	for _, org := range organizations {
		if matcher.MatchString(org.Name) {
			matching = append(matching, org)
		}
	}
	return matching, diags
}

// listResult is an organization as a query shows it.
func listResult(ctx context.Context, req list.ListRequest, org *guardai.Organization) list.ListResult {
	result := req.NewListResult(ctx)
	result.DisplayName = displayName(org)
	result.Diagnostics.Append(result.Identity.Set(ctx, identityModel{ID: types.Int64Value(org.ID)})...)
	if req.IncludeResource {
		var model resourceModel
		result.Diagnostics.Append(model.take(ctx, org)...)
		result.Diagnostics.Append(result.Resource.Set(ctx, model)...)
	}
	return result
}

// displayName is what to call an organization to people: names need not be unique.
func displayName(org *guardai.Organization) string {
	return fmt.Sprintf("%s (%d)", org.Name, org.ID)
}
