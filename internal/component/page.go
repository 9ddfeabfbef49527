package component

import (
	"strings"

	"github.com/guardai/terraform-provider-guardai/internal/guardai"
)

// errPage is a page in place of a file, such as a proxy's login.
var errPage = &guardai.InvalidResponseError{Problem: "it is an HTML page, and the file is not; is host the address of the GuardAI API?"}

// RefusePage keeps a page that something in between sent from being taken for the
// content of a file. expected is the media type that the platform reports for the
// file, empty where it isn't known.
func RefusePage(contentType, expected string) error {
	const page = "text/html"
	if expected != "" && strings.HasPrefix(contentType, page) && !strings.HasPrefix(expected, page) {
		return errPage
	}
	return nil
}
