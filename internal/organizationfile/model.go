// Package organizationfile offers the files of an organization: the resource and
// the data sources.
package organizationfile

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/guardai/terraform-provider-guardai/internal/guardai"
)

// defaultType is the only type of file that the platform's documentation names.
const defaultType = "classmapping"

// resourceModel is the resource's state, plan and configuration.
type resourceModel struct {
	ID             types.String `tfsdk:"id"`
	OrganizationID types.Int64  `tfsdk:"organization_id"`
	Type           types.String `tfsdk:"type"`
	Name           types.String `tfsdk:"name"`
	Source         types.String `tfsdk:"source"`
	Content        types.String `tfsdk:"content"`
	ContentBase64  types.String `tfsdk:"content_base64"`
	DatasetID      types.Int64  `tfsdk:"dataset_id"`
	ContentSHA256  types.String `tfsdk:"content_sha256"`
	Size           types.Int64  `tfsdk:"size"`
	ContentType    types.String `tfsdk:"content_type"`
	Ref            types.String `tfsdk:"ref"`
	VerifyContent  types.Bool   `tfsdk:"verify_content"`
	ForceDestroy   types.Bool   `tfsdk:"force_destroy"`
}

// identityModel is what makes a file itself. Its ref may change when new content
// is uploaded.
type identityModel struct {
	OrganizationID types.Int64  `tfsdk:"organization_id"`
	Type           types.String `tfsdk:"type"`
	Ref            types.String `tfsdk:"ref"`
}

func (m *resourceModel) key() guardai.FileKey {
	return guardai.FileKey{OrganizationID: m.OrganizationID.ValueInt64(), Type: m.Type.ValueString(), Ref: m.Ref.ValueString()}
}

func (m *resourceModel) identity() identityModel {
	return identityModel{OrganizationID: m.OrganizationID, Type: m.Type, Ref: m.Ref}
}

// hasRef takes the reference that the platform knows the file by.
func (m *resourceModel) hasRef(ref string) {
	m.Ref = types.StringValue(ref)
	m.ID = types.StringValue(formatID(m.key()))
}

// justImported says whether state holds nothing but what an import names.
func (m *resourceModel) justImported() bool { return m.ContentSHA256.IsNull() }

// take maps what the platform lists of the file into the model. A file that isn't
// listed keeps what is known of it.
func (m *resourceModel) take(listed *guardai.ClassMappingFile) {
	if listed == nil {
		return
	}
	if listed.FileName != "" {
		m.Name = types.StringValue(listed.FileName)
	}
	if listed.ContentType != "" {
		m.ContentType = types.StringValue(listed.ContentType)
	}
	m.DatasetID = types.Int64PointerValue(listed.DatasetID)
}

// listed finds a file in its organization's settings, which list only class
// mapping files; nil where it isn't there.
func listed(org *guardai.Organization, key guardai.FileKey) *guardai.ClassMappingFile {
	if key.Type != defaultType {
		return nil
	}
	for i, file := range org.Settings.ClassMappingFiles {
		if file.Ref == key.Ref {
			return &org.Settings.ClassMappingFiles[i]
		}
	}
	return nil
}

// formatID is ORGANIZATION_ID/TYPE/REF, each part path-escaped.
func formatID(key guardai.FileKey) string {
	return strings.Join([]string{
		strconv.FormatInt(key.OrganizationID, 10), url.PathEscape(key.Type), url.PathEscape(key.Ref),
	}, "/")
}
