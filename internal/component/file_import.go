package component

import (
	"strings"

	"github.com/guardai/terraform-provider-guardai/internal/guardai"
)

// sourceMark separates the id of a file from the path of its local copy in what a file
// is imported by. The parts of an id are path-escaped and hold no question mark.
const sourceMark = "?source="

// FormatFileImport is what a file is imported by that a local file has the content of.
// source is the value of the argument source, character by character: state then holds
// it, so that the plan of the import changes nothing.
func FormatFileImport(key guardai.FileKey, source string) string {
	return FormatFileID(key) + sourceMark + source
}

// CutFileImport splits what FormatFileImport returns. source is empty where the import
// names none.
func CutFileImport(text string) (id, source string) {
	id, source, found := strings.Cut(text, sourceMark)
	if !found || strings.Count(id, "/") != 2 {
		// It may be the name of a file.
		return text, ""
	}
	return id, source
}
