package organizationfile

import (
	"testing"

	"github.com/guardai/terraform-provider-guardai/internal/component"
)

// Formatting a parsed import id gives an id of the same file.
func FuzzImportID(f *testing.F) {
	for _, id := range []string{
		"", "/", "//", "42/classmapping/5f1c", "42/classmapping/", "0/a/b", "-1/a/b", "x/a/b", "42/a/b/c", "42/a%2Fb/c%2Fd", "42/%zz/c", "42/%20/c", "42/a/%00", "042/a/b", "42/ä/ß",
	} {
		f.Add(id)
	}
	f.Fuzz(func(t *testing.T, id string) {
		key, err := component.ParseFileID(id)
		if err != nil {
			return
		}
		again, err := component.ParseFileID(component.FormatFileID(key))
		if err != nil || again != key {
			t.Errorf("%q is %+v, and written again %+v, %v", id, key, again, err)
		}
	})
}
