package organizationfile

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/guardai/terraform-provider-guardai/internal/component"
	"github.com/guardai/terraform-provider-guardai/internal/guardai"
)

// maxImportedContent is how many bytes an import puts into state.
const maxImportedContent = 64 << 10

// refresh brings the model up to date. A file that isn't there is guardai.IsNotFound.
func (m *resourceModel) refresh(ctx context.Context, client *guardai.Client) error {
	key, err := m.key()
	if err != nil {
		return err
	}
	org, err := client.GetOrganization(ctx, key.OrganizationID)
	if err != nil {
		return err
	}
	entry := listed(org, key)
	// What an incomplete response leaves out isn't gone.
	if !org.Partial {
		m.fromAPI(entry)
	}
	switch {
	case m.justImported():
		return m.readImported(ctx, client, key)
	case m.VerifyContent.ValueBool():
		found, err := download(ctx, client, key, downloadOptions{contentType: m.ContentType.ValueString()})
		if err != nil {
			return err
		}
		m.verified(found)
		return nil
	case entry != nil:
		return nil
	}
	// Only a download can show whether a file is there that isn't listed.
	return exists(ctx, client, key)
}

// readImported fills in what an import leaves open, with the content where it is
// small, so that a configuration made from state is complete.
func (m *resourceModel) readImported(ctx context.Context, client *guardai.Client, key guardai.FileKey) error {
	found, err := download(ctx, client, key, downloadOptions{keep: maxImportedContent, contentType: m.ContentType.ValueString()})
	if err != nil {
		return err
	}
	// A generated configuration leaves out an empty string, so that state has to. An
	// import that names a local copy needs no content in state.
	if m.Source.IsNull() && found.size > 0 && found.size <= maxImportedContent {
		m.Content, m.ContentBase64 = found.inline()
	}
	if m.ContentType.IsNull() {
		m.ContentType = component.StringOrNull(found.contentType)
	}
	m.setContent(found)
	return nil
}

// verified takes what a download shows. Content in state that the platform no longer
// holds is dropped, so that it never stands next to another's hash.
func (m *resourceModel) verified(found *downloaded) {
	if found.sha256 != m.ContentSHA256.ValueString() {
		m.Content, m.ContentBase64 = types.StringNull(), types.StringNull()
	}
	m.setContent(found)
}

func (m *resourceModel) setContent(found *downloaded) {
	m.ContentSHA256 = types.StringValue(found.sha256)
	m.Size = types.Int64Value(found.size)
}

// checkListed reads whether the organization lists a file again after a rename.
func (m *resourceModel) checkListed(ctx context.Context, client *guardai.Client, key guardai.FileKey) error {
	org, err := client.ReadOrganization(ctx, key.OrganizationID)
	if err != nil || org.Partial || listed(org, key) != nil {
		return err
	}
	return &component.ArgumentError{At: path.Root("name"), Summary: "The file is still not listed", Detail: "Organization " + m.OrganizationID.ValueString() +
		" doesn't list this file any more, so that its name and dataset are lost, and renaming it didn't list it again. Only an upload may: set source, content or content_base64, and apply."}
}
