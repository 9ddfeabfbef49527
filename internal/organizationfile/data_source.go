package organizationfile

import (
	"context"
	"errors"
	"fmt"
	"unicode/utf8"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/guardai/terraform-provider-guardai/internal/component"
	"github.com/guardai/terraform-provider-guardai/internal/guardai"
)

// maxDataContent is the largest file that the data source reads, in bytes.
const maxDataContent = 1 << 20

var _ datasource.DataSourceWithConfigure = (*fileDataSource)(nil)

type fileDataSource struct{ component.DataSource }

// fileArguments are what both data sources take.
type fileArguments struct {
	OrganizationID types.Int64  `tfsdk:"organization_id"`
	Type           types.String `tfsdk:"type"`
	Ref            types.String `tfsdk:"ref"`
}

// key is the file that the arguments name, with the default for its type.
func (a *fileArguments) key() guardai.FileKey {
	if a.Type.IsNull() {
		a.Type = types.StringValue(defaultType)
	}
	return guardai.FileKey{OrganizationID: a.OrganizationID.ValueInt64(), Type: a.Type.ValueString(), Ref: a.Ref.ValueString()}
}

// dataModel is the data source's configuration and state.
type dataModel struct {
	fileArguments
	Name          types.String `tfsdk:"name"`
	ContentType   types.String `tfsdk:"content_type"`
	DatasetID     types.Int64  `tfsdk:"dataset_id"`
	Size          types.Int64  `tfsdk:"size"`
	ContentSHA256 types.String `tfsdk:"content_sha256"`
	Content       types.String `tfsdk:"content"`
	ContentBase64 types.String `tfsdk:"content_base64"`
}

// NewDataSource returns the data source guardai_organization_file.
func NewDataSource() datasource.DataSource { return &fileDataSource{} }

func (d *fileDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_organization_file"
}

func argumentAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"organization_id": schema.Int64Attribute{
			MarkdownDescription: "Id of the organization that the file belongs to.",
			Required:            true,
			Validators:          []validator.Int64{int64validator.AtLeast(1)},
		},
		"type": schema.StringAttribute{
			MarkdownDescription: "Type of the file. Default: `classmapping`.",
			Optional:            true,
			Computed:            true,
			Validators:          []validator.String{component.NotBlank()},
		},
		"ref": schema.StringAttribute{
			MarkdownDescription: "Reference by which the platform knows the file.",
			Required:            true,
			Validators:          []validator.String{component.NotBlank()},
		},
	}
}

func (d *fileDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := argumentAttributes()
	attributes["name"] = schema.StringAttribute{Computed: true, MarkdownDescription: "Name of the file; null for a type that the platform doesn't list."}
	attributes["content_type"] = schema.StringAttribute{Computed: true, MarkdownDescription: "Media type of the file."}
	attributes["dataset_id"] = schema.Int64Attribute{Computed: true, MarkdownDescription: "Id of the dataset that the file belongs to; null if to none."}
	attributes["size"] = schema.Int64Attribute{Computed: true, MarkdownDescription: "Size of the content, in bytes."}
	attributes["content_sha256"] = schema.StringAttribute{Computed: true, MarkdownDescription: "SHA-256 of the content, in hexadecimal digits."}
	attributes["content"] = schema.StringAttribute{Computed: true, MarkdownDescription: "The content as text; null where it is not UTF-8."}
	attributes["content_base64"] = schema.StringAttribute{Computed: true, MarkdownDescription: "The content in base64."}
	resp.Schema = schema.Schema{
		MarkdownDescription: "A file of an organization with its content, which is kept in state. A file of more than 1 MiB is an error.",
		Attributes:          attributes,
	}
}

func (d *fileDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var model dataModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	client, diags := d.Client()
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	key := model.key()
	summary := "Unable to read file " + formatID(key)
	org, err := client.GetOrganization(ctx, key.OrganizationID)
	if err != nil {
		component.AddError(&resp.Diagnostics, path.Root("organization_id"), summary, err)
		return
	}
	entry := listed(org, key)
	expected := ""
	if entry != nil {
		expected = entry.ContentType
	}
	found, err := downloadAll(ctx, client, key, maxDataContent, expected)
	switch {
	case errors.Is(err, errTooLarge):
		resp.Diagnostics.AddAttributeError(path.Root("ref"), "File too large", fmt.Sprintf(
			"File %s is larger than 1 MiB (1048576 bytes). This data source keeps content in state and takes no more; the resource guardai_organization_file keeps only a hash.", formatID(key)))
		return
	case err != nil:
		component.AddError(&resp.Diagnostics, path.Root("ref"), summary, err)
		return
	}
	model.take(entry, found)
	resp.Diagnostics.Append(resp.State.Set(ctx, model)...)
}

// take maps what the platform lists and holds into the model.
func (m *dataModel) take(entry *guardai.ClassMappingFile, found *downloaded) {
	m.ContentType = types.StringValue(found.contentType)
	if entry != nil {
		m.Name = types.StringValue(entry.FileName)
		m.ContentType = types.StringValue(entry.ContentType)
		m.DatasetID = types.Int64PointerValue(entry.DatasetID)
	}
	m.Size = types.Int64Value(found.size)
	m.ContentSHA256 = types.StringValue(found.sha256)
	m.ContentBase64 = types.StringValue(found.base64())
	if utf8.Valid(found.head) {
		m.Content = types.StringValue(string(found.head))
	}
}
