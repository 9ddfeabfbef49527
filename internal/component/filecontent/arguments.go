package filecontent

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"golang.org/x/text/unicode/norm"

	"github.com/guardai/terraform-provider-guardai/internal/component"
	"github.com/guardai/terraform-provider-guardai/internal/guardai"
)

// Arguments are the arguments source, content and content_base64, of which at most one is set. A resource without one
// of them leaves it null.
type Arguments struct{ Source, Content, ContentBase64 types.String }

// IsSet reports whether an argument is set, even if its value is unknown.
func (a Arguments) IsSet() bool {
	return !a.Source.IsNull() || !a.Content.IsNull() || !a.ContentBase64.IsNull()
}

// Path returns the path of the argument that is set.
func (a Arguments) Path() path.Path {
	switch {
	case !a.Content.IsNull():
		return path.Root("content")
	case !a.ContentBase64.IsNull():
		return path.Root("content_base64")
	}
	return path.Root("source")
}

// Plan returns the hash and the size to plan: those of the content, unknown if the content isn't known yet, and the
// prior ones if no argument is set. A source that doesn't exist isn't known yet, because another resource may write it
// during the apply.
func (a Arguments) Plan(ctx context.Context, priorHash types.String, priorSize types.Int64, diags *diag.Diagnostics) (types.String, types.Int64) {
	if a.Source.IsUnknown() || a.Content.IsUnknown() || a.ContentBase64.IsUnknown() {
		return types.StringUnknown(), types.Int64Unknown()
	}
	content, err := a.read(ctx)
	switch {
	case errors.Is(err, errNotExist):
		diags.AddAttributeWarning(path.Root("source"), "The source of a file does not exist yet", fmt.Sprintf(
			"The file %q doesn't exist. Another resource may write it before the upload; if none does, the apply fails.%s",
			a.Source.ValueString(), missingHint(a.Source.ValueString())))
	case err != nil:
		a.addError(diags, err)
	case content != nil:
		return types.StringValue(content.SHA256), types.Int64Value(content.Size)
	default:
		return priorHash, priorSize
	}
	return types.StringUnknown(), types.Int64Unknown()
}

// ForUpload returns the content to upload, or nil if no argument is set. A source whose hash is planned isn't read
// here: it is verified during the upload. ok is false after an error.
func (a Arguments) ForUpload(ctx context.Context, plannedHash types.String, plannedSize types.Int64, diags *diag.Diagnostics) (content *Content, ok bool) {
	if !a.Source.IsNull() && !plannedHash.IsUnknown() {
		return planned(a.Source.ValueString(), Digest{plannedSize.ValueInt64(), plannedHash.ValueString()}), true
	}
	content, err := a.read(ctx)
	if err != nil {
		a.addError(diags, err)
	}
	return content, err == nil
}

// read returns the content, or nil if no argument is set. It reads a source once, to hash it.
func (a Arguments) read(ctx context.Context) (*Content, error) {
	switch {
	case !a.Source.IsNull():
		return fromFile(ctx, a.Source.ValueString())
	case !a.Content.IsNull():
		return inline(a.Content.ValueString()), nil
	case !a.ContentBase64.IsNull():
		raw, err := base64.StdEncoding.DecodeString(a.ContentBase64.ValueString())
		if err != nil {
			return nil, errors.New("it is not standard base64")
		}
		return inline(string(raw)), nil
	}
	return nil, nil //nolint:nilnil // Setting no content is valid.
}

// addError reports unreadable content on the argument that sets it.
func (a Arguments) addError(diags *diag.Diagnostics, err error) {
	if a.Source.IsNull() {
		diags.AddAttributeError(a.Path(), "Unable to decode content_base64", "content_base64 can't be used: "+err.Error()+".")
		return
	}
	source, hint := a.Source.ValueString(), ""
	if errors.Is(err, errNotExist) {
		hint = missingHint(source)
	}
	diags.AddAttributeError(path.Root("source"), "Unable to read the source of a file", fmt.Sprintf(
		"The file %q can't be used: %s. Set source to the path of a readable file; a relative path starts at the folder that the CLI runs in.%s",
		source, err, hint))
}

// AddUploadError reports a failed upload. If no call failed, the content is to blame.
func (a Arguments) AddUploadError(diags *diag.Diagnostics, summary string, err error) {
	if _, ok := errors.AsType[*guardai.Error](err); ok {
		component.AddError(diags, summary, err)
		return
	}
	component.AddAttributeError(diags, a.Path(), summary, err)
}

// missingHint explains common reasons why a file isn't found, or returns an empty string.
func missingHint(name string) string {
	if strings.HasPrefix(name, "~") {
		return fmt.Sprintf(" Terraform doesn't expand ~ in a path: write pathexpand(%q).", name)
	}
	if other := otherForm(name); other != "" {
		return fmt.Sprintf(" There is a file whose name differs only in its form of Unicode, %+q: Terraform passes names in composed form (NFC), and macOS may write them in decomposed form (NFD). Rename that file.", other)
	}
	return ""
}

// otherForm returns the name of an existing file that differs from a name only in its form of Unicode, or an empty
// string.
func otherForm(name string) string {
	folder, base := filepath.Split(name)
	for _, other := range []string{folder + norm.NFD.String(base), norm.NFD.String(name)} {
		if _, err := os.Stat(other); err == nil && other != name {
			return other
		}
	}
	return ""
}
