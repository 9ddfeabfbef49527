package guardai

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestAssets(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		body string
		want Assets
	}{
		"every field": {
			`{"adversarialAttacks":"a","datasetFormats":"b","defenses":"c","domainAdaptations":"d","metaAttacks":"e","metrics":"f","noises":"g","new":1}`,
			Assets{
				AdversarialAttacks: new("a"), DatasetFormats: new("b"), Defenses: new("c"), DomainAdaptations: new("d"),
				MetaAttacks: new("e"), Metrics: new("f"), Noises: new("g"),
			},
		},
		"no field":       {`{}`, Assets{}},
		"null and empty": {`{"defenses":null,"noises":""}`, Assets{Noises: new("")}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPlatform(t, respond(http.StatusOK, "application/json", test.body))
			got, err := p.client(t).GetAssets(background(t), 7)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(&test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestTransforms(t *testing.T) {
	t.Parallel()
	p := newPlatform(t, respond(http.StatusOK, "application/json", `[
		{"id":2,"description":null,"target_format":null,"tasks":[],"params":null,"apply_mapping":{}},
		{"new":1},
		{"id":1,"name":"Fog","description":"fog","enabled":true,"codebase_name":"f","converted_target_format":"KITTI","target_format":["COCO",null],
		 "tasks":["DETECTION"],"params":[{"b": 1.10, "a": 12345678901234567890}],"apply_mapping":{"x":{"y":1e-7}}}]`))
	got, err := p.client(t).ListTransforms(background(t), 7)
	if err != nil {
		t.Fatal(err)
	}
	want := []TransformDefinition{
		{
			ID: new(int64(1)), Name: new("Fog"), Description: new("fog"), Enabled: new(true), CodebaseName: new("f"),
			ConvertedTargetFormat: new("KITTI"), TargetFormat: []*string{new("COCO"), nil}, Tasks: []*string{new("DETECTION")},
			Params: json.RawMessage(`[{"b": 1.10, "a": 12345678901234567890}]`), ApplyMapping: json.RawMessage(`{"x":{"y":1e-7}}`),
		},
		{ID: new(int64(2)), Tasks: []*string{}, Params: json.RawMessage(`null`), ApplyMapping: json.RawMessage(`{}`)},
		{},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestHPODefinitions(t *testing.T) {
	t.Parallel()
	p := newPlatform(t, respond(http.StatusOK, "application/json", `[
		{"name":"without id"},
		{"id":1,"name":"Grid","description":"all","enabled":false,"params":[{"n":0.1000000000000000055511151231257827}],"new":null}]`))
	got, err := p.client(t).ListHPODefinitions(background(t), 7)
	if err != nil {
		t.Fatal(err)
	}
	want := []HPODefinition{
		{
			ID: new(int64(1)), Name: new("Grid"), Description: new("all"), Enabled: new(false),
			Params: json.RawMessage(`[{"n":0.1000000000000000055511151231257827}]`),
		},
		{Name: new("without id")},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestEmptyCatalog(t *testing.T) {
	t.Parallel()
	for _, body := range []string{`[]`, `null`} {
		p := newPlatform(t, respond(http.StatusOK, "application/json", body))
		transforms, err := p.client(t).ListTransforms(background(t), 7)
		if err != nil || len(transforms) != 0 {
			t.Errorf("%s: got the transforms %#v, %v", body, transforms, err)
		}
		definitions, err := p.client(t).ListHPODefinitions(background(t), 7)
		if err != nil || len(definitions) != 0 {
			t.Errorf("%s: got the HPO definitions %#v, %v", body, definitions, err)
		}
	}
}
