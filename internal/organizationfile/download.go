package organizationfile

import (
	"context"
	"io"

	"github.com/guardai/terraform-provider-guardai/internal/component"
	"github.com/guardai/terraform-provider-guardai/internal/component/filecontent"
	"github.com/guardai/terraform-provider-guardai/internal/guardai"
)

// downloaded is the result of a download.
type downloaded struct {
	filecontent.Digest
	contentType string
}

// download hashes a file as it arrives. expected is the media type that the platform reports for it; empty if unknown.
func download(ctx context.Context, client *guardai.Client, key guardai.FileKey, expected string) (result downloaded, err error) {
	err = client.DownloadFile(ctx, key, func(contentType string, body io.Reader) error {
		if err := component.RejectHTMLPage(contentType, expected); err != nil {
			return err
		}
		digest, err := filecontent.Sum(body)
		result = downloaded{digest, contentType}
		return err
	})
	return result, err
}

// checkExists requests a file without reading it. A missing file is guardai.IsNotFound.
func checkExists(ctx context.Context, client *guardai.Client, key guardai.FileKey) error {
	return client.DownloadFile(ctx, key, func(string, io.Reader) error { return nil })
}
