package organizationfile

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/guardai/terraform-provider-guardai/internal/guardai"
)

// maxImportedContent is how many bytes an import puts into state.
const maxImportedContent = 64 << 10

// refresh brings the model up to date. A file that isn't there is
// guardai.IsNotFound.
func (m *resourceModel) refresh(ctx context.Context, client *guardai.Client) error {
	org, err := client.GetOrganization(ctx, m.OrganizationID.ValueInt64())
	if err != nil {
		return err
	}
	entry := listed(org, m.key())
	m.take(entry)
	switch {
	case m.justImported():
		return m.takeImported(ctx, client)
	case m.VerifyContent.ValueBool():
		found, err := download(ctx, client, m.key(), 0, m.ContentType.ValueString())
		if err != nil {
			return err
		}
		m.has(found)
		return nil
	case entry != nil:
		return nil
	}
	// Only a download can tell whether a file is there that isn't listed.
	return exists(ctx, client, m.key())
}

// takeImported fills in what an import leaves open, with the content where it is
// small, so that a configuration made from state is complete.
func (m *resourceModel) takeImported(ctx context.Context, client *guardai.Client) error {
	found, err := download(ctx, client, m.key(), maxImportedContent, m.ContentType.ValueString())
	if err != nil {
		return err
	}
	// A generated configuration leaves out an empty string, so that state has to.
	if found.size > 0 && found.size <= maxImportedContent {
		m.Content, m.ContentBase64 = found.inline()
	}
	if m.ContentType.IsNull() && found.contentType != "" {
		m.ContentType = types.StringValue(found.contentType)
	}
	m.has(found)
	return nil
}

func (m *resourceModel) has(found *downloaded) {
	m.ContentSHA256 = types.StringValue(found.sha256)
	m.Size = types.Int64Value(found.size)
}
