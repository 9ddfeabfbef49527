package organizationfile_test

import (
	"fmt"
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

// list lists files without a CLI.
func list(t *testing.T, config string, limit int64, include bool) ([]acceptance.Listed, acceptance.Outcome) {
	t.Helper()
	return acceptance.NewDirect(t).List(config, limit, include)
}

// mustList lists files with their attributes.
func mustList(t *testing.T, config string, count int) []acceptance.Listed {
	t.Helper()
	found, outcome := list(t, config, 100, true)
	outcome.Must()
	if len(found) != count {
		t.Fatalf("got %v, want %d files", found, count)
	}
	return found
}

// A query downloads files only for include_resource, and none beyond its limit.
func TestCallsOfAQuery(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		limit                  int64
		include, one           bool
		lists, gets, downloads int
	}{
		"all":                 {limit: 100, lists: 1},
		"one":                 {limit: 100, one: true, gets: 1},
		"all, with resource":  {limit: 100, include: true, lists: 1, downloads: 30},
		"some, with resource": {limit: 3, include: true, lists: 1, downloads: 3},
	} {
		s := acceptance.NewSandbox(t)
		config := query(ofOrganization(addOrganizations(s, 30)))
		if !test.one {
			config = query()
		}
		_, outcome := list(t, s.Provider()+config, test.limit, test.include)
		outcome.Must()
		for operation, want := range map[string]int{"get_organizations": test.lists, "get_organization": test.gets, "download_organization_file": test.downloads} {
			if got := s.Count(operation); got != want {
				t.Errorf("%s, %s: got %d calls, want %d", name, operation, got, want)
			}
		}
	}
}

func TestQueryErrors(t *testing.T) {
	t.Parallel()
	s := acceptance.NewSandbox(t)
	first := addOrganizations(s, 3)
	fails := func(config string, include bool, want string) {
		t.Helper()
		_, outcome := list(t, config, 100, include)
		outcome.MustFail(want)
	}
	fails(s.Provider()+query(ofOrganization(0)), false, `Invalid id: organization_id.*"0" is not an id`)
	fails(s.Provider()+query(ofOrganization(4711)), false, `Unable to list the files of organization 4711.*404`)
	fails(s.UserProvider()+query(ofOrganization(first+1)), false, `Unable to list the files of organization.*403.*member`)
	fails(s.UserProvider()+query(), false, `Unable to list the files of all organizations.*403.*administrator`)
	s.Inject(sandbox.Fault{Operation: "download_organization_file", Kind: sandbox.FaultStatus, Status: 403, Times: -1})
	fails(s.Provider()+query(), true, `Unable to read file 1/classmapping/r%2F0.*403`)
}

func TestQueryWithoutAdminRights(t *testing.T) {
	t.Parallel()
	s := acceptance.NewSandbox(t)
	first := addOrganizations(s, 3)
	s.SetMembers(first, []map[string]any{{"id": 2, "uid": sandbox.UserUID}})
	mustList(t, s.UserProvider()+query(ofOrganization(first)), 1)
}

// Files without a reference are omitted, because they can't be imported or downloaded.
func TestQueryOfFilesWithoutReference(t *testing.T) {
	t.Parallel()
	s := acceptance.NewSandbox(t)
	first := addOrganizations(s, 1)
	s.Inject(sandbox.Fault{Operation: "get_organization", Kind: sandbox.FaultGarbage, Times: -1, Body: fmt.Sprintf(
		`{"id":%d,"name":"a","creationDateTime":"2022-03-01T12:00:00Z","settings":{"classMappingFiles":[{"fileName":"x"},{"ref":null},null,{"ref":"r/0"}]}}`, first)})
	if file := mustList(t, s.Provider()+query(ofOrganization(first)), 1)[0]; file.Name != "r/0 (a)" || fmt.Sprint(file.Values["size"]) != "4" {
		t.Errorf("got %+v", file)
	}
	if got := s.Count("download_organization_file"); got != 1 {
		t.Errorf("got %d downloads, want 1", got)
	}
}

// A file that is deleted between the list and its download is omitted, and one that is still listed isn't.
func TestQueryOfADeletedFile(t *testing.T) {
	t.Parallel()
	var s *acceptance.Sandbox
	s = acceptance.NewSandbox(t, acceptance.BeforeDownloads(func(ref string) {
		if ref == "r/1" {
			s.DeleteFile(2, mappedType, ref)
		}
	}))
	addOrganizations(s, 3)
	mustList(t, s.Provider()+query(), 2)
	s.Inject(sandbox.Fault{Operation: "download_organization_file", Kind: sandbox.FaultStatus, Status: 404})
	_, outcome := list(t, s.Provider()+query(), 100, true)
	outcome.MustFail(`Unable to read file.*still lists the file`)
}
