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

// downloaded is what a download shows of a file.
type downloaded struct {
	size        int64
	sha256      string
	contentType string
	// head is the content as far as it was asked for.
	head []byte
}

// errTooLarge is a file that is larger than a caller takes.
var errTooLarge = errors.New("the file is too large")

// downloadOptions say what to expect of a download and what to keep.
type downloadOptions struct {
	// keep is how many of the first bytes to keep.
	keep int64
	// whole fails with errTooLarge where the file is larger than keep, and stops there.
	whole bool
	// contentType is the media type that the platform reports for the file, empty where it isn't known.
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
		rest, err := copyRest(digest, body, options.whole)
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

// copyRest reads what is left of a file, of which nothing may be left where it was to be kept whole.
func copyRest(to io.Writer, body io.Reader, whole bool) (int64, error) {
	if !whole {
		return io.Copy(to, body)
	}
	n, err := io.Copy(to, io.LimitReader(body, 1))
	if err == nil && n > 0 {
		err = errTooLarge
	}
	return n, err
}

// exists asks for a file and doesn't read it.
func exists(ctx context.Context, client *guardai.Client, key guardai.FileKey) error {
	return client.DownloadFile(ctx, key, func(string, io.Reader) error { return nil })
}

// inline returns a file's content for state: as text where a configuration that a CLI
// writes for it gives the same bytes, otherwise in base64.
func (d *downloaded) inline() (text, encoded types.String) {
	if survivesGeneration(d.head) {
		return types.StringValue(string(d.head)), types.StringNull()
	}
	return types.StringNull(), types.StringValue(d.base64())
}

func (d *downloaded) base64() string { return base64.StdEncoding.EncodeToString(d.head) }
