package organizationfile

import (
	"cmp"
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/guardai/terraform-provider-guardai/internal/component"
	"github.com/guardai/terraform-provider-guardai/internal/guardai"
)

// maxDownloads is how many files a query downloads at once: as many as Terraform
// refreshes at once unless -parallelism says otherwise.
const maxDownloads = 10

var _ list.ListResourceWithConfigure = (*fileResource)(nil)

// listModel is the list resource's configuration.
type listModel struct {
	OrganizationID types.Int64 `tfsdk:"organization_id"`
}

// foundFile is a file that its organization lists.
type foundFile struct {
	guardai.ClassMappingFile
	organization *guardai.Organization
}

// NewListResource returns the list resource guardai_organization_file.
func NewListResource() list.ListResource { return &fileResource{} }

func (r *fileResource) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "The files of one organization or of all, in the platform's order, for `terraform query`. It takes Terraform 1.14 or newer. The platform lists only files of the type `classmapping`.\n\n" +
			"A query lists at most 100 files unless its `limit` says otherwise. It takes one call for all of them. With `include_resource`, which `terraform query -generate-config-out` asks for by itself, " +
			"each listed file is downloaded, several at once, and the content of one of at most 64 KiB is taken, as an import does.",
		Attributes: map[string]schema.Attribute{
			"organization_id": schema.Int64Attribute{
				MarkdownDescription: "Id of the organization whose files to list. Left out, those of every organization are listed, by ascending id of the organization, which takes admin rights.",
				Optional:            true,
				Validators:          []validator.Int64{int64validator.AtLeast(1)},
			},
		},
	}
}

func (r *fileResource) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	var config listModel
	diags := req.Config.Get(ctx, &config)
	client, more := r.Client()
	diags.Append(more...)
	if diags.HasError() {
		stream.Results = list.ListResultsStreamDiagnostics(diags)
		return
	}
	files, diags := find(ctx, client, config.OrganizationID)
	if diags.HasError() {
		stream.Results = list.ListResultsStreamDiagnostics(diags)
		return
	}
	files = component.Limited(files, req.Limit)
	stream.Results = func(push func(list.ListResult) bool) {
		results := sideBySide(ctx, files, maxDownloads, func(ctx context.Context, file foundFile) *list.ListResult {
			return listResult(ctx, client, req, file)
		})
		for result := range results {
			if result != nil && (!push(*result) || result.Diagnostics.HasError()) {
				return
			}
		}
	}
}

// find returns the files of one organization, or of all where id is null. What is
// listed without a reference is no file that could be imported or downloaded.
func find(ctx context.Context, client *guardai.Client, id types.Int64) ([]foundFile, diag.Diagnostics) {
	var diags diag.Diagnostics
	var organizations []*guardai.Organization
	if id.IsNull() {
		all, err := client.ListOrganizations(ctx)
		if err != nil {
			component.AddError(&diags, path.Empty(), "Unable to list the files of all organizations", err)
			return nil, diags
		}
		organizations = all
	} else {
		org, err := client.GetOrganization(ctx, id.ValueInt64())
		if err != nil {
			component.AddError(&diags, path.Root("organization_id"), fmt.Sprintf("Unable to list the files of organization %d", id.ValueInt64()), err)
			return nil, diags
		}
		organizations = append(organizations, org)
	}
	var files []foundFile
	for _, org := range organizations {
		for _, file := range org.Settings.ClassMappingFiles {
			if file.Ref != "" {
				files = append(files, foundFile{file, org})
			}
		}
	}
	return files, diags
}

// listResult is a file as a query shows it, nil where it has gone since it was
// listed.
func listResult(ctx context.Context, client *guardai.Client, req list.ListRequest, file foundFile) *list.ListResult {
	result := req.NewListResult(ctx)
	result.DisplayName = fmt.Sprintf("%s (%s)", cmp.Or(file.FileName, file.Ref), file.organization.Name)
	model := imported(guardai.FileKey{OrganizationID: file.organization.ID, Type: defaultType, Ref: file.Ref})
	result.Diagnostics.Append(result.Identity.Set(ctx, model.identity())...)
	if !req.IncludeResource {
		return &result
	}
	model.take(&file.ClassMappingFile)
	switch err := model.takeImported(ctx, client); {
	case guardai.IsNotFound(err):
		return nil
	case err != nil:
		component.AddError(&result.Diagnostics, path.Empty(), "Unable to read file "+model.ID.ValueString(), err)
	default:
		result.Diagnostics.Append(result.Resource.Set(ctx, model)...)
	}
	return &result
}
