package organizationfile

import (
	"context"
	"io"

	"github.com/guardai/terraform-provider-guardai/internal/component/filecontent"
	"github.com/guardai/terraform-provider-guardai/internal/guardai"
)

// download hashes a file as it arrives. expected is the media type that the platform reports for it; empty if unknown.
func download(ctx context.Context, client *guardai.Client, key guardai.FileKey, expected string) (filecontent.Downloaded, error) {
	return filecontent.Download(expected, func(sink guardai.Sink) error { return client.DownloadFile(ctx, key, sink) })
}

// checkExists requests a file without reading it. A missing file is guardai.IsNotFound.
func checkExists(ctx context.Context, client *guardai.Client, key guardai.FileKey) error {
	return client.DownloadFile(ctx, key, func(string, io.Reader) error { return nil })
}
