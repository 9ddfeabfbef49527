package organizationfile

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/guardai/terraform-provider-guardai/internal/component"
	"github.com/guardai/terraform-provider-guardai/internal/component/filecontent"
	"github.com/guardai/terraform-provider-guardai/internal/guardai"
)

// confirm compares a file that was uploaded or renamed with what the platform has now. A difference is an error on its
// attribute, and the model gets what the platform has, so that the next plan shows it. For a new file, it is a warning,
// and the next refresh shows it. So it is if the platform can't be asked.
func (m *resourceModel) confirm(ctx context.Context, client *guardai.Client, created, uploaded bool, diags *diag.Diagnostics) {
	key := m.key(diags)
	if diags.HasError() {
		return
	}
	err := m.confirmListed(ctx, client, key, created, uploaded, diags)
	if err == nil && uploaded && m.VerifyContent.ValueBool() {
		err = m.confirmContent(ctx, client, key, created, diags)
	}
	if err != nil {
		diags.AddWarning("Unable to check file "+m.ID.ValueString()+" after the write", component.Detail(err))
	}
}

// confirmListed compares the name and the dataset with the organization's list, unless the caller may not read it.
func (m *resourceModel) confirmListed(ctx context.Context, client *guardai.Client, key guardai.FileKey, created, uploaded bool, diags *diag.Diagnostics) error {
	if key.Type != guardai.FileTypeClassMapping {
		return nil
	}
	var listed *guardai.ClassMappingFile
	read := client.GetOrganization // Files that are written at the same time share it.
	err := client.AfterWrite(ctx, func(ctx context.Context) (bool, error) {
		org, err := read(ctx, key.OrganizationID)
		read = client.ReadOrganization
		if err != nil {
			return false, err
		}
		listed = org.File(key)
		return listed != nil && guardai.SameName(listed.FileName, m.Name.ValueString()), nil
	})
	switch {
	case guardai.IsForbidden(err):
		return nil
	case err != nil:
		return err
	}
	planned := *m
	m.fromAPI(listed)
	if listed == nil {
		m.addUnlisted(uploaded, diags)
		return nil
	}
	same := guardai.SameName(listed.FileName, planned.Name.ValueString())
	if !same {
		component.AddNotAccepted(diags, path.Root("name"), planned.Name.String(), m.Name.String(), created)
	}
	if same || created {
		m.Name = planned.Name
	}
	if planned.DatasetID.IsNull() {
		m.DatasetID = planned.DatasetID
	} else if !planned.DatasetID.Equal(m.DatasetID) {
		component.AddNotAccepted(diags, path.Root("dataset_id"), planned.DatasetID.String(), m.DatasetID.String(), false)
	}
	return nil
}

func (m *resourceModel) addUnlisted(uploaded bool, diags *diag.Diagnostics) {
	next := "The rename didn't list it. An upload may: set source, content or content_base64, and apply."
	if uploaded {
		next = "The upload didn't list it. The platform lists new files, so replace this one: apply with -replace=ADDRESS."
	}
	diags.AddAttributeError(path.Root("name"), "The platform does not list the file", fmt.Sprintf(
		"Organization %s doesn't list the file %s, so the platform doesn't know its name and dataset. %s", m.OrganizationID.ValueString(), m.ID.ValueString(), next))
}

// confirmContent compares the content with a download.
func (m *resourceModel) confirmContent(ctx context.Context, client *guardai.Client, key guardai.FileKey, created bool, diags *diag.Diagnostics) error {
	sent := filecontent.Digest{Size: m.Size.ValueInt64(), SHA256: m.ContentSHA256.ValueString()}
	actual, same, err := m.content().Confirm(ctx, client, sent, created,
		func(ctx context.Context) (filecontent.Downloaded, error) {
			return download(ctx, client, key, m.ContentType.ValueString())
		},
		func(err error) bool {
			_, listed := errors.AsType[*guardai.ListedFileError](err)
			return listed || guardai.IsNotFound(err)
		}, diags)
	if !same && !created {
		m.setDigest(actual)
		m.Content, m.ContentBase64 = types.StringNull(), types.StringNull()
	}
	return err
}
