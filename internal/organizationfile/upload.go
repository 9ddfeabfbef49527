package organizationfile

import (
	"context"
	"errors"
	"fmt"
	"mime"
	"path/filepath"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/guardai/terraform-provider-guardai/internal/component"
	"github.com/guardai/terraform-provider-guardai/internal/guardai"
)

// plannedContent returns the content to upload, or nil if the plan sets none. A source with a planned hash isn't read
// here: it is verified during the upload.
func plannedContent(ctx context.Context, plan resourceModel, diags *diag.Diagnostics) (*content, bool) {
	if !plan.Source.IsNull() && !plan.ContentSHA256.IsUnknown() {
		return plannedFile(plan.Source.ValueString(), plan.Size.ValueInt64(), plan.ContentSHA256.ValueString()), true
	}
	found, err := contentOf(ctx, plan)
	if err != nil {
		addContentError(diags, plan, err)
	}
	return found, err == nil
}

// ignoresSource reports whether the configuration during an apply sets another source than the plan. ignore_changes
// then keeps the planned source, which may no longer exist. A plan can't detect this.
func (m *resourceModel) ignoresSource(plan resourceModel) bool {
	return !plan.Source.IsNull() && !plan.Source.IsUnknown() && !m.Source.Equal(plan.Source)
}

// upload uploads content and updates the model. previousName is the name of an existing file. It returns false after an
// error.
func (m *resourceModel) upload(ctx context.Context, client *guardai.Client, what *content, previousName types.String, diags *diag.Diagnostics) bool {
	summary := fmt.Sprintf("Unable to upload file %q", m.Name.ValueString())
	request, err := m.uploadRequest(what)
	if err != nil {
		component.AddError(diags, path.Empty(), summary, err)
		return false
	}
	request.PreviousName = previousName.ValueString()
	uploaded, err := client.UploadFile(ctx, request)
	if uploaded.RecoveredFrom != nil {
		component.AddRecovered(diags, "File found after its response was lost", fmt.Sprintf(
			"The file %q was found on the platform by its name and content, with the reference %q, and put into state.", m.Name.ValueString(), uploaded.Ref), uploaded.RecoveredFrom)
	}
	if err != nil {
		at := what.at
		if _, ok := errors.AsType[*guardai.Error](err); ok {
			at = path.Empty()
		}
		component.AddError(diags, at, summary, err)
		return false
	}
	key := request.FileKey
	key.Ref = uploaded.Ref
	m.setKey(key)
	m.ContentSHA256 = types.StringValue(what.sha256)
	m.Size = types.Int64Value(what.size)
	m.ContentType = types.StringValue(mediaType(m.Name.ValueString()))
	if m.DatasetID.IsUnknown() {
		m.DatasetID = types.StringNull()
	}
	return true
}

func (m *resourceModel) uploadRequest(what *content) (guardai.Upload, error) {
	key, err := m.key()
	if err != nil {
		return guardai.Upload{}, err
	}
	datasetID, err := m.datasetID()
	return guardai.Upload{
		FileKey:     key,
		DatasetID:   datasetID,
		Name:        m.Name.ValueString(),
		ContentType: mediaType(m.Name.ValueString()),
		Size:        what.size,
		SHA256:      what.sha256,
		Open:        what.open,
	}, err
}

// datasetID returns nil if the file belongs to no dataset.
func (m *resourceModel) datasetID() (*int64, error) {
	if m.DatasetID.IsNull() || m.DatasetID.IsUnknown() {
		return nil, nil //nolint:nilnil // The dataset is optional.
	}
	id, err := component.ParseIDArgument(path.Root("dataset_id"), m.DatasetID)
	return &id, err
}

func mediaType(name string) string {
	if found := mime.TypeByExtension(filepath.Ext(name)); found != "" {
		return found
	}
	return "application/octet-stream"
}

// updateContent uploads the planned content unless the platform has and lists it. The upload carries the new name,
// which determines the media type. The API doesn't document whether it also renames the file or lists it again, so the
// model keeps the old name unless the file was listed again. It returns false after an error.
func (m *resourceModel) updateContent(ctx context.Context, client *guardai.Client, state resourceModel, name types.String, diags *diag.Diagnostics) bool {
	sending := *m
	sending.Name = name
	relist := sending.listsAgain(state)
	if m.ContentSHA256.Equal(state.ContentSHA256) && !relist {
		return true
	}
	what, ok := plannedContent(ctx, *m, diags)
	if !ok || what == nil {
		return ok
	}
	if what.sha256 == state.ContentSHA256.ValueString() && !relist {
		m.ContentSHA256, m.Size = state.ContentSHA256, state.Size
		return true
	}
	if !sending.upload(ctx, client, what, state.Name, diags) {
		return false
	}
	*m = sending
	if !relist || m.checkListed(ctx, client) != nil {
		m.Name = state.Name
	}
	return true
}

// rename renames the file if the name changes. It returns false after an error.
func (m *resourceModel) rename(ctx context.Context, client *guardai.Client, name types.String, diags *diag.Diagnostics) bool {
	if name.IsNull() || name.Equal(m.Name) {
		return true
	}
	summary := "Unable to rename file " + m.ID.ValueString()
	key, err := m.key()
	if err == nil {
		err = client.RenameFile(ctx, key, name.ValueString())
	}
	if err == nil && m.unlisted() {
		err = m.checkListed(ctx, client)
	}
	if err != nil {
		component.AddError(diags, path.Root("name"), summary, err)
		return false
	}
	m.Name = name
	return true
}
