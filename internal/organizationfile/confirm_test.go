package organizationfile_test

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"fmt"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/knownvalue"

	"github.com/guardai/terraform-provider-guardai/internal/acceptance"
	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

// A platform that changes a name is a warning for a new file, which an error would taint, and an error for an update.
// State then has the platform's name.
func TestPlatformChangesTheName(t *testing.T) {
	t.Parallel()
	for stored, sent := range map[string]string{"road.csv": "Road.csv", "roadusers.csv": "road users.csv", "gr\u00c3\u00b6e.csv": "gröe.csv"} {
		t.Run(sent, func(t *testing.T) {
			t.Parallel()
			b := newFixture(t, acceptance.Storing(stored, sent))
			d := acceptance.NewDirect(t)
			lines := func(name string) string { return b.file(fmt.Sprintf("name = %q", name), `content = "x"`) }
			notAccepted := `The platform did not accept a value: name = .*the platform has "` + stored
			if created := d.Apply(lines(sent)).Must("create"); !regexp.MustCompile("(?s)" + notAccepted).MatchString(created.Text) {
				t.Errorf("no warning: %s", created.Text)
			}
			d.Apply(lines(sent)).MustFail(notAccepted)
			d.Apply(lines("other.csv")).Must("update")
			b.mustHave(t, "other.csv", "x")
			d.Apply(lines(sent)).MustFail(notAccepted)
			d.Plan(lines(stored)).Must("no-op").MustHave(map[string]knownvalue.Check{"name": knownvalue.StringExact(stored)})
		})
	}
}

// A platform that changes a content is an error, and state has the platform's hash. Without verify_content, nothing is
// compared.
func TestPlatformChangesTheContent(t *testing.T) {
	t.Parallel()
	b := newFixture(t, acceptance.Storing("one\ntwo", "one\r\ntwo"))
	d := acceptance.NewDirect(t)
	lines := func(content string, more ...string) string {
		return b.file(append(more, `name = "a.csv"`, fmt.Sprintf("content = %q", content))...)
	}
	notAccepted := `The platform did not accept a value: content = .*8 bytes.*the platform has a content of 7 bytes.*` + sha256Hex("one\ntwo")
	d.Apply(lines("first")).Must("create")
	for range 2 {
		failed := d.Apply(lines("one\r\ntwo"))
		failed.MustFail(notAccepted)
		if failed.Action != "update" {
			t.Errorf("got %q", failed.Action)
		}
	}
	d.Apply(lines("one\ntwo")).MustHave(map[string]knownvalue.Check{"size": knownvalue.Int64Exact(7)})
	d.Apply(lines("one\ntwo", "verify_content = false")).Must("update")
	d.Apply(lines("one\r\ntwo", "verify_content = false")).Must("update")
	d.Plan(lines("one\r\ntwo", "verify_content = false")).Must("no-op")
}

// A platform may list a new file, and deliver its content, only after a moment.
func TestPlatformIsSlowToListAFile(t *testing.T) {
	t.Parallel()
	var stale atomic.Int64
	b := newFixture(t, acceptance.ReadingLate(&stale))
	d := acceptance.NewDirect(t)
	config := b.file(`name = "a.csv"`, `content = "x"`)
	d.Plan(config).Must("create")
	b.Inject(sandbox.Fault{Operation: "download_organization_file", Kind: sandbox.FaultStatus, Status: 404})
	stale.Store(2) // One for the plan within the apply.
	d.Apply(config).Must("create")
	d.Plan(config).Must("no-op")
	if stale.Load() != 0 || b.Count("download_organization_file") != 3 {
		t.Errorf("%d stale responses are left after %d downloads", stale.Load(), b.Count("download_organization_file"))
	}
}

// If the platform can't be asked after a write, the file isn't tainted.
func TestUploadThatCannotBeChecked(t *testing.T) {
	t.Parallel()
	b := newFixture(t)
	d := acceptance.NewDirect(t)
	config := b.file(`name = "a.csv"`, `content = "x"`)
	b.Inject(sandbox.Fault{Operation: "download_organization_file", Kind: sandbox.FaultStatus, Status: 400})
	if text := d.Apply(config).Must("create").Text; !strings.Contains(text, "Unable to check file") || !strings.Contains(text, "after the write") || !strings.Contains(text, "400") {
		t.Errorf("the apply: %s", text)
	}
	d.Plan(config).Must("no-op")
}

// A stored gzip file that the platform labels as compressed is downloaded as it is.
func TestCompressedFile(t *testing.T) {
	t.Parallel()
	b := newFixture(t, acceptance.LabelingDownloads("gzip"))
	d := acceptance.NewDirect(t)
	var compressed bytes.Buffer
	writer := gzip.NewWriter(&compressed)
	_, _ = writer.Write([]byte("id,class\n"))
	_ = writer.Close()
	config := b.file(`name = "map.csv.gz"`, fmt.Sprintf("content_base64 = %q", base64.StdEncoding.EncodeToString(compressed.Bytes())))
	d.Apply(config).Must("create").MustHave(map[string]knownvalue.Check{"content_type": knownvalue.StringExact("application/gzip")})
	d.Plan(config).Must("no-op")
}
