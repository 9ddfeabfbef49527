package organizationfile

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/guardai/terraform-provider-guardai/internal/component"
	"github.com/guardai/terraform-provider-guardai/internal/guardai"
)

// maxImportedContent is the size of the largest content that an import stores in state, in bytes.
const maxImportedContent = 64 << 10

// refresh updates the model. A missing file is guardai.IsNotFound.
func (m *resourceModel) refresh(ctx context.Context, client *guardai.Client) error {
	key, err := m.key()
	if err != nil {
		return err
	}
	org, err := client.GetOrganization(ctx, key.OrganizationID)
	if err != nil {
		return err
	}
	entry := findListed(org, key)
	m.fromAPI(entry)
	switch {
	case m.justImported():
		return m.readImported(ctx, client, key)
	case m.VerifyContent.ValueBool():
		found, err := download(ctx, client, key, downloadOptions{contentType: m.ContentType.ValueString()})
		if err != nil {
			return err
		}
		m.setVerified(found)
		return nil
	case entry != nil:
		return nil
	}
	// A file that isn't listed may still exist, which only a download shows.
	return checkExists(ctx, client, key)
}

// readImported fills in the attributes after an import. It includes small content, so that a configuration generated
// from state is complete.
func (m *resourceModel) readImported(ctx context.Context, client *guardai.Client, key guardai.FileKey) error {
	found, err := download(ctx, client, key, downloadOptions{keep: maxImportedContent, contentType: m.ContentType.ValueString()})
	if err != nil {
		return err
	}
	// A generated configuration omits empty strings, so state must too. With a source, state needs no content.
	if m.Source.IsNull() && found.size > 0 && found.size <= maxImportedContent {
		m.Content, m.ContentBase64 = found.inline()
	}
	if m.ContentType.IsNull() {
		m.ContentType = component.StringOrNull(found.contentType)
	}
	m.setContent(found)
	return nil
}

// setVerified updates the hash and the size from a download. If the content has changed, it drops the content in state,
// which would no longer match the hash.
func (m *resourceModel) setVerified(found *downloaded) {
	if found.sha256 != m.ContentSHA256.ValueString() {
		m.Content, m.ContentBase64 = types.StringNull(), types.StringNull()
	}
	m.setContent(found)
}

func (m *resourceModel) setContent(found *downloaded) {
	m.ContentSHA256 = types.StringValue(found.sha256)
	m.Size = types.Int64Value(found.size)
}

// checkListed returns an error if the organization still doesn't list the file after an upload or a rename.
func (m *resourceModel) checkListed(ctx context.Context, client *guardai.Client) error {
	key, err := m.key()
	if err != nil {
		return err
	}
	org, err := client.ReadOrganization(ctx, key.OrganizationID)
	if err != nil || findListed(org, key) != nil {
		return err
	}
	tried := "Renaming the file didn't list it again. An upload may: set source, content or content_base64, and apply."
	if m.setsContent() {
		tried = "Neither an upload nor a rename listed it again. The platform lists new files, so replace this one: apply with -replace=ADDRESS."
	}
	return &component.ArgumentError{At: path.Root("name"), Summary: "The file is still not listed", Detail: "Organization " + m.OrganizationID.ValueString() +
		" no longer lists this file, so the platform has lost its name and dataset. " + tried}
}
