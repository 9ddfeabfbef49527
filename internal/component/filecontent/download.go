package filecontent

import (
	"context"
	"fmt"
	"io"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/guardai/terraform-provider-guardai/internal/component"
	"github.com/guardai/terraform-provider-guardai/internal/guardai"
)

// Downloaded describes a content that was downloaded.
type Downloaded struct {
	Digest
	ContentType string
}

// Download hashes a content as it arrives. expected is its media type; empty if unknown.
func Download(expected string, download func(guardai.Sink) error) (result Downloaded, err error) {
	err = download(func(contentType string, body io.Reader) error {
		if err := component.RejectHTMLPage(contentType, expected); err != nil {
			return err
		}
		digest, err := Sum(body)
		result = Downloaded{digest, contentType}
		return err
	})
	return result, err
}

// Confirm compares the content that was uploaded with a download. It repeats the download while retry is true for its
// error, because a platform may need a moment. A difference is reported on the argument that sets the content, as in
// component.AddNotAccepted, and same is false. err is that of the download.
func (a Arguments) Confirm(ctx context.Context, client *guardai.Client, sent Digest, created bool,
	download func(context.Context) (Downloaded, error), retry func(error) bool, diags *diag.Diagnostics,
) (actual Digest, same bool, err error) {
	var result Downloaded
	interrupted := client.AfterWrite(ctx, func(ctx context.Context) (bool, error) {
		result, err = download(ctx)
		return !retry(err), nil
	})
	switch {
	case interrupted != nil:
		return sent, true, interrupted
	case err != nil:
		return sent, true, err
	case result.SHA256 == sent.SHA256:
		return sent, true, nil
	}
	component.AddNotAccepted(diags, a.Path(), sent.describe(), result.describe(), created)
	return result.Digest, false, nil
}

func (d Digest) describe() string {
	return fmt.Sprintf("a content of %d bytes with the SHA-256 hash %s", d.Size, d.SHA256)
}

// IgnoresSource reports whether the configuration during an apply sets another source than the plan. ignore_changes
// then keeps the planned source, which may no longer exist. A plan can't detect this.
func (a Arguments) IgnoresSource(planned Arguments) bool {
	return !planned.Source.IsNull() && !planned.Source.IsUnknown() && !a.Source.Equal(planned.Source)
}
