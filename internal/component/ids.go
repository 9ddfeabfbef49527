package component

import (
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"github.com/guardai/terraform-provider-guardai/internal/guardai"
)

// FormatID formats an id in decimal digits.
func FormatID(id int64) string { return strconv.FormatInt(id, 10) }

// FormatIDPointer is FormatID for optional ids.
func FormatIDPointer(id *int64) *string {
	if id == nil {
		return nil
	}
	text := FormatID(*id)
	return &text
}

// Describe names an object by the first name that the platform reports, and by its id.
func Describe(kind string, id *int64, names ...*string) string {
	for _, name := range names {
		if name != nil && *name != "" {
			kind += fmt.Sprintf(" %q", *name)
			break
		}
	}
	if id == nil {
		return kind
	}
	return fmt.Sprintf("%s (id %d)", kind, *id)
}

// ParseID parses an id. It accepts only the form that FormatID returns, so that an id has one spelling in state.
func ParseID(text string) (int64, error) {
	id, err := strconv.ParseInt(text, 10, 64)
	if err != nil || id <= 0 || FormatID(id) != text {
		return 0, fmt.Errorf("%q is not an id: an id is a whole number from 1 to 9223372036854775807, such as \"42\"", text)
	}
	return id, nil
}

// FormatFileID returns a file's import id: ORGANIZATION_ID/TYPE/REF, each part percent-encoded.
func FormatFileID(key guardai.FileKey) string {
	return strings.Join([]string{FormatID(key.OrganizationID), url.PathEscape(key.Type), url.PathEscape(key.Ref)}, "/")
}

// ParseFileID is the inverse of FormatFileID.
func ParseFileID(id string) (guardai.FileKey, error) {
	parts := strings.Split(id, "/")
	if len(parts) != 3 {
		return guardai.FileKey{}, errors.New("it doesn't have three parts")
	}
	for i, part := range parts {
		plain, err := url.PathUnescape(part)
		if strings.Contains(part, "?") {
			return guardai.FileKey{}, fmt.Errorf("only %sPATH may follow its three parts; write a question mark within a part as %%3F", sourceSeparator)
		}
		if err != nil {
			return guardai.FileKey{}, fmt.Errorf("part %d is not percent-encoded; write %% as %%25", i+1)
		}
		parts[i] = plain
	}
	organizationID, err := ParseID(parts[0])
	switch {
	case err != nil:
		return guardai.FileKey{}, err
	case strings.TrimSpace(parts[1]) == "":
		return guardai.FileKey{}, errors.New("its type is empty")
	case parts[2] == "":
		return guardai.FileKey{}, errors.New("its ref is empty")
	}
	return guardai.FileKey{OrganizationID: organizationID, Type: parts[1], Ref: parts[2]}, nil
}

// sourceSeparator separates a file's id from its source in FormatFileImport. The parts of an id are percent-encoded, so
// they contain no question mark.
const sourceSeparator = "?source="

// FormatFileImport returns the import id of a file whose content is in a local file. source must equal the argument
// source exactly: the import writes it to state, so that the plan shows no change.
func FormatFileImport(key guardai.FileKey, source string) string {
	return FormatFileID(key) + sourceSeparator + source
}

// ParseFileImport is the inverse of FormatFileImport. source is empty if the import id has none.
func ParseFileImport(text string) (id, source string, err error) {
	id, source, hasSource := strings.Cut(text, sourceSeparator)
	if hasSource && source == "" {
		return id, "", errors.New("it names no path after " + sourceSeparator)
	}
	return id, source, nil
}
