package component

import (
	"math"
	"net/url"
	"strings"
	"testing"

	"github.com/guardai/terraform-provider-guardai/internal/guardai"
)

func TestIDs(t *testing.T) {
	t.Parallel()
	for _, id := range []int64{1, 42, math.MaxInt64} {
		if got, err := ParseID(FormatID(id)); err != nil || got != id {
			t.Errorf("%d: got %d, %v", id, got, err)
		}
		if got := ID(id).ValueString(); got != FormatID(id) {
			t.Errorf("%d: got %q", id, got)
		}
		if got := FormatIDPointer(&id); got == nil || *got != FormatID(id) {
			t.Errorf("%d: got %v", id, got)
		}
	}
	if got := FormatIDPointer(nil); got != nil {
		t.Errorf("got %q for nil", *got)
	}
}

var invalidIDs = []string{"", "0", "-1", "+1", "1.0", "1e3", "007", " 1", "1 ", "x", "9223372036854775808"}

func TestInvalidIDs(t *testing.T) {
	t.Parallel()
	for _, text := range invalidIDs {
		if _, err := ParseID(text); err == nil {
			t.Errorf("%q is an id", text)
		}
	}
}

func TestFileIDs(t *testing.T) {
	t.Parallel()
	for _, ref := range []string{"a", "a/b", "%2F", "a b?c#d", `"quoted"`, "größe", "e\u0301", "..", "a;b=c&d"} {
		key := guardai.FileKey{OrganizationID: 42, Type: "class mapping/x", Ref: ref}
		id := FormatFileID(key)
		if strings.Count(id, "/") != 2 {
			t.Errorf("%q doesn't have three parts", id)
		}
		if got, err := ParseFileID(id); err != nil || got != key {
			t.Errorf("%q: got %+v, %v", id, got, err)
		}
		if _, err := url.Parse("http://x/" + id); err != nil {
			t.Errorf("%q is not path-escaped: %v", id, err)
		}
	}
}

func TestInvalidFileIDs(t *testing.T) {
	t.Parallel()
	for id, want := range map[string]string{
		"": "three parts", "42": "three parts", "42/a": "three parts", "42/a/b/c": "three parts", "x/a/b": "not an id", "042/a/b": "not an id", "/a/b": "not an id",
		"42//b": "type is empty", "42/%20/b": "type is empty", "42/a/": "ref is empty", "42/%zz/b": "part 2", "42/a/%": "part 3",
	} {
		if _, err := ParseFileID(id); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %q", id, err, want)
		}
	}
}
