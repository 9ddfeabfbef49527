package organizationfile

import (
	"cmp"
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/guardai/terraform-provider-guardai/internal/component"
	"github.com/guardai/terraform-provider-guardai/internal/guardai"
)

var _ list.ListResourceWithConfigure = (*fileResource)(nil)

type listModel struct {
	OrganizationID component.IDValue `tfsdk:"organization_id"`
}

// listedFile is a file and the organization that lists it.
type listedFile struct {
	guardai.ClassMappingFile
	organization *guardai.Organization
}

// NewListResource returns the list resource guardai_organization_file.
func NewListResource() list.ListResource { return &fileResource{} }

func (r *fileResource) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the files of one organization or of all organizations, in the platform's order, for `terraform query`. Requires Terraform 1.14 or newer. The platform lists only the files of the type `classmapping`.\n\n" +
			"Terraform lists at most 100 files unless you set `limit`. Listing takes one API call. With `include_resource`, which `terraform query -generate-config-out` sets, " +
			"the provider also downloads each file for its hash and size.",
		Attributes: map[string]schema.Attribute{
			"organization_id": schema.StringAttribute{
				CustomType:          component.IDType{},
				MarkdownDescription: "ID of the organization whose files to list. Default: all organizations, by ascending ID, which requires administrator rights.",
				Optional:            true,
			},
		},
	}
}

func (r *fileResource) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	var config listModel
	diags := req.Config.Get(ctx, &config)
	client, ok := r.ReadyClient(&diags)
	if !ok {
		stream.Results = list.ListResultsStreamDiagnostics(diags)
		return
	}
	organizations := config.organizations(ctx, client, &diags)
	if diags.HasError() {
		stream.Results = list.ListResultsStreamDiagnostics(diags)
		return
	}
	component.StreamDownloads(ctx, req, stream, filesOf(organizations), func(ctx context.Context, file listedFile) *list.ListResult {
		return listResult(ctx, client, req, file)
	})
}

// filesOf returns the files of organizations. It omits files without a reference, which can't be imported or
// downloaded.
func filesOf(organizations []*guardai.Organization) []listedFile {
	var files []listedFile
	for _, org := range organizations {
		for _, file := range org.Settings.ClassMappingFiles {
			if file.Ref != "" {
				files = append(files, listedFile{file, org})
			}
		}
	}
	return files
}

// organizations returns the organization that the configuration names, or all.
func (m *listModel) organizations(ctx context.Context, client *guardai.Client, diags *diag.Diagnostics) []*guardai.Organization {
	at := path.Root("organization_id")
	if m.OrganizationID.IsNull() {
		all, err := client.ListOrganizations(ctx)
		if err != nil {
			component.AddAttributeError(diags, at, "Unable to list the files of all organizations", err)
		}
		return all
	}
	id := m.OrganizationID.Int64(at, diags)
	if diags.HasError() {
		return nil
	}
	org, err := client.GetOrganization(ctx, id)
	if err != nil {
		component.AddAttributeError(diags, at, "Unable to list the files of organization "+component.FormatID(id), err)
	}
	return []*guardai.Organization{org}
}

// listResult maps a file to a query result, or nil if the file was deleted after it was listed.
func listResult(ctx context.Context, client *guardai.Client, req list.ListRequest, file listedFile) *list.ListResult {
	result := req.NewListResult(ctx)
	result.DisplayName = fmt.Sprintf("%s (%s)", cmp.Or(file.FileName, file.Ref), file.organization.Name)
	key := guardai.FileKey{OrganizationID: file.organization.ID, Type: guardai.FileTypeClassMapping, Ref: file.Ref}
	model := imported(key)
	result.Diagnostics.Append(result.Identity.Set(ctx, model.identity())...)
	if !req.IncludeResource {
		return &result
	}
	model.fromAPI(&file.ClassMappingFile)
	switch err := model.readContent(ctx, client, key); {
	case guardai.IsNotFound(err):
		return nil
	case err != nil:
		component.AddError(&result.Diagnostics, "Unable to read file "+model.ID.ValueString(), err)
	default:
		result.Diagnostics.Append(result.Resource.Set(ctx, model)...)
	}
	return &result
}
