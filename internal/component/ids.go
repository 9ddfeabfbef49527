package component

import (
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/guardai/terraform-provider-guardai/internal/guardai"
)

// ID is an id as configurations and state hold it.
func ID(id int64) types.String { return types.StringValue(FormatID(id)) }

// FormatID writes an id in decimal digits.
func FormatID(id int64) string { return strconv.FormatInt(id, 10) }

// FormatIDPointer is FormatID, nil where the platform left the id out.
func FormatIDPointer(id *int64) *string {
	if id == nil {
		return nil
	}
	text := FormatID(*id)
	return &text
}

// ParseID reads an id. Only the way that FormatID writes it counts, so that one id never has two spellings in state.
func ParseID(text string) (int64, error) {
	id, err := strconv.ParseInt(text, 10, 64)
	if err != nil || id <= 0 || FormatID(id) != text {
		return 0, fmt.Errorf("%q is not an id: an id is a whole number from 1 to 9223372036854775807, such as \"42\"", text)
	}
	return id, nil
}

// ParseIDArgument reads the id that an argument holds. The error is an *ArgumentError.
func ParseIDArgument(at path.Path, value types.String) (int64, error) {
	id, err := ParseID(value.ValueString())
	if err != nil {
		return 0, &ArgumentError{At: at, Summary: "Invalid id", Detail: fmt.Sprintf("%s can't be used: %s.", at, err)}
	}
	return id, nil
}

// FormatFileID is what a file is imported by: ORGANIZATION_ID/TYPE/REF, each part percent-encoded.
func FormatFileID(key guardai.FileKey) string {
	return strings.Join([]string{FormatID(key.OrganizationID), url.PathEscape(key.Type), url.PathEscape(key.Ref)}, "/")
}

// ParseFileID is the reverse of FormatFileID.
func ParseFileID(id string) (guardai.FileKey, error) {
	parts := strings.Split(id, "/")
	if len(parts) != 3 {
		return guardai.FileKey{}, errors.New("it doesn't have three parts")
	}
	for i, part := range parts {
		plain, err := url.PathUnescape(part)
		if strings.Contains(part, "?") {
			return guardai.FileKey{}, fmt.Errorf("only %sPATH may follow its three parts; write a question mark within a part as %%3F", sourceMark)
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

// sourceMark separates the id of a file from the path of its local copy in what a file
// is imported by. The parts of an id are percent-encoded and hold no question mark.
const sourceMark = "?source="

// FormatFileImport is what a file is imported by that a local file has the content of. source is the value of the
// argument source, character by character: state then holds it, so that the plan of the import changes nothing.
func FormatFileImport(key guardai.FileKey, source string) string {
	return FormatFileID(key) + sourceMark + source
}

// CutFileImport splits what FormatFileImport returns. source is empty where the import names none.
func CutFileImport(text string) (id, source string, err error) {
	id, source, found := strings.Cut(text, sourceMark)
	if found && source == "" {
		return id, "", errors.New("it names no path after " + sourceMark)
	}
	return id, source, nil
}
