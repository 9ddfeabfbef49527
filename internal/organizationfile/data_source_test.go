package organizationfile_test

import (
	"encoding/base64"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/guardai/terraform-provider-guardai/internal/acceptance"
	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

func (b *fixture) data(kind, ref string, lines ...string) string {
	return b.Provider() + fmt.Sprintf("data %q \"test\" {\n organization_id = \"%d\"\n ref = %q\n %s\n}\n", kind, b.organization, ref, strings.Join(lines, "\n"))
}

func TestDataSource(t *testing.T) {
	const kind = "guardai_organization_file"
	b := newFixture(t)
	dataset := int64(5)
	b.AddFile(b.organization, sandbox.File{Ref: "a/b?c", Type: mappedType, Name: "a.csv", ContentType: "text/csv", DatasetID: &dataset, Content: []byte("hello")})
	b.AddFile(b.organization, sandbox.File{Ref: "bytes", Type: "other", Content: []byte{255}, Unlisted: true})
	b.AddFile(b.organization, sandbox.File{Ref: "bound", Type: mappedType, Content: []byte(strings.Repeat("x", 1<<20))})
	b.AddFile(b.organization, sandbox.File{Ref: "large", Type: mappedType, Content: []byte(strings.Repeat("x", 1<<20+1))})
	value := func(name string, check knownvalue.Check) statecheck.StateCheck {
		return statecheck.ExpectKnownValue("data."+kind+".test", tfjsonpath.New(name), check)
	}
	acceptance.Run(t,
		resource.TestStep{Config: b.data(kind, "a/b?c"), ConfigStateChecks: []statecheck.StateCheck{
			value("id", knownvalue.StringExact(fmt.Sprintf("%d/classmapping/a%%2Fb%%3Fc", b.organization))),
			value("type", knownvalue.StringExact(mappedType)), value("name", knownvalue.StringExact("a.csv")),
			value("content_type", knownvalue.StringExact("text/csv")), value("dataset_id", knownvalue.StringExact("5")),
			value("size", knownvalue.Int64Exact(5)), value("content_sha256", knownvalue.StringExact(sha256Hex("hello"))),
			value("content", knownvalue.StringExact("hello")), value("content_base64", knownvalue.StringExact("aGVsbG8=")),
		}},
		resource.TestStep{Config: b.data(kind, "bytes", `type = "other"`), ConfigStateChecks: []statecheck.StateCheck{
			value("name", knownvalue.Null()), value("content", knownvalue.Null()),
			value("content_base64", knownvalue.StringExact(base64.StdEncoding.EncodeToString([]byte{255}))),
		}},
		resource.TestStep{Config: b.data(kind, "bound"), ConfigStateChecks: []statecheck.StateCheck{value("size", knownvalue.Int64Exact(1<<20))}},
		resource.TestStep{Config: b.data(kind, "large"), ExpectError: regexp.MustCompile(`(?s)File too large.*1 MiB`)},
		resource.TestStep{Config: b.data(kind, "nothing"), ExpectError: regexp.MustCompile(`(?s)Unable to read file "nothing" of organization \d+.*404`)},
		resource.TestStep{
			Config:      strings.Replace(b.data(kind, "x"), fmt.Sprintf("%q", fmt.Sprint(b.organization)), `"0"`, 1),
			ExpectError: regexp.MustCompile(`(?s)organization_id = "0".*"0"\s+is\s+not\s+an\s+id`),
		},
		resource.TestStep{Config: b.Provider()},
	)
}

func TestDataSourceByName(t *testing.T) {
	const kind = "guardai_organization_file"
	b := newFixture(t)
	for _, file := range []sandbox.File{{Ref: "1", Name: "one.csv"}, {Ref: "2", Name: "same.csv"}, {Ref: "3", Name: "same.csv"}, {Ref: "4", Name: "hidden.csv", Unlisted: true}} {
		b.AddFile(b.organization, file)
	}
	named := func(name string, lines ...string) string {
		return b.Provider() + fmt.Sprintf("data %q \"test\" {\n organization_id = \"%d\"\n name = %q\n %s\n}\n", kind, b.organization, name, strings.Join(lines, "\n"))
	}
	value := func(name, want string) statecheck.StateCheck {
		return statecheck.ExpectKnownValue("data."+kind+".test", tfjsonpath.New(name), knownvalue.StringExact(want))
	}
	id := fmt.Sprintf("%d/classmapping/", b.organization)
	acceptance.Run(t,
		resource.TestStep{Config: named("one.csv"), ConfigStateChecks: []statecheck.StateCheck{value("ref", "1"), value("id", id+"1"), value("type", mappedType)}},
		resource.TestStep{Config: named("same.csv"), ExpectError: regexp.MustCompile(`(?s)File name not unique.*name =.*` + id + `2,\s+` + id + `3`)},
		resource.TestStep{Config: named("hidden.csv"), ExpectError: regexp.MustCompile(`(?s)File not found.*name =.*None\s+of\s+the\s+3\s+files`)},
		resource.TestStep{Config: named("one.csv", `type = "other"`), ExpectError: regexp.MustCompile(`(?s)Files of this type have no name.*name =.*Set\s+ref`)},
		resource.TestStep{Config: named("one.csv", `ref = "1"`), ExpectError: regexp.MustCompile(`(?s)Invalid Attribute Combination.*ref,name`)},
		resource.TestStep{Config: strings.Replace(b.data(kind, "x"), `ref = "x"`, "", 1), ExpectError: regexp.MustCompile(`(?s)Missing Attribute Configuration.*ref,name`)},
		resource.TestStep{Config: b.Provider()},
	)
}

// Missing and null fields of a list entry are null, except that the media type is then that of the download.
func TestDataSourceOfAPartialListEntry(t *testing.T) {
	const kind = "guardai_organization_file"
	for name, entry := range map[string]string{
		"null": `{"ref":"r","fileName":null,"contentType":null,"datasetId":null}`, "left out": `{"ref":"r"}`, "empty": `{"ref":"r","fileName":"","contentType":""}`,
	} {
		t.Run(name, func(t *testing.T) {
			b := newFixture(t)
			b.AddFile(b.organization, sandbox.File{Ref: "r", ContentType: "text/csv", Content: []byte("x")})
			b.Inject(sandbox.Fault{Operation: "get_organization", Kind: sandbox.FaultGarbage, Times: -1, Body: fmt.Sprintf(
				`{"id":%d,"name":"a","settings":{"classMappingFiles":[%s]}}`, b.organization, entry)})
			value := func(name string, check knownvalue.Check) statecheck.StateCheck {
				return statecheck.ExpectKnownValue("data."+kind+".test", tfjsonpath.New(name), check)
			}
			acceptance.Run(t, resource.TestStep{Config: b.data(kind, "r"), ConfigStateChecks: []statecheck.StateCheck{
				value("name", knownvalue.Null()), value("dataset_id", knownvalue.Null()), value("content_type", knownvalue.StringExact("text/csv")),
			}})
		})
	}
}

func TestUsageDataSource(t *testing.T) {
	const kind = "guardai_organization_file_usage"
	b := newFixture(t)
	b.AddFile(b.organization, sandbox.File{Ref: "used", Type: mappedType, ProjectIDs: []int64{12, 34}})
	b.AddFile(b.organization, sandbox.File{Ref: "unused", Type: mappedType})
	projects := func(ids ...knownvalue.Check) []statecheck.StateCheck {
		return []statecheck.StateCheck{statecheck.ExpectKnownValue("data."+kind+".test", tfjsonpath.New("project_ids"), knownvalue.ListExact(ids))}
	}
	acceptance.Run(t,
		resource.TestStep{Config: b.data(kind, "used"), ConfigStateChecks: projects(knownvalue.StringExact("12"), knownvalue.StringExact("34"))},
		resource.TestStep{Config: b.data(kind, "unused"), ConfigStateChecks: projects()},
		resource.TestStep{Config: b.data(kind, "nothing"), ExpectError: regexp.MustCompile(`(?s)Unable to list the projects that use file "nothing".*404`)},
		resource.TestStep{Config: b.Provider()},
	)
}
