package organizationfile_test

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/guardai/terraform-provider-guardai/internal/acceptance"
	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

func TestInvalidConfiguration(t *testing.T) {
	for name, test := range map[string]struct{ lines, want string }{
		"no content":               {`name = "a"`, `(?s)No content for a new file.*source,\s+content\s+and\s+content_base64`},
		"two contents":             {"name = \"a\"\ncontent = \"x\"\ncontent_base64 = \"eA==\"", `(?s)"content_base64".*cannot be specified when "content"`},
		"source and content":       {"name = \"a\"\ncontent = \"x\"\nsource = \"y\"", `(?s)"content".*cannot be specified when "source"`},
		"bad base64":               {"name = \"a\"\ncontent_base64 = \"%%%\"", `(?s)Invalid base64.*content_base64`},
		"text without a name":      {`content = "x"`, `(?s)No name for a new file.*name`},
		"base64 without a name":    {`content_base64 = "eA=="`, `(?s)No name for a new file.*name`},
		"blank name":               {"name = \" \"\ncontent = \"x\"", `(?s)name must not be blank`},
		"long name":                {fmt.Sprintf("name = %q\ncontent = \"x\"", strings.Repeat("é", 256)), `(?s)Invalid name of a file.*at most 255`},
		"line break in the name":   {"name = \"a\\nb\"\ncontent = \"x\"", `(?s)Invalid name of a file.*control\s+characters`},
		"dataset zero":             {"name = \"a\"\ncontent = \"x\"\ndataset_id = \"0\"", `(?s)Invalid id.*dataset_id\s+can't\s+be\s+used:\s+"0"\s+is\s+not\s+an\s+id`},
		"source is a folder":       {fmt.Sprintf("source = %q", os.TempDir()), `(?s)Unable to read the source.*it is a\s+folder`},
		"source is not there":      {`source = "no-such-file.csv"`, `(?s)Unable to read the source.*no-such-file.csv.*there\s+is\s+no\s+such\s+file`},
		"blank type":               {"type = \"\"\nname = \"a\"\ncontent = \"x\"", `(?s)type must not be blank`},
		"organization isn't there": {"name = \"a\"\ncontent = \"x\"", `(?s)Unable to upload file "a".*404`},
	} {
		t.Run(name, func(t *testing.T) {
			b := newFixture(t)
			if strings.Contains(name, "isn't there") {
				b.organization = 4711
			}
			acceptance.Run(t, resource.TestStep{Config: b.file(test.lines), ExpectError: regexp.MustCompile(test.want)})
			if files := b.Files(b.organization); len(files) != 0 {
				t.Errorf("something was uploaded: %+v", files)
			}
		})
	}
}

// An invalid id is an error on its attribute before anything is sent.
func TestInvalidIDs(t *testing.T) {
	for _, id := range []string{"", "0", "-1", "1.5", "007", "x", "9223372036854775808"} {
		for attribute, lines := range map[string][2]string{"organization_id": {id, ""}, "dataset_id": {"1", fmt.Sprintf("dataset_id = %q", id)}} {
			t.Run(attribute+" "+id, func(t *testing.T) {
				s := acceptance.NewSandbox(t)
				acceptance.Run(t, resource.TestStep{
					Config:   s.Provider() + fmt.Sprintf("resource \"guardai_organization_file\" \"test\" {\n organization_id = %q\n name = \"a\"\n content = \"x\"\n %s\n}\n", lines[0], lines[1]),
					PlanOnly: true, ExpectError: regexp.MustCompile(fmt.Sprintf(`(?s)Invalid id.*%s =.*%s\s+can't\s+be\s+used:\s+%q\s+is\s+not\s+an\s+id`, attribute, attribute, id)),
				})
				if got := s.Count(); got != 0 {
					t.Errorf("got %d requests", got)
				}
			})
		}
	}
}

func TestAPIErrors(t *testing.T) {
	created := []string{`name = "a.csv"`, `content = "x"`}
	for name, test := range map[string]struct {
		operation string
		lines     []string
		want      string
	}{
		"create":   {"upload_organization_file", nil, `(?s)Unable to upload file "a.csv".*POST\s+\S+/api/v1/organizations/\d+/file\s+returned\s+400`},
		"update":   {"upload_organization_file", []string{`name = "a.csv"`, `content = "y"`}, `(?s)Unable to upload file "a.csv".*400`},
		"rename":   {"rename_organization_file", []string{`name = "b.csv"`, `content = "x"`}, `(?s)Unable to rename file.*PUT\s+\S+/api/v1/organizations/\d+/file\s+returned\s+400`},
		"download": {"download_organization_file", created, `(?s)Unable to read file.*GET\s+\S+/api/v1/organizations/\d+/file\s+returned\s+400`},
		"read":     {"get_organization", created, `(?s)Unable to read file.*GET\s+\S+/api/v1/organizations/\d+\s+returned\s+400`},
	} {
		t.Run(name, func(t *testing.T) {
			b := newFixture(t)
			var steps []resource.TestStep
			if test.lines == nil {
				test.lines = created
			} else {
				steps = append(steps, resource.TestStep{Config: b.file(created...)})
			}
			fault := func() { b.Inject(sandbox.Fault{Operation: test.operation, Kind: sandbox.FaultStatus, Status: 400}) }
			steps = append(steps,
				resource.TestStep{PreConfig: fault, Config: b.file(test.lines...), ExpectError: regexp.MustCompile(test.want)},
				resource.TestStep{Config: b.file(test.lines...)})
			acceptance.Run(t, steps...)
		})
	}
}

// Uploaded content is in state even if the rename fails.
func TestRenameFailsAfterTheUpload(t *testing.T) {
	b := newFixture(t, acceptance.Unusual)
	acceptance.Run(t,
		resource.TestStep{Config: b.file(`name = "a.csv"`, `content = "one"`)},
		resource.TestStep{
			PreConfig: func() {
				b.Inject(sandbox.Fault{Operation: "rename_organization_file", Kind: sandbox.FaultStatus, Status: 400})
			},
			Config:      b.file(`name = "b.csv"`, `content = "two"`),
			ExpectError: regexp.MustCompile("Unable to rename file"),
		},
		resource.TestStep{
			Config: b.file(`name = "b.csv"`, `content = "two"`),
			Check:  resource.ComposeAggregateTestCheckFunc(b.hasFile("b.csv", "two"), b.uploads(2)),
		},
	)
}
