// Package organizationfile implements the resource, the data sources and the list resource for the files of
// organizations.
package organizationfile

import (
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/guardai/terraform-provider-guardai/internal/component"
	"github.com/guardai/terraform-provider-guardai/internal/component/filecontent"
	"github.com/guardai/terraform-provider-guardai/internal/guardai"
)

type resourceModel struct {
	ID             types.String      `tfsdk:"id"`
	OrganizationID component.IDValue `tfsdk:"organization_id"`
	Type           types.String      `tfsdk:"type"`
	Name           types.String      `tfsdk:"name"`
	Source         types.String      `tfsdk:"source"`
	Content        types.String      `tfsdk:"content"`
	ContentBase64  types.String      `tfsdk:"content_base64"`
	DatasetID      component.IDValue `tfsdk:"dataset_id"`
	ContentSHA256  types.String      `tfsdk:"content_sha256"`
	Size           types.Int64       `tfsdk:"size"`
	ContentType    types.String      `tfsdk:"content_type"`
	Ref            types.String      `tfsdk:"ref"`
	VerifyContent  types.Bool        `tfsdk:"verify_content"`
	ForceDestroy   types.Bool        `tfsdk:"force_destroy"`
}

// identityModel is the resource's identity. Its ref may change when new content is uploaded.
type identityModel struct {
	OrganizationID component.IDValue `tfsdk:"organization_id"`
	Type           types.String      `tfsdk:"type"`
	Ref            types.String      `tfsdk:"ref"`
}

// key returns the file's key, without a ref if the file is new. It parses the id, which is ASCII: Terraform normalizes
// strings to NFC, which may change a ref.
func (m *resourceModel) key(diags *diag.Diagnostics) guardai.FileKey {
	if id := m.ID.ValueString(); id != "" {
		key, err := component.ParseFileID(id)
		if err != nil {
			diags.AddAttributeError(path.Root("id"), "Invalid id of a file",
				"The id "+id+" can't be used: "+err.Error()+". Remove the file from state with terraform state rm, and import it again.")
		}
		return key
	}
	organizationID := m.OrganizationID.Int64(path.Root("organization_id"), diags)
	return guardai.FileKey{OrganizationID: organizationID, Type: m.Type.ValueString()}
}

func (m *resourceModel) identity() identityModel {
	return identityModel{OrganizationID: m.OrganizationID, Type: m.Type, Ref: m.Ref}
}

func (m *resourceModel) setKey(key guardai.FileKey) {
	m.OrganizationID = component.ID(key.OrganizationID)
	m.Type = types.StringValue(key.Type)
	m.Ref = types.StringValue(key.Ref)
	m.ID = types.StringValue(component.FormatFileID(key))
}

// content returns the arguments that set the content.
func (m *resourceModel) content() filecontent.Arguments {
	return filecontent.Arguments{Source: m.Source, Content: m.Content, ContentBase64: m.ContentBase64}
}

func (m *resourceModel) setDigest(digest filecontent.Digest) {
	m.ContentSHA256 = types.StringValue(digest.SHA256)
	m.Size = types.Int64Value(digest.Size)
}

// justImported reports whether state holds only what an import sets.
func (m *resourceModel) justImported() bool { return m.ContentSHA256.IsNull() }

// unlisted reports whether the organization should list the file and doesn't. Its name is then unknown.
func (m *resourceModel) unlisted() bool {
	return m.Type.ValueString() == guardai.FileTypeClassMapping && m.Name.IsNull()
}

// fromAPI updates the model from the file's list entry. If that is nil, the name is unknown; the other values stay, so
// that the file can be listed again.
func (m *resourceModel) fromAPI(listed *guardai.ClassMappingFile) {
	if listed == nil {
		if m.Type.ValueString() == guardai.FileTypeClassMapping {
			m.Name = types.StringNull()
		}
		return
	}
	m.Name = component.StringOrNull(listed.FileName)
	if listed.ContentType != "" {
		m.ContentType = types.StringValue(listed.ContentType)
	}
	m.DatasetID = component.OptionalID(listed.DatasetID)
}
