package organizationfile

import (
	"bytes"
	"cmp"
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"unicode/utf8"

	"github.com/hashicorp/terraform-plugin-framework-validators/datasourcevalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"golang.org/x/text/unicode/norm"

	"github.com/guardai/terraform-provider-guardai/internal/component"
	"github.com/guardai/terraform-provider-guardai/internal/component/filecontent"
	"github.com/guardai/terraform-provider-guardai/internal/guardai"
)

// maxDataSourceSize is the size of the largest file that the data source reads, in bytes.
const maxDataSourceSize = 1 << 20

var (
	_ datasource.DataSourceWithConfigure        = (*fileDataSource)(nil)
	_ datasource.DataSourceWithConfigValidators = (*fileDataSource)(nil)
)

type fileDataSource struct{ component.DataSource }

// fileArguments are the arguments that both data sources have.
type fileArguments struct {
	OrganizationID component.IDValue `tfsdk:"organization_id"`
	Type           types.String      `tfsdk:"type"`
	Ref            types.String      `tfsdk:"ref"`
}

// key returns the key of the file, and sets the default type. Its ref is empty if the arguments identify the file by
// name.
func (a *fileArguments) key(diags *diag.Diagnostics) guardai.FileKey {
	if a.Type.IsNull() {
		a.Type = types.StringValue(guardai.FileTypeClassMapping)
	}
	organizationID := a.OrganizationID.Int64(path.Root("organization_id"), diags)
	return guardai.FileKey{OrganizationID: organizationID, Type: a.Type.ValueString(), Ref: a.Ref.ValueString()}
}

// dataModel is the configuration and state of guardai_organization_file.
type dataModel struct {
	fileArguments
	ID            types.String      `tfsdk:"id"`
	Name          types.String      `tfsdk:"name"`
	ContentType   types.String      `tfsdk:"content_type"`
	DatasetID     component.IDValue `tfsdk:"dataset_id"`
	Size          types.Int64       `tfsdk:"size"`
	ContentSHA256 types.String      `tfsdk:"content_sha256"`
	Content       types.String      `tfsdk:"content"`
	ContentBase64 types.String      `tfsdk:"content_base64"`
}

// NewDataSource returns the data source guardai_organization_file.
func NewDataSource() datasource.DataSource { return &fileDataSource{} }

func (d *fileDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_organization_file"
}

func argumentAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"organization_id": schema.StringAttribute{
			CustomType:          component.IDType{},
			MarkdownDescription: "ID of the organization that the file belongs to.",
			Required:            true,
		},
		"type": schema.StringAttribute{
			MarkdownDescription: "Type of the file. Default: `classmapping`.",
			Optional:            true,
			Computed:            true,
			Validators:          []validator.String{component.NotBlank()},
		},
		"ref": schema.StringAttribute{
			MarkdownDescription: "Reference that the platform assigned to the file.",
			Required:            true,
			Validators:          []validator.String{component.NotBlank()},
		},
	}
}

func (d *fileDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := argumentAttributes()
	attributes["ref"] = schema.StringAttribute{
		MarkdownDescription: "Reference that the platform assigned to the file. Set exactly one of `ref` and `name`.",
		Optional:            true,
		Computed:            true,
		Validators:          []validator.String{component.NotBlank()},
	}
	attributes["name"] = schema.StringAttribute{
		MarkdownDescription: "Name of the file, which must be unique within the organization. You can set it only for the type `classmapping`, because the platform lists no other files. Null if the platform reports no name.",
		Optional:            true,
		Computed:            true,
		Validators:          []validator.String{component.NotBlank()},
	}
	attributes["id"] = schema.StringAttribute{Computed: true, MarkdownDescription: "Import ID of the file for the resource `guardai_organization_file`: `ORGANIZATION_ID/TYPE/REF`, each part percent-encoded."}
	attributes["content_type"] = schema.StringAttribute{Computed: true, MarkdownDescription: "Media type of the file."}
	attributes["dataset_id"] = schema.StringAttribute{Computed: true, CustomType: component.IDType{}, MarkdownDescription: "ID of the dataset that the file belongs to. Null if it belongs to none."}
	attributes["size"] = schema.Int64Attribute{Computed: true, MarkdownDescription: "Size of the content, in bytes."}
	attributes["content_sha256"] = schema.StringAttribute{Computed: true, MarkdownDescription: "SHA-256 hash of the content, in hexadecimal digits."}
	attributes["content"] = schema.StringAttribute{Computed: true, MarkdownDescription: "Content as text. Null, with a warning, if it is not text in UTF-8 and in Unicode normalization form C (NFC), the only text that Terraform keeps byte for byte: use `content_base64`."}
	attributes["content_base64"] = schema.StringAttribute{Computed: true, MarkdownDescription: "Content in base64."}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Reads a file of an organization, of at most 1 MiB. The content is stored in state.",
		Attributes:          attributes,
	}
}

func (d *fileDataSource) ConfigValidators(context.Context) []datasource.ConfigValidator {
	return []datasource.ConfigValidator{
		datasourcevalidator.ExactlyOneOf(path.MatchRoot("ref"), path.MatchRoot("name")),
	}
}

func (d *fileDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var model dataModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	key := model.key(&resp.Diagnostics)
	client, ok := d.ReadyClient(&resp.Diagnostics)
	if !ok {
		return
	}
	if !model.read(ctx, client, key, &resp.Diagnostics) {
		return
	}
	if model.Content.IsNull() {
		resp.Diagnostics.AddAttributeWarning(path.Root("content"), "The content of the file is not available as text", fmt.Sprintf(
			"File %s is not text in UTF-8 and in Unicode normalization form C (NFC), so Terraform can't keep its bytes in a string: content is null. Use content_base64.", model.ID.ValueString()))
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, model)...)
}

// argumentPath returns the argument that identifies the file.
func (m *dataModel) argumentPath() path.Path {
	if m.Ref.ValueString() == "" {
		return path.Root("name")
	}
	return path.Root("ref")
}

func (m *dataModel) addReadError(diags *diag.Diagnostics, err error) {
	component.AddAttributeError(diags, m.argumentPath(), fmt.Sprintf(
		"Unable to read file %q of organization %s", m.Ref.ValueString()+m.Name.ValueString(), m.OrganizationID.ValueString()), err)
}

// read finds the file and downloads it. It returns false after an error.
func (m *dataModel) read(ctx context.Context, client *guardai.Client, key guardai.FileKey, diags *diag.Diagnostics) bool {
	org, err := client.GetOrganization(ctx, key.OrganizationID)
	if err != nil {
		m.addReadError(diags, err)
		return false
	}
	if key.Ref == "" {
		if key.Type != guardai.FileTypeClassMapping {
			diags.AddAttributeError(path.Root("name"), "Files of this type have no name", fmt.Sprintf(
				"Organizations list only files of the type %q by name, not of the type %q. Set ref instead of name.", guardai.FileTypeClassMapping, key.Type))
			return false
		}
		if key = findByName(org, path.Root("name"), diags, m.Name.ValueString()); diags.HasError() {
			return false
		}
	}
	listed := org.File(key)
	content, err := m.download(ctx, client, key, listed)
	switch {
	case err != nil:
		m.addReadError(diags, err)
		return false
	case len(content) > maxDataSourceSize:
		diags.AddError("File too large", fmt.Sprintf(
			"File %s is larger than 1 MiB (1048576 bytes). This data source stores content in state and reads no more; the resource guardai_organization_file stores only a hash.", component.FormatFileID(key)))
		return false
	}
	m.fromAPI(key, listed, content)
	return true
}

// download returns the content, of which it reads at most one byte too many, and sets the content type. listed is the
// file's list entry, which may be nil.
func (m *dataModel) download(ctx context.Context, client *guardai.Client, key guardai.FileKey, listed *guardai.ClassMappingFile) (content []byte, err error) {
	expected := ""
	if listed != nil {
		expected = listed.ContentType
	}
	err = client.DownloadFile(ctx, key, func(contentType string, body io.Reader) (err error) {
		if err := component.RejectHTMLPage(contentType, expected); err != nil {
			return err
		}
		m.ContentType = component.StringOrNull(cmp.Or(expected, contentType))
		content, err = io.ReadAll(io.LimitReader(body, maxDataSourceSize+1))
		return err
	})
	return content, err
}

// fromAPI updates the model from the file's list entry, which may be nil, and its content.
func (m *dataModel) fromAPI(key guardai.FileKey, listed *guardai.ClassMappingFile, content []byte) {
	m.ID = types.StringValue(component.FormatFileID(key))
	m.Ref = types.StringValue(key.Ref)
	if listed != nil {
		m.Name = component.StringOrNull(listed.FileName)
		m.DatasetID = component.OptionalID(listed.DatasetID)
	}
	digest, _ := filecontent.Sum(bytes.NewReader(content)) // Never fails.
	m.Size, m.ContentSHA256 = types.Int64Value(digest.Size), types.StringValue(digest.SHA256)
	m.ContentBase64 = types.StringValue(base64.StdEncoding.EncodeToString(content))
	// Terraform normalizes strings to NFC.
	if utf8.Valid(content) && norm.NFC.IsNormal(content) {
		m.Content = types.StringValue(string(content))
	}
}
