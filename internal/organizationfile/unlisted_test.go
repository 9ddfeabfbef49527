package organizationfile_test

import (
	"fmt"
	"testing"

	"github.com/guardai/terraform-provider-guardai/internal/acceptance"
	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

// unlist removes all files from the organization's list, like a client that writes settings without classMappingFiles.
func (b *fixture) unlist() {
	b.changeFiles(func(f *sandbox.File) { f.Unlisted, f.DatasetID = true, nil })
}

// mustList checks the list entry of the only file.
func (b *fixture) mustList(t *testing.T, name string, dataset int64) {
	t.Helper()
	if file := b.only(t); file.Unlisted || file.Name != name || file.DatasetID == nil || *file.DatasetID != dataset {
		t.Errorf("got %+v, want %q of dataset %d in the list", file, name, dataset)
	}
}

// A file that its organization no longer lists is uploaded again with its name and dataset.
func TestUnlistedFile(t *testing.T) {
	t.Parallel()
	for argument, line := range map[string]string{"content": "name = \"map.csv\"\ncontent = \"x\"", "source": fmt.Sprintf("source = %q", writeTemp(t, "x"))} {
		t.Run(argument, func(t *testing.T) {
			t.Parallel()
			b := newFixture(t, acceptance.Usual)
			d := acceptance.NewDirect(t)
			config := b.file(line, `dataset_id = "7"`, "verify_content = false")
			d.Apply(config).Must("create")
			b.unlist()
			d.Apply(config).Must("update")
			b.mustList(t, "map.csv", 7)
			b.mustUpload(t, 2)
			d.Plan(config).Must("no-op")
		})
	}
}

// If an upload doesn't list the file again, the apply says so, and a replacement does.
func TestUnlistedFileThatStaysUnlisted(t *testing.T) {
	t.Parallel()
	b := newFixture(t, acceptance.Unusual)
	d := acceptance.NewDirect(t)
	config := b.file(`name = "map.csv"`, `content = "x"`, `dataset_id = "7"`)
	d.Apply(config).Must("create")
	b.unlist()
	d.Apply(config).MustFail(`The platform does not list the file.*The upload didn't list it.*-replace`)
	d.Destroy(config).Must()
	d.Apply(config).Must("create")
	b.mustList(t, "map.csv", 7)
	d.Plan(config).Must("no-op")
}

// Without content in the configuration, the file can't be uploaded again.
func TestUnlistedFileWithoutContent(t *testing.T) {
	t.Parallel()
	b := newFixture(t, acceptance.Usual)
	d := acceptance.NewDirect(t)
	b.AddFile(b.organization, sandbox.File{Ref: "r", Type: mappedType, Name: "a.csv", Content: []byte("x")})
	d.Import(b.file(), b.importID("r")).Must()
	const warning = "File not listed"
	if text := d.Plan(b.file()).Must("no-op").Text; text != "" {
		t.Errorf("a file that is listed: %s", text)
	}
	b.unlist()
	acceptance.MustContain(t, d.Apply(b.file()).Must("no-op").Text, warning)
	b.mustUpload(t, 0)
	d.Apply(b.file(`name = "a.csv"`)).MustFail(`The platform does not list the file.*An upload may`)
	d.Apply(b.file(aFile)).Must("update")
	if file := b.only(t); file.Unlisted {
		t.Errorf("got %+v", file)
	}
}
