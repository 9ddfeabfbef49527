package organization_test

import (
	"fmt"
	"regexp"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/guardai/terraform-provider-guardai/internal/acceptance"
	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

const dataAddress = "data.guardai_organization.test"

func dataSource(lines string) string {
	return fmt.Sprintf("data \"guardai_organization\" \"test\" {\n%s\n}\n", lines)
}

func id(id int64) knownvalue.Check { return knownvalue.StringExact(fmt.Sprint(id)) }

func known(address, name string, value knownvalue.Check) statecheck.StateCheck {
	return statecheck.ExpectKnownValue(address, tfjsonpath.New(name), value)
}

// example adds an organization with a value in every field.
func example(s *acceptance.Sandbox) sandbox.Organization {
	org := s.AddOrganization(sandbox.Organization{
		Name: "lane keeping", CreatedAt: time.Date(2022, 3, 1, 12, 0, 0, 0, time.UTC), TimeUsed: 42,
		Stats:    sandbox.Stats{DatasetStorage: 1 << 40, ProjectStorage: 2},
		Settings: map[string]any{"disabledFeatures": []any{"ROBUSTNESS"}, "maxItemCount": 1, "maxTimeAllocated": 2, "maxTimePerTask": 3},
	})
	dataset := int64(9)
	s.AddFile(org.ID, sandbox.File{Ref: "r/1", Type: "classmapping", Name: "map.csv", ContentType: "text/csv", DatasetID: &dataset})
	return org
}

func exampleValue(org sandbox.Organization) map[string]knownvalue.Check {
	return map[string]knownvalue.Check{
		"id":         id(org.ID),
		"name":       knownvalue.StringExact("lane keeping"),
		"created_at": knownvalue.StringExact("2022-03-01T12:00:00Z"),
		"time_used":  knownvalue.Int64Exact(42),
		"stats": knownvalue.ObjectExact(map[string]knownvalue.Check{
			"dataset_storage": knownvalue.Int64Exact(1 << 40), "project_storage": knownvalue.Int64Exact(2),
		}),
		"disabled_features":  knownvalue.SetExact([]knownvalue.Check{knownvalue.StringExact("ROBUSTNESS")}),
		"max_item_count":     knownvalue.Int64Exact(1),
		"max_time_allocated": knownvalue.Int64Exact(2),
		"max_time_per_task":  knownvalue.Int64Exact(3),
		"class_mapping_files": knownvalue.ListExact([]knownvalue.Check{knownvalue.ObjectExact(map[string]knownvalue.Check{
			"id":  knownvalue.StringExact(fmt.Sprintf("%d/classmapping/r%%2F1", org.ID)),
			"ref": knownvalue.StringExact("r/1"), "file_name": knownvalue.StringExact("map.csv"),
			"content_type": knownvalue.StringExact("text/csv"), "dataset_id": knownvalue.StringExact("9"),
		})}),
	}
}

func TestDataSource(t *testing.T) {
	s := acceptance.NewSandbox(t)
	org := example(s)
	var checks []statecheck.StateCheck
	for name, value := range exampleValue(org) {
		checks = append(checks, known(dataAddress, name, value))
	}
	acceptance.Run(t,
		resource.TestStep{Config: s.Provider() + dataSource(fmt.Sprintf("id = %d", org.ID)), ConfigStateChecks: checks},
		resource.TestStep{Config: s.Provider() + dataSource(`name = "lane keeping"`), ConfigStateChecks: checks},
	)
	if got := s.Count("update_org_stats"); got != 0 {
		t.Errorf("the stats were recalculated %d times without refresh_stats", got)
	}
}

// A file without a reference is omitted, and missing fields are null.
func TestDataSourceWithPartialFiles(t *testing.T) {
	s := acceptance.NewSandbox(t)
	org := example(s)
	s.Inject(sandbox.Fault{Operation: "get_organization", Kind: sandbox.FaultGarbage, Times: -1, Body: fmt.Sprintf(
		`{"id":%d,"name":"a","creationDateTime":"2022-03-01T12:00:00Z","settings":{"classMappingFiles":[{"fileName":"x"},{"ref":null},null,{"ref":"r/1"}]}}`, org.ID)})
	acceptance.Run(t, resource.TestStep{
		Config: s.Provider() + dataSource(fmt.Sprintf("id = %d", org.ID)),
		ConfigStateChecks: []statecheck.StateCheck{statecheck.ExpectKnownValue(
			dataAddress, tfjsonpath.New("class_mapping_files"),
			knownvalue.ListExact([]knownvalue.Check{knownvalue.ObjectExact(map[string]knownvalue.Check{
				"id":  knownvalue.StringExact(fmt.Sprintf("%d/classmapping/r%%2F1", org.ID)),
				"ref": knownvalue.StringExact("r/1"), "file_name": knownvalue.Null(), "content_type": knownvalue.Null(), "dataset_id": knownvalue.Null(),
			})}),
		)},
	})
}

func TestDataSourceRefreshesStats(t *testing.T) {
	s := acceptance.NewSandbox(t)
	org := example(s)
	s.SetPendingStats(org.ID, sandbox.Stats{DatasetStorage: 3, ProjectStorage: 4})
	acceptance.Run(t, resource.TestStep{
		Config: s.Provider() + dataSource(fmt.Sprintf("id = %d\nrefresh_stats = true", org.ID)),
		ConfigStateChecks: []statecheck.StateCheck{known(dataAddress, "stats", knownvalue.ObjectExact(map[string]knownvalue.Check{
			"dataset_storage": knownvalue.Int64Exact(3), "project_storage": knownvalue.Int64Exact(4),
		}))},
	})
}

func TestDataSourceErrors(t *testing.T) {
	for name, test := range map[string]struct{ lines, want string }{
		"neither":     {``, `(?s)Exactly one of these attributes must be configured: \[id,name\]`},
		"both":        {"id = 1\nname = \"x\"", `(?s)Exactly one of these attributes must be configured: \[id,name\]`},
		"zero":        {`id = 0`, `(?s)id.*"0" is not an id`},
		"not there":   {`id = 4711`, `(?s)Unable to read organization 4711.*returned\s+404`},
		"no such":     {`name = "Lane Keeping"`, `(?s)Organization not found.*3 organizations.*Lane Keeping`},
		"not unique":  {`name = "twin"`, `(?s)name not unique.*Use\s+the\s+id.*(\d+),\s+(\d+)`},
		"bad refresh": {"id = 4711\nrefresh_stats = true", `(?s)Unable to read organization 4711`},
	} {
		t.Run(name, func(t *testing.T) {
			s := acceptance.NewSandbox(t)
			example(s)
			s.AddOrganization(sandbox.Organization{Name: "twin"})
			s.AddOrganization(sandbox.Organization{Name: "twin"})
			acceptance.Run(t, resource.TestStep{Config: s.Provider() + dataSource(test.lines), ExpectError: regexp.MustCompile(test.want)})
		})
	}
}

func TestDataSourcesWithoutAdminRights(t *testing.T) {
	s := acceptance.NewSandbox(t)
	acceptance.Run(t,
		resource.TestStep{
			Config:      s.UserProvider() + dataSource(`name = "x"`),
			ExpectError: regexp.MustCompile(`(?s)Unable to read organization "x".*403.*credentials\s+of\s+an\s+administrator`),
		},
		resource.TestStep{
			Config:      s.UserProvider() + `data "guardai_organizations" "test" {}`,
			ExpectError: regexp.MustCompile(`(?s)Unable to list organizations.*403.*credentials\s+of\s+an\s+administrator`),
		},
	)
}

func TestListDataSource(t *testing.T) {
	const listAddress = "data.guardai_organizations.test"
	s := acceptance.NewSandbox(t)
	org := example(s)
	other := s.AddOrganization(sandbox.Organization{Name: "other"})
	decomposed := s.AddOrganization(sandbox.Organization{Name: "Fu\u0308hrung"})
	acceptance.Run(t,
		resource.TestStep{
			Config:      s.Provider() + "data \"guardai_organizations\" \"test\" {\n name_regex = \"(\"\n}",
			ExpectError: regexp.MustCompile(`(?s)Invalid regular expression.*name_regex`),
		},
		resource.TestStep{
			Config: s.Provider() + `data "guardai_organizations" "test" {}`,
			ConfigStateChecks: []statecheck.StateCheck{
				known(listAddress, "ids", knownvalue.ListExact([]knownvalue.Check{id(org.ID), id(other.ID), id(decomposed.ID)})),
				statecheck.ExpectKnownValue(listAddress, tfjsonpath.New("organizations").AtSliceIndex(0), knownvalue.ObjectExact(exampleValue(org))),
			},
		},
		resource.TestStep{
			Config:            s.Provider() + "data \"guardai_organizations\" \"test\" {\n name_regex = \"^oth\"\n}",
			ConfigStateChecks: []statecheck.StateCheck{known(listAddress, "ids", knownvalue.ListExact([]knownvalue.Check{id(other.ID)}))},
		},
		resource.TestStep{
			// The CLI passes the expression in Unicode NFC, and the platform's name isn't.
			Config:            s.Provider() + "data \"guardai_organizations\" \"test\" {\n name_regex = \"^F\u00fchrung$\"\n}",
			ConfigStateChecks: []statecheck.StateCheck{known(listAddress, "ids", knownvalue.ListExact([]knownvalue.Check{id(decomposed.ID)}))},
		},
		resource.TestStep{
			Config:            s.Provider() + "data \"guardai_organizations\" \"test\" {\n name_regex = \"nothing\"\n}",
			ConfigStateChecks: []statecheck.StateCheck{known(listAddress, "organizations", knownvalue.ListSizeExact(0)), known(listAddress, "ids", knownvalue.ListSizeExact(0))},
		},
	)
}
