package catalog_test

import (
	"encoding/json"
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
	assets     = "guardai_organization_assets"
	transforms = "guardai_organization_transforms"
	hpo        = "guardai_organization_hpo_definitions"
)

// operations are the API operations of the data sources.
var operations = map[string]string{assets: "get_asset_definitions", transforms: "get_defined_transforms", hpo: "get_defined_hpo"}

func data(kind string, organizationID int64) string {
	return fmt.Sprintf("data %q \"test\" {\n organization_id = \"%d\"\n}\n", kind, organizationID)
}

// read reads a data source without a CLI.
func read(t *testing.T, s *acceptance.Sandbox, kind string, organizationID int64) acceptance.Outcome {
	t.Helper()
	return acceptance.NewDirect(t).Read(s.Provider() + data(kind, organizationID))
}

func known(kind, name string, value knownvalue.Check) statecheck.StateCheck {
	return statecheck.ExpectKnownValue("data."+kind+".test", tfjsonpath.New(name), value)
}

func texts(values ...string) knownvalue.Check {
	checks := make([]knownvalue.Check, 0, len(values))
	for _, value := range values {
		checks = append(checks, knownvalue.StringExact(value))
	}
	return knownvalue.ListExact(checks)
}

func objects(objects ...map[string]knownvalue.Check) knownvalue.Check {
	checks := make([]knownvalue.Check, 0, len(objects))
	for _, object := range objects {
		checks = append(checks, knownvalue.ObjectExact(object))
	}
	return knownvalue.ListExact(checks)
}

func TestAssets(t *testing.T) {
	t.Parallel()
	s := acceptance.NewSandbox(t)
	org := s.AddOrganization(sandbox.Organization{Name: "org"})
	fields := map[string]string{
		"adversarialAttacks": "adversarial_attacks", "datasetFormats": "dataset_formats", "defenses": "defenses",
		"domainAdaptations": "domain_adaptations", "metaAttacks": "meta_attacks", "metrics": "metrics", "noises": "noises",
	}
	every := map[string]any{"unknown": []any{1}}
	whole, none := map[string]knownvalue.Check{}, map[string]knownvalue.Check{}
	for wire, name := range fields {
		every[wire] = "value of " + name
		whole[name], none[name] = knownvalue.StringExact("value of "+name), knownvalue.Null()
	}
	s.SetCatalog(org.ID, sandbox.Catalog{Assets: every})
	read(t, s, assets, org.ID).MustHave(whole)
	s.SetCatalog(org.ID, sandbox.Catalog{})
	read(t, s, assets, org.ID).MustHave(none)
}

func TestTransforms(t *testing.T) {
	t.Parallel()
	s := acceptance.NewSandbox(t, acceptance.Usual)
	org := s.AddOrganization(sandbox.Organization{Name: "org"})
	s.SetCatalog(org.ID, sandbox.Catalog{Transforms: []map[string]any{
		{"id": 2, "name": "empty", "target_format": []any{}, "tasks": []any{}, "params": []any{}, "apply_mapping": map[string]any{}},
		{
			"id": 1, "name": "Fog", "description": "Adds fog.", "enabled": true, "codebase_name": "weather.fog",
			"converted_target_format": "KITTI", "target_format": []any{"KITTI", "COCO"}, "tasks": []any{"SEGMENTATION", "DETECTION"},
			"params": []any{
				map[string]any{"name": "density", "default": json.Number("1.10"), "help": "<b> & c"},
				map[string]any{"seed": json.Number("12345678901234567890"), "rate": json.Number("1e-7")},
			},
			"apply_mapping": map[string]any{"b": map[string]any{"y": nil, "x": true}, "a": map[string]any{}},
			"unknown":       map[string]any{"x": 1},
		},
		{"description": nil, "converted_target_format": nil, "target_format": nil, "tasks": nil, "params": nil, "apply_mapping": nil},
	}})
	null := knownvalue.Null()
	first := map[string]knownvalue.Check{
		"id": knownvalue.StringExact("1"), "name": knownvalue.StringExact("Fog"), "description": knownvalue.StringExact("Adds fog."),
		"enabled": knownvalue.Bool(true), "codebase_name": knownvalue.StringExact("weather.fog"),
		"converted_target_format": knownvalue.StringExact("KITTI"),
		"target_format":           texts("KITTI", "COCO"), "tasks": texts("SEGMENTATION", "DETECTION"),
		"params": knownvalue.StringExact(
			`[{"default":1.10,"help":"<b> & c","name":"density"},{"rate":1e-7,"seed":12345678901234567890}]`),
		"apply_mapping": knownvalue.StringExact(`{"a":{},"b":{"x":true,"y":null}}`),
	}
	second := map[string]knownvalue.Check{
		"id": knownvalue.StringExact("2"), "name": knownvalue.StringExact("empty"), "description": null,
		"enabled": null, "codebase_name": null, "converted_target_format": null,
		"target_format": texts(), "tasks": texts(),
		"params": knownvalue.StringExact(`[]`), "apply_mapping": knownvalue.StringExact(`{}`),
	}
	third := map[string]knownvalue.Check{
		"id": null, "name": null, "description": null, "enabled": null, "codebase_name": null, "converted_target_format": null,
		"target_format": null, "tasks": null, "params": null, "apply_mapping": null,
	}
	read(t, s, transforms, org.ID).MustHave(map[string]knownvalue.Check{"transforms": objects(first, second, third)})
}

func TestHPODefinitions(t *testing.T) {
	t.Parallel()
	s := acceptance.NewSandbox(t)
	org := s.AddOrganization(sandbox.Organization{Name: "org"})
	s.SetCatalog(org.ID, sandbox.Catalog{HPODefinitions: []map[string]any{
		{"description": nil, "params": nil, "unknown": "x"},
		{
			"id": 2147483647, "name": "Grid", "description": "Tries all.", "enabled": false,
			"params": []any{map[string]any{"name": "lr", "low": json.Number("0.10"), "high": json.Number("1E+3"), "big": json.Number("98765432109876543210")}},
		},
	}})
	null := knownvalue.Null()
	read(t, s, hpo, org.ID).MustHave(map[string]knownvalue.Check{
		"hpo_definitions": objects(
			map[string]knownvalue.Check{
				"id": knownvalue.StringExact("2147483647"), "name": knownvalue.StringExact("Grid"), "description": knownvalue.StringExact("Tries all."),
				"enabled": knownvalue.Bool(false), "params": knownvalue.StringExact(`[{"big":98765432109876543210,"high":1E+3,"low":0.10,"name":"lr"}]`),
			},
			map[string]knownvalue.Check{"id": null, "name": null, "description": null, "enabled": null, "params": null},
		),
	})
}

func TestEmptyLists(t *testing.T) {
	t.Parallel()
	s := acceptance.NewSandbox(t)
	org := s.AddOrganization(sandbox.Organization{Name: "org"})
	s.SetCatalog(org.ID, sandbox.Catalog{})
	read(t, s, transforms, org.ID).MustHave(map[string]knownvalue.Check{"transforms": knownvalue.ListSizeExact(0)})
	read(t, s, hpo, org.ID).MustHave(map[string]knownvalue.Check{"hpo_definitions": knownvalue.ListSizeExact(0)})
}

// The id is unknown during the plan, so the read is deferred to the apply.
func TestUnknownOrganization(t *testing.T) {
	s := acceptance.NewSandbox(t)
	config := s.Provider() + "resource \"guardai_organization\" \"test\" {\n name = \"x\"\n}\n"
	checks := make([]statecheck.StateCheck, 0, len(operations))
	for kind, name := range map[string]string{assets: "metrics", transforms: "transforms", hpo: "hpo_definitions"} {
		config += strings.Replace(data(kind, 1), `= "1"`, "= guardai_organization.test.id", 1)
		checks = append(checks, known(kind, name, knownvalue.NotNull()))
	}
	acceptance.Run(t, resource.TestStep{Config: config, ConfigStateChecks: checks})
}

func TestErrors(t *testing.T) {
	t.Parallel()
	for kind, what := range map[string]string{assets: "read the assets", transforms: "list the transforms", hpo: "list the HPO definitions"} {
		s := acceptance.NewSandbox(t)
		org := s.AddOrganization(sandbox.Organization{Name: "org"})
		failed := func(id int64, rest string) string {
			return fmt.Sprintf(`Unable to %s of organization %d: organization_id = "%d".*%s`, what, id, id, rest)
		}
		read(t, s, kind, 0).MustFail(`organization_id = "0".*is not an id`)
		read(t, s, kind, -1).MustFail(`organization_id = "-1".*is not an id`)
		read(t, s, kind, 4711).MustFail(failed(4711, `404.*doesn't exist on the platform`))
		acceptance.NewDirect(t).Read(s.UserProvider() + data(kind, org.ID)).MustFail(failed(org.ID, `403.*of an administrator`))
		s.Inject(sandbox.Fault{Operation: operations[kind], Kind: sandbox.FaultHTML})
		read(t, s, kind, org.ID).MustFail(failed(org.ID, `HTML page.*Check that host`))
	}
}
