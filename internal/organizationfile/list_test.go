package organizationfile_test

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/querycheck"
	"github.com/hashicorp/terraform-plugin-testing/querycheck/queryfilter"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/guardai/terraform-provider-guardai/internal/acceptance"
	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

// query returns a query for files with these lines in its block.
func query(lines ...string) string {
	return fmt.Sprintf("list \"guardai_organization_file\" \"test\" {\n provider = guardai\n %s\n}\n", strings.Join(lines, "\n "))
}

func ofOrganization(organizationID int64) string {
	return fmt.Sprintf("config {\n organization_id = \"%d\"\n }", organizationID)
}

// addOrganizations adds organizations with one file each, and returns the first organization's id.
func addOrganizations(s *acceptance.Sandbox, count int) int64 {
	var first int64
	for i := range count {
		org := s.AddOrganization(sandbox.Organization{Name: fmt.Sprintf("fleet %d", i)})
		s.AddFile(org.ID, sandbox.File{Ref: fmt.Sprintf("r/%d", i), Type: mappedType, Name: "map.csv", ContentType: "text/csv", Content: []byte("x,y\n")})
		if first == 0 {
			first = org.ID
		}
	}
	return first
}

func TestQuery(t *testing.T) {
	s := acceptance.NewSandbox(t)
	first := addOrganizations(s, 120)
	dataset := int64(9)
	s.AddFile(first, sandbox.File{Ref: "other", Type: mappedType, Name: "other.bin", Content: []byte{0, 255}, DatasetID: &dataset})
	step := func(config string, checks ...querycheck.QueryResultCheck) resource.TestStep {
		return resource.TestStep{Query: true, Config: config, QueryResultChecks: checks}
	}
	found := func(count int) querycheck.QueryResultCheck { return querycheck.ExpectLength(address, count) }
	named := func(name string) queryfilter.QueryFilter {
		return queryfilter.ByDisplayName(knownvalue.StringExact(name))
	}
	value := func(name string, check knownvalue.Check) querycheck.KnownValueCheck {
		return querycheck.KnownValueCheck{Path: tfjsonpath.New(name), KnownValue: check}
	}
	acceptance.RunWith(t, acceptance.QueriesAndActions,
		step(s.Provider()+query("limit = 200"), found(121), querycheck.ExpectIdentity(address, map[string]knownvalue.Check{
			"organization_id": knownvalue.StringExact(strconv.FormatInt(first, 10)), "type": knownvalue.StringExact(mappedType), "ref": knownvalue.StringExact("r/0"),
		})),
		step(s.Provider()+query("limit = 0"), found(0)),
		step(s.Provider()+query("limit = 1"), found(1), querycheck.ExpectResourceDisplayName(address, named("map.csv (fleet 0)"), knownvalue.NotNull())),
		step(s.Provider()+query("include_resource = true", ofOrganization(first)), found(2),
			querycheck.ExpectResourceKnownValues(address, named("map.csv (fleet 0)"), []querycheck.KnownValueCheck{
				value("id", knownvalue.StringExact(fmt.Sprintf("%d/classmapping/r%%2F0", first))),
				value("content", knownvalue.Null()), value("content_base64", knownvalue.Null()),
				value("size", knownvalue.Int64Exact(4)), value("content_type", knownvalue.StringExact("text/csv")),
				value("content_sha256", knownvalue.StringExact(sha256Hex("x,y\n"))), value("verify_content", knownvalue.Bool(true)),
			}),
			querycheck.ExpectResourceKnownValues(address, named("other.bin (fleet 0)"), []querycheck.KnownValueCheck{
				value("size", knownvalue.Int64Exact(2)), value("dataset_id", knownvalue.StringExact("9")),
			})),
	)
}

// A query downloads files only for include_resource, and none beyond its limit.
func TestCallsOfAQuery(t *testing.T) {
	for name, test := range map[string]struct {
		lines                  []string
		one                    bool
		lists, gets, downloads int
	}{
		"all":                 {lists: 1},
		"one":                 {one: true, gets: 1},
		"all, with resource":  {lines: []string{"include_resource = true"}, lists: 1, downloads: 30},
		"some, with resource": {lines: []string{"include_resource = true", "limit = 3"}, lists: 1, downloads: 3},
	} {
		t.Run(name, func(t *testing.T) {
			s := acceptance.NewSandbox(t)
			first := addOrganizations(s, 30)
			lines := test.lines
			if test.one {
				lines = append(lines, ofOrganization(first))
			}
			acceptance.RunWith(t, acceptance.QueriesAndActions, resource.TestStep{Query: true, Config: s.Provider() + query(lines...)})
			for operation, want := range map[string]int{"get_organizations": test.lists, "get_organization": test.gets, "download_organization_file": test.downloads} {
				if got := s.Count(operation); got != want {
					t.Errorf("%s: got %d calls, want %d", operation, got, want)
				}
			}
		})
	}
}

func TestQueryErrors(t *testing.T) {
	fault := func(operation string, status int) *sandbox.Fault {
		return &sandbox.Fault{Operation: operation, Kind: sandbox.FaultStatus, Status: status, Times: -1}
	}
	for name, test := range map[string]struct {
		query, want string
		fault       *sandbox.Fault
	}{
		"organization 0":   {query: query(ofOrganization(0)), want: `(?s)Invalid id.*organization_id.*"0"\s+is\s+not\s+an\s+id`},
		"no such":          {query: query(ofOrganization(4711)), want: `(?s)Unable to list the files of organization 4711.*404`},
		"content withheld": {query: query("include_resource = true"), fault: fault("download_organization_file", 403), want: `(?s)Unable to read file 1/classmapping/r%2F0.*403`},
	} {
		t.Run(name, func(t *testing.T) {
			s := acceptance.NewSandbox(t)
			addOrganizations(s, 3)
			if test.fault != nil {
				s.Inject(*test.fault)
			}
			acceptance.RunWith(t, acceptance.QueriesAndActions,
				resource.TestStep{Query: true, Config: s.Provider() + test.query, ExpectError: regexp.MustCompile(test.want)})
		})
	}
}

func TestQueryWithoutAdminRights(t *testing.T) {
	s := acceptance.NewSandbox(t)
	first := addOrganizations(s, 3)
	s.SetMembers(first, []map[string]any{{"id": 2, "uid": sandbox.UserUID}})
	acceptance.RunWith(t, acceptance.QueriesAndActions,
		resource.TestStep{
			Query: true, Config: s.UserProvider() + query("include_resource = true", ofOrganization(first)),
			QueryResultChecks: []querycheck.QueryResultCheck{querycheck.ExpectLength(address, 1)},
		},
		resource.TestStep{
			Query: true, Config: s.UserProvider() + query(ofOrganization(first+1)),
			ExpectError: regexp.MustCompile(`(?s)Unable to list the files of organization.*403.*member`),
		},
		resource.TestStep{
			Query: true, Config: s.UserProvider() + query(),
			ExpectError: regexp.MustCompile(`(?s)Unable to list the files of all organizations.*403.*administrator`),
		},
	)
}

// partialFiles returns a fault that makes the platform list files only in part.
func partialFiles(id int64) sandbox.Fault {
	return sandbox.Fault{Operation: "get_organization", Kind: sandbox.FaultGarbage, Times: -1, Body: fmt.Sprintf(
		`{"id":%d,"name":"a","creationDateTime":"2022-03-01T12:00:00Z","settings":{"classMappingFiles":[{"fileName":"x"},{"ref":null},null,{"ref":"r/0"}]}}`, id)}
}

// Files without a reference are omitted, because they can't be imported or downloaded.
func TestQueryOfFilesWithoutReference(t *testing.T) {
	s := acceptance.NewSandbox(t)
	first := addOrganizations(s, 1)
	s.Inject(partialFiles(first))
	named := queryfilter.ByDisplayName(knownvalue.StringExact("r/0 (a)"))
	acceptance.RunWith(t, acceptance.QueriesAndActions, resource.TestStep{
		Query: true, Config: s.Provider() + query("include_resource = true", ofOrganization(first)),
		QueryResultChecks: []querycheck.QueryResultCheck{
			querycheck.ExpectLength(address, 1),
			querycheck.ExpectResourceKnownValues(address, named, []querycheck.KnownValueCheck{
				{Path: tfjsonpath.New("size"), KnownValue: knownvalue.Int64Exact(4)},
			}),
		},
	})
	if got := s.Count("download_organization_file"); got != 1 {
		t.Errorf("got %d downloads, want 1", got)
	}
}

func TestQueryOfPartialOrganizations(t *testing.T) {
	s := acceptance.NewSandbox(t)
	first := addOrganizations(s, 1)
	s.Inject(sandbox.Fault{Operation: "get_organizations", Kind: sandbox.FaultGarbage, Times: -1, Body: fmt.Sprintf(`[{"id":%d,"name":"fleet 0"}]`, first)})
	acceptance.RunWith(t, acceptance.QueriesAndActions, resource.TestStep{
		Query: true, Config: s.Provider() + query(), QueryResultChecks: []querycheck.QueryResultCheck{querycheck.ExpectLength(address, 1)},
	})
}

// A file that is deleted between the list and its download is omitted, and one that is still listed isn't.
func TestQueryOfADeletedFile(t *testing.T) {
	for name, listed := range map[string]bool{"deleted": false, "still listed": true} {
		t.Run(name, func(t *testing.T) {
			var s *acceptance.Sandbox
			s = acceptance.NewSandbox(t, acceptance.BeforeDownloads(func(ref string) {
				if ref == "r/1" && !listed {
					s.DeleteFile(2, mappedType, ref)
				}
			}))
			addOrganizations(s, 3)
			step := resource.TestStep{
				Query: true, Config: s.Provider() + query("include_resource = true"),
				QueryResultChecks: []querycheck.QueryResultCheck{querycheck.ExpectLength(address, 2)},
			}
			if listed {
				s.Inject(sandbox.Fault{Operation: "download_organization_file", Kind: sandbox.FaultStatus, Status: 404})
				step.ExpectError = regexp.MustCompile(`(?s)Unable to read file.*still\s+lists\s+the\s+file`)
			}
			acceptance.RunWith(t, acceptance.QueriesAndActions, step)
		})
	}
}
