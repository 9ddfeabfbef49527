package organizationfile_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/guardai/terraform-provider-guardai/internal/acceptance"
	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

// An error of the configuration is one of the plan, unless a file may appear until the apply.
func TestInvalidConfiguration(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ lines, want string }{
		{`name = "a"`, `No content for a new file.*source, content and content_base64`},
		{"name = \"a\"\ncontent = \"x\"\ncontent_base64 = \"eA==\"", `"content_base64".*cannot be specified when "content"`},
		{"name = \"a\"\ncontent = \"x\"\nsource = \"y\"", `"content".*cannot be specified when "source"`},
		{"name = \"a\"\ncontent_base64 = \"%%%\"", `Invalid base64.*content_base64`},
		{`content = "x"`, `No name for a new file.*name`},
		{`content_base64 = "eA=="`, `No name for a new file.*name`},
		{"name = \" \"\ncontent = \"x\"", `name is blank`},
		{fmt.Sprintf("name = %q\ncontent = \"x\"", strings.Repeat("é", 256)), `Invalid name of a file.*at most 255`},
		{"name = \"a\\nb\"\ncontent = \"x\"", `Invalid name of a file.*control characters`},
		{"name = \"a\"\ncontent = \"x\"\ndataset_id = \"0\"", `Invalid id.*dataset_id can't be used: "0" is not an id`},
		{fmt.Sprintf("source = %q", os.TempDir()), `Unable to read the source.*it is a folder`},
		{`source = "no-such-file.csv"`, `Unable to read the source.*no-such-file.csv.*there is no such file`},
		{"type = \"\"\nname = \"a\"\ncontent = \"x\"", `type is blank`},
		{"name = \"maps/road.csv\"\ncontent = \"x\"", `Invalid name of a file: name =.*Set name to "road.csv"`},
		{"name = \"maps\\\\road.csv\"\ncontent = \"x\"", `Invalid name of a file: name =.*Set name to "road.csv"`},
		{"name = \"/\"\ncontent = \"x\"", `Invalid name of a file: name =.*Set name to one without`},
		{"name = \"maps/\"\ncontent = \"x\"", `Invalid name of a file: name =.*Set name to one without`},
	} {
		b := newFixture(t)
		d := acceptance.NewDirect(t)
		if planned := d.Plan(b.file(test.lines)); planned.Failed {
			planned.MustFail(test.want)
		} else {
			d.Apply(b.file(test.lines)).MustFail(test.want)
		}
		if got := b.Count("upload_organization_file"); got != 0 {
			t.Errorf("%s: something was uploaded", test.lines)
		}
	}
}

func TestMissingOrganization(t *testing.T) {
	t.Parallel()
	b := newFixture(t)
	b.organization = 4711
	acceptance.NewDirect(t).Apply(b.file(aFile)).MustFail(`Unable to upload file "a.csv".*404`)
}

// Each operation fails once, and works the next time.
func TestAPIErrors(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ operation, before, then, want string }{
		"create":   {"upload_organization_file", "", aFile, `Unable to upload file "a.csv".*POST \S+/api/v1/organizations/\d+/file returned 400`},
		"update":   {"upload_organization_file", aFile, strings.Replace(aFile, `"x"`, `"y"`, 1), `Unable to upload file "a.csv".*400`},
		"rename":   {"rename_organization_file", aFile, strings.Replace(aFile, `"a.csv"`, `"b.csv"`, 1), `Unable to rename file.*PUT \S+/api/v1/organizations/\d+/file returned 400`},
		"download": {"download_organization_file", aFile, aFile, `Unable to read file.*GET \S+/api/v1/organizations/\d+/file returned 400`},
		"read":     {"get_organization", aFile, aFile, `Unable to read file.*GET \S+/api/v1/organizations/\d+ returned 400`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newFixture(t)
			d := acceptance.NewDirect(t)
			if test.before != "" {
				d.Apply(b.file(test.before)).Must("create")
			}
			b.Inject(sandbox.Fault{Operation: test.operation, Kind: sandbox.FaultStatus, Status: 400})
			d.Apply(b.file(test.then)).MustFail(test.want)
			d.Apply(b.file(test.then)).Must()
		})
	}
}

// Uploaded content is in state even if the rename fails.
func TestRenameFailsAfterTheUpload(t *testing.T) {
	t.Parallel()
	b := newFixture(t, acceptance.Unusual)
	d := acceptance.NewDirect(t)
	d.Apply(b.file(`name = "a.csv"`, `content = "one"`)).Must("create")
	b.Inject(sandbox.Fault{Operation: "rename_organization_file", Kind: sandbox.FaultStatus, Status: 400})
	d.Apply(b.file(`name = "b.csv"`, `content = "two"`)).MustFail("Unable to rename file")
	d.Apply(b.file(`name = "b.csv"`, `content = "two"`)).Must("update")
	b.mustHave(t, "b.csv", "two")
	b.mustUpload(t, 2)
}
