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

func (b *bench) data(kind, ref string, lines ...string) string {
	return b.Provider() + fmt.Sprintf("data %q \"test\" {\n organization_id = \"%d\"\n ref = %q\n %s\n}\n", kind, b.organization, ref, strings.Join(lines, "\n"))
}

func TestDataSource(t *testing.T) {
	const kind = "guardai_organization_file"
	b := newBench(t)
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
			value("type", knownvalue.StringExact(mappedType)), value("name", knownvalue.StringExact("a.csv")),
			value("content_type", knownvalue.StringExact("text/csv")), value("dataset_id", knownvalue.StringExact("5")),
			value("size", knownvalue.Int64Exact(5)), value("content_sha256", knownvalue.StringExact(sum("hello"))),
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

func TestUsageDataSource(t *testing.T) {
	const kind = "guardai_organization_file_usage"
	b := newBench(t)
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
