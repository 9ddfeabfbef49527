package organizationfile

import (
	"context"
	"io"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/guardai/terraform-provider-guardai/internal/component"
	"github.com/guardai/terraform-provider-guardai/internal/component/filecontent"
	"github.com/guardai/terraform-provider-guardai/internal/guardai"
)

// refresh updates the model. A missing file is guardai.IsNotFound.
func (m *resourceModel) refresh(ctx context.Context, client *guardai.Client, key guardai.FileKey) error {
	org, err := client.GetOrganization(ctx, key.OrganizationID)
	if err != nil {
		return err
	}
	listed := org.File(key)
	m.fromAPI(listed)
	switch {
	case m.justImported() || m.VerifyContent.ValueBool():
		return m.readContent(ctx, client, key)
	case listed != nil:
		return nil
	}
	// A file that isn't listed may still exist, which only a download shows.
	return checkExists(ctx, client, key)
}

// readContent updates the hash and the size. If the content has changed, it drops the content in state, which would no
// longer match the hash.
func (m *resourceModel) readContent(ctx context.Context, client *guardai.Client, key guardai.FileKey) error {
	current, err := download(ctx, client, key, m.ContentType.ValueString())
	if err != nil {
		return err
	}
	if current.SHA256 != m.ContentSHA256.ValueString() {
		m.Content, m.ContentBase64 = types.StringNull(), types.StringNull()
	}
	m.setDigest(current.Digest)
	if m.ContentType.IsNull() {
		m.ContentType = component.StringOrNull(current.ContentType)
	}
	return nil
}

// download hashes a file as it arrives. expected is the media type that the platform reports for it; empty if unknown.
func download(ctx context.Context, client *guardai.Client, key guardai.FileKey, expected string) (filecontent.Downloaded, error) {
	return filecontent.Download(expected, func(sink guardai.Sink) error { return client.DownloadFile(ctx, key, sink) })
}

// checkExists requests a file without reading it. A missing file is guardai.IsNotFound.
func checkExists(ctx context.Context, client *guardai.Client, key guardai.FileKey) error {
	return client.DownloadFile(ctx, key, func(string, io.Reader) error { return nil })
}
