package organizationfile

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"io"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/guardai/terraform-provider-guardai/internal/component"
	"github.com/guardai/terraform-provider-guardai/internal/guardai"
)

// downloaded is the result of a download.
type downloaded struct {
	size        int64
	sha256      string
	contentType string
	// head is the start of the content, up to downloadOptions.keep.
	head []byte
}

// errTooLarge is a file larger than downloadOptions.keep.
var errTooLarge = errors.New("the file is too large")

type downloadOptions struct {
	// keep is how many bytes of the content to keep.
	keep int64
	// failBeyondKeep makes a download of a larger file fail with errTooLarge.
	failBeyondKeep bool
	// contentType is the media type that the platform reports for the file; empty if unknown.
	contentType string
}

// download hashes a file as it arrives.
func download(ctx context.Context, client *guardai.Client, key guardai.FileKey, options downloadOptions) (*downloaded, error) {
	found := &downloaded{}
	err := client.DownloadFile(ctx, key, func(contentType string, body io.Reader) error {
		if err := component.RejectHTMLPage(contentType, options.contentType); err != nil {
			return err
		}
		digest := sha256.New()
		var head bytes.Buffer
		if _, err := io.Copy(io.MultiWriter(digest, &head), io.LimitReader(body, options.keep)); err != nil {
			return err
		}
		rest, err := copyRest(digest, body, options.failBeyondKeep)
		if err != nil {
			return err
		}
		*found = downloaded{
			size: int64(head.Len()) + rest, sha256: hex.EncodeToString(digest.Sum(nil)), contentType: contentType, head: head.Bytes(),
		}
		return nil
	})
	return found, err
}

// copyRest reads the content after the part to keep.
func copyRest(to io.Writer, body io.Reader, failIfAny bool) (int64, error) {
	if !failIfAny {
		return io.Copy(to, body)
	}
	n, err := io.Copy(to, io.LimitReader(body, 1))
	if err == nil && n > 0 {
		err = errTooLarge
	}
	return n, err
}

// checkExists requests a file without reading it. A missing file is guardai.IsNotFound.
func checkExists(ctx context.Context, client *guardai.Client, key guardai.FileKey) error {
	return client.DownloadFile(ctx, key, func(string, io.Reader) error { return nil })
}

// inline returns a file's content for state: as text if a configuration generated from it has the same bytes, otherwise
// in base64.
func (d *downloaded) inline() (text, encoded types.String) {
	if survivesGeneration(d.head) {
		return types.StringValue(string(d.head)), types.StringNull()
	}
	return types.StringNull(), types.StringValue(d.base64())
}

func (d *downloaded) base64() string { return base64.StdEncoding.EncodeToString(d.head) }
