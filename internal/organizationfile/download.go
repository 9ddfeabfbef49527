package organizationfile

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/guardai/terraform-provider-guardai/internal/guardai"
)

// downloaded is what a download tells of a file.
type downloaded struct {
	size        int64
	sha256      string
	contentType string
	// head is the content as far as it was asked for.
	head []byte
}

// errTooLarge is a file that is larger than a caller takes.
var errTooLarge = errors.New("the file is too large")

// downloadAll takes a file of at most limit bytes whole. It breaks off a larger
// one with errTooLarge.
func downloadAll(ctx context.Context, client *guardai.Client, key guardai.FileKey, limit int64, expected string) (*downloaded, error) {
	found := &downloaded{}
	err := client.DownloadFile(ctx, key, func(contentType string, body io.Reader) error {
		if err := refusePage(contentType, expected); err != nil {
			return err
		}
		content, err := io.ReadAll(io.LimitReader(body, limit+1))
		if err != nil {
			return err
		}
		if int64(len(content)) > limit {
			return errTooLarge
		}
		sum := sha256.Sum256(content)
		*found = downloaded{size: int64(len(content)), sha256: hex.EncodeToString(sum[:]), contentType: contentType, head: content}
		return nil
	})
	return found, err
}

// download hashes a file as it comes and keeps at most the first keep bytes.
// expected is the media type that the platform says the file has, "" if unknown.
func download(ctx context.Context, client *guardai.Client, key guardai.FileKey, keep int64, expected string) (*downloaded, error) {
	found := &downloaded{}
	err := client.DownloadFile(ctx, key, func(contentType string, body io.Reader) error {
		if err := refusePage(contentType, expected); err != nil {
			return err
		}
		digest := sha256.New()
		var head bytes.Buffer
		if _, err := io.Copy(io.MultiWriter(digest, &head), io.LimitReader(body, keep)); err != nil {
			return err
		}
		rest, err := io.Copy(digest, body)
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

// errPage is a page in place of a file, as a proxy's login is.
var errPage = &guardai.InvalidResponseError{Problem: "it is an HTML page, and the file is none; is host the address of the GuardAI API?"}

// refusePage keeps a page of something in between from being taken for content.
func refusePage(contentType, expected string) error {
	const page = "text/html"
	if expected != "" && strings.HasPrefix(contentType, page) && !strings.HasPrefix(expected, page) {
		return errPage
	}
	return nil
}

// exists asks for a file and doesn't read it.
func exists(ctx context.Context, client *guardai.Client, key guardai.FileKey) error {
	return client.DownloadFile(ctx, key, func(string, io.Reader) error { return nil })
}

// inline returns a file's content as text, or in base64 where it isn't text.
func (d *downloaded) inline() (text, encoded types.String) {
	if utf8.Valid(d.head) {
		return types.StringValue(string(d.head)), types.StringNull()
	}
	return types.StringNull(), types.StringValue(d.base64())
}

func (d *downloaded) base64() string { return base64.StdEncoding.EncodeToString(d.head) }
