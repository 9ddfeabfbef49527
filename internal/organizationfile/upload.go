package organizationfile

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/guardai/terraform-provider-guardai/internal/component"
	"github.com/guardai/terraform-provider-guardai/internal/component/filecontent"
	"github.com/guardai/terraform-provider-guardai/internal/guardai"
)

// upload uploads content and updates the model. previousName is the name of an existing file. It returns false after an
// error.
func (m *resourceModel) upload(ctx context.Context, client *guardai.Client, content *filecontent.Content, previousName types.String, diags *diag.Diagnostics) bool {
	request := m.uploadRequest(content, diags)
	if diags.HasError() {
		return false
	}
	request.PreviousName = previousName.ValueString()
	uploaded, err := client.UploadFile(ctx, request)
	if uploaded.RecoveredFrom != nil {
		component.AddRecovered(diags, "File found after its response was lost", fmt.Sprintf(
			"The file %q was found on the platform by its name and content, with the reference %q, and put into state.", m.Name.ValueString(), uploaded.Ref), uploaded.RecoveredFrom)
	}
	if err != nil {
		m.content().AddUploadError(diags, fmt.Sprintf("Unable to upload file %q", m.Name.ValueString()), err)
		return false
	}
	key := request.FileKey
	key.Ref = uploaded.Ref
	m.setKey(key)
	m.setDigest(content.Digest)
	m.ContentType = types.StringValue(request.ContentType)
	if m.DatasetID.IsUnknown() {
		m.DatasetID = component.OptionalID(nil)
	}
	return true
}

func (m *resourceModel) uploadRequest(content *filecontent.Content, diags *diag.Diagnostics) guardai.Upload {
	return guardai.Upload{
		FileKey:     m.key(diags),
		DatasetID:   m.datasetID(diags),
		Name:        m.Name.ValueString(),
		ContentType: filecontent.MediaType(m.Name.ValueString()),
		Size:        content.Size,
		SHA256:      content.SHA256,
		Open:        content.Open,
	}
}

// datasetID returns nil if the file belongs to no dataset.
func (m *resourceModel) datasetID(diags *diag.Diagnostics) *int64 {
	if m.DatasetID.IsNull() || m.DatasetID.IsUnknown() {
		return nil
	}
	id := m.DatasetID.Int64(path.Root("dataset_id"), diags)
	return &id
}

// updateContent uploads the planned content unless the platform has and lists it. The upload carries the new name,
// which determines the media type. The API doesn't document whether it also renames the file, so the model keeps the
// old name. ok is false after an error.
func (m *resourceModel) updateContent(ctx context.Context, client *guardai.Client, state resourceModel, name types.String, diags *diag.Diagnostics) (uploaded, ok bool) {
	sending := *m
	sending.Name = name
	relist := sending.listsAgain(state)
	if m.ContentSHA256.Equal(state.ContentSHA256) && !relist {
		return false, true
	}
	content, ok := m.content().ForUpload(ctx, m.ContentSHA256, m.Size, diags)
	if !ok || content == nil {
		return false, ok
	}
	if content.SHA256 == state.ContentSHA256.ValueString() && !relist {
		m.ContentSHA256, m.Size = state.ContentSHA256, state.Size
		return false, true
	}
	if !sending.upload(ctx, client, content, state.Name, diags) {
		return false, false
	}
	*m = sending
	m.Name = state.Name
	return true, true
}

// rename renames the file if the name changes. ok is false after an error.
func (m *resourceModel) rename(ctx context.Context, client *guardai.Client, name types.String, diags *diag.Diagnostics) (renamed, ok bool) {
	if name.IsNull() || name.Equal(m.Name) {
		return false, true
	}
	key := m.key(diags)
	if diags.HasError() {
		return false, false
	}
	if err := client.RenameFile(ctx, key, name.ValueString()); err != nil {
		component.AddAttributeError(diags, path.Root("name"), "Unable to rename file "+m.ID.ValueString(), err)
		return false, false
	}
	m.Name = name
	return true, true
}
