package organization_test

import (
	"fmt"
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
	const byName, list = "data.guardai_organization.name", "data.guardai_organizations.test"
	s := acceptance.NewSandbox(t)
	org := example(s)
	other := s.AddOrganization(sandbox.Organization{Name: "other"})
	checks := []statecheck.StateCheck{
		known(list, "ids", knownvalue.ListExact([]knownvalue.Check{id(org.ID), id(other.ID)})),
		statecheck.ExpectKnownValue(list, tfjsonpath.New("organizations").AtSliceIndex(0), knownvalue.ObjectExact(exampleValue(org))),
	}
	for name, value := range exampleValue(org) {
		checks = append(checks, known(dataAddress, name, value), known(byName, name, value))
	}
	acceptance.Run(t, resource.TestStep{
		Config: s.Provider() + dataSource(fmt.Sprintf("id = %d", org.ID)) +
			"data \"guardai_organization\" \"name\" {\n name = \"lane keeping\"\n}\ndata \"guardai_organizations\" \"test\" {}\n",
		ConfigStateChecks: checks,
	})
	if got := s.Count("update_org_stats"); got != 0 {
		t.Errorf("the stats were recalculated %d times without refresh_stats", got)
	}
}

// A file without a reference is omitted, and missing fields are null.
func TestDataSourceWithPartialFiles(t *testing.T) {
	t.Parallel()
	s := acceptance.NewSandbox(t)
	org := example(s)
	s.Inject(sandbox.Fault{Operation: "get_organization", Kind: sandbox.FaultGarbage, Times: -1, Body: fmt.Sprintf(
		`{"id":%d,"name":"a","creationDateTime":"2022-03-01T12:00:00Z","settings":{"classMappingFiles":[{"fileName":"x"},{"ref":null},null,{"ref":"r/1"}]}}`, org.ID)})
	acceptance.NewDirect(t).Read(s.Provider() + dataSource(fmt.Sprintf("id = %d", org.ID))).MustHave(map[string]knownvalue.Check{
		"class_mapping_files": knownvalue.ListExact([]knownvalue.Check{knownvalue.ObjectExact(map[string]knownvalue.Check{
			"id":  knownvalue.StringExact(fmt.Sprintf("%d/classmapping/r%%2F1", org.ID)),
			"ref": knownvalue.StringExact("r/1"), "file_name": knownvalue.Null(), "content_type": knownvalue.Null(), "dataset_id": knownvalue.Null(),
		})}),
	})
}

func TestDataSourceRefreshesStats(t *testing.T) {
	t.Parallel()
	s := acceptance.NewSandbox(t)
	org := example(s)
	s.SetPendingStats(org.ID, sandbox.Stats{DatasetStorage: 3, ProjectStorage: 4})
	acceptance.NewDirect(t).Read(s.Provider() + dataSource(fmt.Sprintf("id = %d\nrefresh_stats = true", org.ID))).MustHave(map[string]knownvalue.Check{
		"stats": knownvalue.ObjectExact(map[string]knownvalue.Check{
			"dataset_storage": knownvalue.Int64Exact(3), "project_storage": knownvalue.Int64Exact(4),
		}),
	})
}

func TestDataSourceErrors(t *testing.T) {
	t.Parallel()
	s := acceptance.NewSandbox(t)
	example(s)
	s.AddOrganization(sandbox.Organization{Name: "twin"})
	s.AddOrganization(sandbox.Organization{Name: "twin"})
	for lines, want := range map[string]string{
		``:                                `Exactly one of these attributes must be configured: \[id,name\]`,
		"id = 1\nname = \"x\"":            `Exactly one of these attributes must be configured: \[id,name\]`,
		`id = 0`:                          `id = "0".*"0" is not an id`,
		`id = 4711`:                       `Unable to read organization 4711.*returned 404`,
		`name = "Lane Keeping"`:           `Organization not found: name =.*3 organizations.*Lane Keeping`,
		`name = "twin"`:                   `name not unique.*Use the id.*(\d+), (\d+)`,
		"id = 4711\nrefresh_stats = true": `Unable to read organization 4711`,
	} {
		acceptance.NewDirect(t).Read(s.Provider() + dataSource(lines)).MustFail(want)
	}
	acceptance.NewDirect(t).Read(s.UserProvider() + dataSource(`name = "x"`)).MustFail(`Unable to read organization "x".*403.*credentials of an administrator`)
	acceptance.NewDirect(t).Read(s.UserProvider() + list("")).MustFail(`Unable to list organizations.*403.*credentials of an administrator`)
}

func list(lines string) string {
	return fmt.Sprintf("data \"guardai_organizations\" \"test\" {\n%s\n}\n", lines)
}

func TestListDataSource(t *testing.T) {
	t.Parallel()
	s := acceptance.NewSandbox(t)
	example(s)
	other := s.AddOrganization(sandbox.Organization{Name: "other"})
	decomposed := s.AddOrganization(sandbox.Organization{Name: "Fu\u0308hrung"})
	// HCL turns the expression into Unicode NFC, and the platform's name isn't.
	for pattern, want := range map[string][]knownvalue.Check{"^oth": {id(other.ID)}, "^F\u00fchrung$": {id(decomposed.ID)}, "nothing": {}} {
		acceptance.NewDirect(t).Read(s.Provider() + list(fmt.Sprintf("name_regex = %q", pattern))).MustHave(map[string]knownvalue.Check{
			"ids": knownvalue.ListExact(want), "organizations": knownvalue.ListSizeExact(len(want)),
		})
	}
	acceptance.NewDirect(t).Read(s.Provider() + list(`name_regex = "("`)).MustFail(`Invalid regular expression.*name_regex`)
}
