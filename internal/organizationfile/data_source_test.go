package organizationfile_test

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/guardai/terraform-provider-guardai/internal/acceptance"
	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

const (
	fileData  = "guardai_organization_file"
	usageData = "guardai_organization_file_usage"
)

// data returns a data source with these lines.
func (b *fixture) data(kind string, lines ...string) string {
	return fmt.Sprintf("data %q \"test\" {\n organization_id = \"%d\"\n %s\n}\n", kind, b.organization, strings.Join(lines, "\n"))
}

// read reads a data source with these lines.
func (b *fixture) read(t *testing.T, kind string, lines ...string) acceptance.Outcome {
	t.Helper()
	return acceptance.NewDirect(t).Read(b.Provider() + b.data(kind, lines...))
}

func TestDataSources(t *testing.T) {
	b := newFixture(t)
	dataset := int64(5)
	b.AddFile(b.organization, sandbox.File{Ref: "a/b?c", Type: mappedType, Name: "a.csv", ContentType: "text/csv", DatasetID: &dataset, Content: []byte("hello"), ProjectIDs: []int64{12, 34}})
	var checks []statecheck.StateCheck
	for name, check := range map[string]knownvalue.Check{
		"id": knownvalue.StringExact(fmt.Sprintf("%d/classmapping/a%%2Fb%%3Fc", b.organization)), "type": knownvalue.StringExact(mappedType),
		"name": knownvalue.StringExact("a.csv"), "content_type": knownvalue.StringExact("text/csv"), "dataset_id": knownvalue.StringExact("5"),
		"size": knownvalue.Int64Exact(5), "content_sha256": knownvalue.StringExact(sha256Hex("hello")),
		"content": knownvalue.StringExact("hello"), "content_base64": knownvalue.StringExact("aGVsbG8="),
	} {
		checks = append(checks, statecheck.ExpectKnownValue("data."+fileData+".test", tfjsonpath.New(name), check))
	}
	checks = append(checks, statecheck.ExpectKnownValue("data."+usageData+".test", tfjsonpath.New("project_ids"),
		knownvalue.ListExact([]knownvalue.Check{knownvalue.StringExact("12"), knownvalue.StringExact("34")})))
	acceptance.Run(t, resource.TestStep{
		Config: b.Provider() + b.data(fileData, `ref = "a/b?c"`) + b.data(usageData, `ref = "a/b?c"`), ConfigStateChecks: checks,
	})
}

func TestDataSourceOfUnusualFiles(t *testing.T) {
	t.Parallel()
	b := newFixture(t)
	b.AddFile(b.organization, sandbox.File{Ref: "bytes", Type: "other", Content: []byte{255}, Unlisted: true})
	b.AddFile(b.organization, sandbox.File{Ref: "bound", Type: mappedType, Content: []byte(strings.Repeat("x", 1<<20))})
	b.AddFile(b.organization, sandbox.File{Ref: "large", Type: mappedType, Content: []byte(strings.Repeat("x", 1<<20+1))})
	bytes := b.read(t, fileData, `ref = "bytes"`, `type = "other"`)
	bytes.MustHave(map[string]knownvalue.Check{
		"name": knownvalue.Null(), "content": knownvalue.Null(), "content_base64": knownvalue.StringExact(base64.StdEncoding.EncodeToString([]byte{255})),
	})
	acceptance.MustContain(t, bytes.Text, "not available as text")
	b.read(t, fileData, `ref = "bound"`).MustHave(map[string]knownvalue.Check{"size": knownvalue.Int64Exact(1 << 20)})
	b.read(t, fileData, `ref = "large"`).MustFail(`File too large.*1 MiB`)
	b.read(t, fileData, `ref = "nothing"`).MustFail(`Unable to read file "nothing" of organization \d+.*404`)
	b.organization = 0
	b.read(t, fileData, `ref = "x"`).MustFail(`organization_id = "0".*"0" is not an id`)
}

func TestDataSourceByName(t *testing.T) {
	t.Parallel()
	b := newFixture(t)
	for _, file := range []sandbox.File{{Ref: "1", Name: "one.csv"}, {Ref: "2", Name: "same.csv"}, {Ref: "3", Name: "same.csv"}, {Ref: "4", Name: "hidden.csv", Unlisted: true}} {
		b.AddFile(b.organization, file)
	}
	id := fmt.Sprintf("%d/classmapping/", b.organization)
	b.read(t, fileData, `name = "one.csv"`).MustHave(map[string]knownvalue.Check{
		"ref": knownvalue.StringExact("1"), "id": knownvalue.StringExact(id + "1"), "type": knownvalue.StringExact(mappedType),
	})
	b.read(t, fileData, `name = "same.csv"`).MustFail(`File name not unique: name =.*` + id + `2, ` + id + `3`)
	b.read(t, fileData, `name = "hidden.csv"`).MustFail(`File not found: name =.*None of the 3 files`)
	b.read(t, fileData, `name = "one.csv"`, `type = "other"`).MustFail(`Files of this type have no name: name =.*Set ref`)
	b.read(t, fileData, `name = "one.csv"`, `ref = "1"`).MustFail(`Invalid Attribute Combination.*ref,name`)
	b.read(t, fileData).MustFail(`Missing Attribute Configuration.*ref,name`)
}

// Missing and null fields of a list entry are null, except that the media type is then that of the download.
func TestDataSourceOfAPartialListEntry(t *testing.T) {
	t.Parallel()
	for _, entry := range []string{
		`{"ref":"r","fileName":null,"contentType":null,"datasetId":null}`, `{"ref":"r"}`, `{"ref":"r","fileName":"","contentType":""}`,
	} {
		b := newFixture(t)
		b.AddFile(b.organization, sandbox.File{Ref: "r", ContentType: "text/csv", Content: []byte("x")})
		b.Inject(sandbox.Fault{Operation: "get_organization", Kind: sandbox.FaultGarbage, Times: -1, Body: fmt.Sprintf(
			`{"id":%d,"name":"a","settings":{"classMappingFiles":[%s]}}`, b.organization, entry)})
		b.read(t, fileData, `ref = "r"`).MustHave(map[string]knownvalue.Check{
			"name": knownvalue.Null(), "dataset_id": knownvalue.Null(), "content_type": knownvalue.StringExact("text/csv"),
		})
	}
}

func TestUsageDataSource(t *testing.T) {
	t.Parallel()
	b := newFixture(t)
	b.AddFile(b.organization, sandbox.File{Ref: "unused", Type: mappedType})
	b.read(t, usageData, `ref = "unused"`).MustHave(map[string]knownvalue.Check{"project_ids": knownvalue.ListExact(nil)})
	b.read(t, usageData, `ref = "nothing"`).MustFail(`Unable to list the projects that use file "nothing".*404`)
}
