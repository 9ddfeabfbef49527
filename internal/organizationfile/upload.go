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

// resolve returns the content to send. What was planned isn't read again here: it
// is checked on its way. nil comes with an error.
func resolve(ctx context.Context, plan resourceModel, diags *diag.Diagnostics) *content {
	if !plan.Source.IsNull() && !plan.ContentSHA256.IsUnknown() {
		return plannedFile(plan.Source.ValueString(), plan.Size.ValueInt64(), plan.ContentSHA256.ValueString())
	}
	found, err := contentOf(ctx, plan)
	if err != nil {
		unreadable(diags, plan, err)
		return nil
	}
	return found
}

// send uploads content and returns the file's reference. At a failure it has
// reported an error and returns "".
func send(ctx context.Context, client *guardai.Client, file resourceModel, what *content, diags *diag.Diagnostics) string {
	uploaded, err := client.UploadFile(ctx, guardai.Upload{
		FileKey:     file.key(),
		DatasetID:   datasetID(file),
		Name:        file.Name.ValueString(),
		ContentType: mediaType(file.Name.ValueString()),
		Size:        what.size,
		SHA256:      what.sha256,
		Open:        what.open,
	})
	if uploaded.RecoveredFrom != nil {
		component.AddRecovered(diags, "File found after its response was lost", fmt.Sprintf(
			"The file %q was found on the platform by its name and content, with the reference %q, and taken into state.", file.Name.ValueString(), uploaded.Ref), uploaded.RecoveredFrom)
	}
	if err == nil {
		return uploaded.Ref
	}
	summary := fmt.Sprintf("Unable to upload file %q", file.Name.ValueString())
	if _, ok := errors.AsType[*guardai.Error](err); ok {
		component.AddError(diags, path.Empty(), summary, err)
	} else {
		component.AddError(diags, what.at, summary, err)
	}
	return ""
}

// datasetID is nil where the file is to have none. The framework's pointer to an
// unknown value isn't.
func datasetID(file resourceModel) *int64 {
	if file.DatasetID.IsUnknown() {
		return nil
	}
	return file.DatasetID.ValueInt64Pointer()
}

// mediaType is told from the ending of a name.
func mediaType(name string) string {
	if found := mime.TypeByExtension(filepath.Ext(name)); found != "" {
		return found
	}
	return "application/octet-stream"
}

// uploaded takes what was sent into the model.
func (m *resourceModel) uploaded(ref string, what *content) {
	m.hasRef(ref)
	m.ContentSHA256 = types.StringValue(what.sha256)
	m.Size = types.Int64Value(what.size)
	m.ContentType = types.StringValue(mediaType(m.Name.ValueString()))
	if m.DatasetID.IsUnknown() {
		m.DatasetID = types.Int64Null()
	}
}

// updateContent uploads the content that was planned, unless the platform has it.
// The upload bears the new name, which decides its media type; whether it also
// renames the file isn't documented, so that the model keeps the old one. It
// reports false with an error.
func (m *resourceModel) updateContent(ctx context.Context, client *guardai.Client, state resourceModel, name types.String, diags *diag.Diagnostics) bool {
	if m.ContentSHA256.Equal(state.ContentSHA256) {
		return true
	}
	what := resolve(ctx, *m, diags)
	if what == nil {
		return false
	}
	if what.sha256 == state.ContentSHA256.ValueString() {
		m.ContentSHA256, m.Size = state.ContentSHA256, state.Size
		return true
	}
	sending := *m
	sending.Name = name
	ref := send(ctx, client, sending, what, diags)
	if ref == "" {
		return false
	}
	sending.uploaded(ref, what)
	*m = sending
	m.Name = state.Name
	return true
}

// rename gives the file a name, unless it has it. It reports false with an error.
func (m *resourceModel) rename(ctx context.Context, client *guardai.Client, name types.String, diags *diag.Diagnostics) bool {
	if name.IsNull() || name.Equal(m.Name) {
		return true
	}
	if err := client.RenameFile(ctx, m.key(), name.ValueString()); err != nil {
		component.AddError(diags, path.Root("name"), "Unable to rename file "+m.ID.ValueString(), err)
		return false
	}
	m.Name = name
	return true
}
