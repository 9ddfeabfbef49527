// Package organizationfile offers the files of organizations: the resource, the data sources and the list resource.
package organizationfile

import (
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/guardai/terraform-provider-guardai/internal/component"
	"github.com/guardai/terraform-provider-guardai/internal/guardai"
)

// resourceModel is the resource's state, plan and configuration.
type resourceModel struct {
	ID             types.String `tfsdk:"id"`
	OrganizationID types.String `tfsdk:"organization_id"`
	Type           types.String `tfsdk:"type"`
	Name           types.String `tfsdk:"name"`
	Source         types.String `tfsdk:"source"`
	Content        types.String `tfsdk:"content"`
	ContentBase64  types.String `tfsdk:"content_base64"`
	DatasetID      types.String `tfsdk:"dataset_id"`
	ContentSHA256  types.String `tfsdk:"content_sha256"`
	Size           types.Int64  `tfsdk:"size"`
	ContentType    types.String `tfsdk:"content_type"`
	Ref            types.String `tfsdk:"ref"`
	VerifyContent  types.Bool   `tfsdk:"verify_content"`
	ForceDestroy   types.Bool   `tfsdk:"force_destroy"`
}

// identityModel is what identifies a file. Its ref may change when new content is uploaded.
type identityModel struct {
	OrganizationID types.String `tfsdk:"organization_id"`
	Type           types.String `tfsdk:"type"`
	Ref            types.String `tfsdk:"ref"`
}

// key returns the file's key: that of its id, which is ASCII, since Terraform may have changed the form of a ref that
// isn't in Unicode's NFC; for a file that is yet to be created, one without a ref.
func (m *resourceModel) key() (guardai.FileKey, error) {
	if id := m.ID.ValueString(); id != "" {
		key, err := component.ParseFileID(id)
		if err != nil {
			return key, &component.ArgumentError{At: path.Root("id"), Summary: "Invalid id of a file", Detail: "The id " + id + " can't be used: " + err.Error() + "."}
		}
		return key, nil
	}
	organizationID, err := component.ParseIDArgument(path.Root("organization_id"), m.OrganizationID)
	return guardai.FileKey{OrganizationID: organizationID, Type: m.Type.ValueString()}, err
}

func (m *resourceModel) identity() identityModel {
	return identityModel{OrganizationID: m.OrganizationID, Type: m.Type, Ref: m.Ref}
}

// setKey takes the key by which the platform knows the file.
func (m *resourceModel) setKey(key guardai.FileKey) {
	m.OrganizationID = component.ID(key.OrganizationID)
	m.Type = types.StringValue(key.Type)
	m.Ref = types.StringValue(key.Ref)
	m.ID = types.StringValue(component.FormatFileID(key))
}

// justImported reports whether state holds nothing but what an import names.
func (m *resourceModel) justImported() bool { return m.ContentSHA256.IsNull() }

// unlisted reports whether the file is one that its organization should list and doesn't: then its name isn't known.
func (m *resourceModel) unlisted() bool {
	return m.Type.ValueString() == guardai.FileTypeClassMapping && m.Name.IsNull()
}

// fromAPI maps what the platform lists of the file into the model. Of a file that isn't listed the platform reports
// no name; what else is known of it stays, so that it can be listed again as it was.
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
	m.DatasetID = types.StringPointerValue(component.FormatIDPointer(listed.DatasetID))
}

// listed finds a file in its organization's settings, which list only class mapping files; nil where it isn't there.
func listed(org *guardai.Organization, key guardai.FileKey) *guardai.ClassMappingFile {
	if key.Type != guardai.FileTypeClassMapping {
		return nil
	}
	for i, file := range org.Settings.ClassMappingFiles {
		if file.Ref == key.Ref {
			return &org.Settings.ClassMappingFiles[i]
		}
	}
	return nil
}
