package catalog_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/guardai/terraform-provider-guardai/internal/acceptance"
	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

const (
	projects = "guardai_projects"
	datasets = "guardai_datasets"
	models   = "guardai_models"
	metrics  = "guardai_metrics"
)

func text(value string) knownvalue.Check { return knownvalue.StringExact(value) }

// nulls returns an object whose attributes are all null except those in change.
func nulls(attributes, change map[string]knownvalue.Check) map[string]knownvalue.Check {
	object := map[string]knownvalue.Check{}
	for name := range attributes {
		object[name] = knownvalue.Null()
	}
	maps.Copy(object, change)
	return object
}

func TestContentsOfAnOrganization(t *testing.T) {
	s := acceptance.NewSandbox(t)
	org, other := s.AddOrganization(sandbox.Organization{Name: "org"}), s.AddOrganization(sandbox.Organization{Name: "other"})
	s.SetProjects(org.ID, []map[string]any{
		{"id": 12, "name": "short"},
		{
			"id": 11, "uid": "p-11", "name": "Lanes", "verified": true, "message": "ok", "modelId": 5, "modelName": "net",
			"settings": map[string]any{"datasetId": 3, "tasks": []any{"b", "a"}},
		},
	})
	s.SetProjects(other.ID, []map[string]any{{"id": 13, "name": "other"}})
	s.SetDatasets(org.ID, []map[string]any{{
		"id": 9007199254740993, "name": "Own", "description": "d", "format": "KITTI", "datasetLength": 9007199254740993, "enabled": true,
		"predefined": false, "valid": false, "error": "no labels", "tasks": []any{"x"},
	}})
	s.SetModels(org.ID, []map[string]any{{
		"id": 5, "name": "net", "description": "d", "frameworkType": "ONNX", "environment": "e", "datasetId": 3, "tasks": []any{"x"}, "verified": true,
	}})
	s.SetModels(other.ID, []map[string]any{{"id": 6, "name": "other"}})
	metric := s.AddDefinition(sandbox.Metric, org.ID, sandbox.Definition{Fields: map[string]any{
		"name": "IoU", "description": "d", "enabled": true, "codebase_name": "iou", "metric_type": "t", "tasks": []any{"x"}, "params": []any{map[string]any{"a": json.Number("1.10")}},
	}})
	project := map[string]knownvalue.Check{
		"id": text("11"), "uid": text("p-11"), "name": text("Lanes"), "verified": knownvalue.Bool(true), "message": text("ok"),
		"model_id": text("5"), "model_name": text("net"), "dataset_id": text("3"), "tasks": texts("b", "a"),
	}
	acceptance.Run(t, resource.TestStep{
		Config: s.Provider() + data(projects, org.ID) + data(datasets, org.ID) + data(models, org.ID) + fmt.Sprintf("data %q \"test\" {}\n", metrics),
		ConfigStateChecks: []statecheck.StateCheck{
			known(projects, "projects", objects(project, nulls(project, map[string]knownvalue.Check{"id": text("12"), "name": text("short")}))),
			known(datasets, "datasets", knownvalue.ListPartial(map[int]knownvalue.Check{1: knownvalue.ObjectExact(map[string]knownvalue.Check{
				"id": text("9007199254740993"), "name": text("Own"), "description": text("d"), "format": text("KITTI"), "dataset_length": knownvalue.Int64Exact(9007199254740993),
				"enabled": knownvalue.Bool(true), "predefined": knownvalue.Bool(false), "valid": knownvalue.Bool(false), "error": text("no labels"), "tasks": texts("x"),
			})})),
			known(models, "models", objects(map[string]knownvalue.Check{
				"id": text("5"), "name": text("net"), "description": text("d"), "framework_type": text("ONNX"), "environment": text("e"),
				"dataset_id": text("3"), "tasks": texts("x"), "verified": knownvalue.Bool(true),
			})),
			known(metrics, "metrics", objects(map[string]knownvalue.Check{
				"id": text(metric.ID), "name": text("IoU"), "description": text("d"), "enabled": knownvalue.Bool(true), "codebase_name": text("iou"),
				"metric_type": text("t"), "tasks": texts("x"), "params": text(`[{"a":1.10}]`),
			})),
		},
	})
}
