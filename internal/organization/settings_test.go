package organization

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/guardai/terraform-provider-guardai/internal/component"
	"github.com/guardai/terraform-provider-guardai/internal/guardai"
	"github.com/guardai/terraform-provider-guardai/internal/sandbox/contracttest"
)

// settingAttributes returns the attributes of the settings that the API documents, except class mapping files, which
// have their own resource.
func settingAttributes(t *testing.T) []string {
	t.Helper()
	document, err := contracttest.Document()
	if err != nil {
		t.Fatal(err)
	}
	var attributes []string
	for field := range document.Components.Schemas["OrganizationSettings"].Value.Properties {
		attribute := strings.Builder{}
		for _, letter := range field {
			if strings.ToLower(string(letter)) != string(letter) {
				attribute.WriteByte('_')
			}
			attribute.WriteString(strings.ToLower(string(letter)))
		}
		if field != "classMappingFiles" {
			attributes = append(attributes, attribute.String())
		}
	}
	return attributes
}

// The schemas have every setting that the API documents, and so have pages that aren't generated from them. The policy
// in examples/gitops finds quotas by their prefix.
func TestAllSettingsAreManaged(t *testing.T) {
	t.Parallel()
	var schema resource.SchemaResponse
	NewResource().Schema(t.Context(), resource.SchemaRequest{}, &schema)
	for _, attribute := range settingAttributes(t) {
		at, diags := schema.Schema.AttributeAtPath(t.Context(), path.Root(attribute))
		if diags.HasError() || dataAttributes()[attribute] == nil {
			t.Errorf("%s is not in both schemas", attribute)
			continue
		}
		if isQuota := at.GetType() == types.NumberType; isQuota != strings.HasPrefix(attribute, "max_") {
			t.Errorf("%s: begins with max_: %t, want %t", attribute, !isQuota, isQuota)
		}
		for _, page := range []string{"examples/modules/organization/README.md", "templates/guides/generic-rest-providers.md"} {
			text, err := fs.ReadFile(os.DirFS("../.."), page)
			if err != nil || !strings.Contains(string(text), "| `"+attribute+"` |") {
				t.Errorf("%s: there is no row for %s", page, attribute)
			}
		}
	}
}

func settingsOf(t *testing.T, body string) guardai.Settings {
	t.Helper()
	var settings guardai.Settings
	if err := json.Unmarshal([]byte(body), &settings); err != nil {
		t.Fatal(err)
	}
	return settings
}

// The same settings reach the configuration of an export, in the order of the documentation.
func TestSettingValues(t *testing.T) {
	t.Parallel()
	got, err := SettingValues(settingsOf(t, `{"maxTimePerTask":-1,"disabledFeatures":["B","A","B"],"maxItemCount":2147483648,"maxTimeAllocated":null}`))
	want := []SettingValue{{"disabled_features", []string{"A", "B"}}, {"max_time_per_task", int64(-1)}}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, %v; want %v", got, err, want)
	}
	if _, err := SettingValues(settingsOf(t, `{"maxItemCount":"many"}`)); err == nil || !strings.Contains(err.Error(), "maxItemCount is not a whole number") {
		t.Errorf("got %v", err)
	}
}

func model(name string, items, perTask types.Number) resourceModel {
	m := emptyModel()
	m.Name, m.MaxItemCount, m.MaxTimePerTask = types.StringValue(name), items, perTask
	return m
}

func number(n int64) types.Number { return component.Number(&n) }

func TestSettingsChange(t *testing.T) {
	t.Parallel()
	state := model("x", number(5), number(6))
	for name, test := range map[string]struct {
		plan resourceModel
		want guardai.Settings
	}{
		"as it is":     {state, guardai.Settings{}},
		"changed":      {model("y", number(7), number(6)), guardai.Settings{MaxItemCount: new(int64(7))}},
		"never there":  {model("x", number(5), types.NumberNull()), guardai.Settings{}},
		"unknown":      {model("x", types.NumberUnknown(), number(6)), guardai.Settings{}},
		"changed both": {model("x", number(1), number(2)), guardai.Settings{MaxItemCount: new(int64(1)), MaxTimePerTask: new(int64(2))}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := test.plan.settingsChange(state); !reflect.DeepEqual(got, test.want) {
				t.Errorf("got %+v, want %+v", got, test.want)
			}
		})
	}
}

func TestReconcile(t *testing.T) {
	t.Parallel()
	plan := model("x", number(5), types.NumberUnknown())
	sent := guardai.Settings{MaxItemCount: new(int64(5))}
	for name, test := range map[string]struct {
		got   resourceModel
		sent  guardai.Settings
		words []string
	}{
		"as planned":      {model("x", number(5), number(1)), sent, nil},
		"name not taken":  {model("y", number(5), number(1)), sent, []string{"name", `"x"`, `"y"`}},
		"value not taken": {model("x", number(4), types.NumberNull()), sent, []string{"max_item_count", "5", "4"}},
		"not sent":        {model("x", number(4), types.NumberNull()), guardai.Settings{}, nil},
		"value left out":  {model("x", types.NumberNull(), types.NumberNull()), sent, []string{"max_item_count"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var diags diag.Diagnostics
			updated := test.got
			updated.reconcile(plan, test.sent, false, &diags)
			if diags.HasError() != (test.words != nil) {
				t.Fatalf("got %v", diags)
			}
			for _, word := range test.words {
				if !strings.Contains(diags[0].Detail(), word) {
					t.Errorf("%q is not in %q", word, diags[0].Detail())
				}
			}
			if test.words == nil && !updated.MaxItemCount.Equal(number(5)) {
				t.Errorf("state would hold %s where the plan said 5", updated.MaxItemCount)
			}
			// For a new organization, it is a warning, and state has what the plan said.
			var warnings diag.Diagnostics
			test.got.reconcile(plan, test.sent, true, &warnings)
			if warnings.HasError() || len(warnings) != len(diags) || !test.got.MaxItemCount.Equal(number(5)) || test.got.Name.ValueString() != "x" {
				t.Errorf("got %+v with %v", test.got, warnings)
			}
		})
	}
}

func TestNearestFeature(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{"EVALUTION": "EVALUATION", "robustnes": "ROBUSTNESS", "CRAFTING": "ADV_CRAFTING"} {
		if got := nearestFeature(name); got != want {
			t.Errorf("%s: got %s, want %s", name, got, want)
		}
	}
}

// Each setting is planned, sent, compared and exported by itself.
func TestEverySettingCounts(t *testing.T) {
	t.Parallel()
	settings := reflect.TypeFor[guardai.Settings]()
	count := 0
	for i := range settings.NumField() {
		field := settings.Field(i)
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		if name == "" || name == "-" {
			continue
		}
		count++
		var set guardai.Settings
		if err := json.Unmarshal([]byte(fmt.Sprintf(`{%q:%s}`, name, map[bool]string{true: `["EVALUATION"]`, false: "7"}[field.Type.Kind() == reflect.Slice])), &set); err != nil {
			t.Fatal(err)
		}
		plan := emptyModel()
		if err := plan.fromAPI(&guardai.Organization{Name: "x", Settings: set}); err != nil {
			t.Fatal(err)
		}
		change := plan.settingsChange(emptyModel())
		if set.IsZero() || reflect.ValueOf(change).Field(i).IsZero() {
			t.Errorf("%s is not sent", name)
		}
		var diags diag.Diagnostics
		other := emptyModel()
		other.Name = plan.Name
		other.reconcile(plan, change, false, &diags)
		if len(diags) != 1 {
			t.Errorf("%s is not compared after a write: %v", name, diags)
		}
		if values, err := SettingValues(set); err != nil || len(values) != 1 {
			t.Errorf("%s is not exported: %v, %v", name, values, err)
		}
	}
	if count != 4 {
		t.Errorf("there are %d settings", count)
	}
}
