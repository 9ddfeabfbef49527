package organization

import (
	"reflect"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/guardai/terraform-provider-guardai/internal/component"
	"github.com/guardai/terraform-provider-guardai/internal/guardai"
)

func number(n int64) attr.Value { return component.Number(&n) }

func model(name string, items, perTask attr.Value) resourceModel {
	return resourceModel{Name: types.StringValue(name), Settings: map[string]attr.Value{"max_item_count": items, "max_time_per_task": perTask}}
}

func TestSettingsChange(t *testing.T) {
	t.Parallel()
	state := model("x", number(5), number(6))
	for name, test := range map[string]struct {
		plan resourceModel
		want guardai.SettingsChange
	}{
		"as it is":      {state, guardai.SettingsChange{Set: map[string]any{}}},
		"changed":       {model("x", number(7), number(6)), guardai.SettingsChange{Set: map[string]any{"maxItemCount": int64(7)}}},
		"removed":       {model("x", number(5), types.NumberUnknown()), guardai.SettingsChange{Set: map[string]any{}, Reset: []string{"maxTimePerTask"}}},
		"never there":   {model("x", number(5), types.NumberNull()), guardai.SettingsChange{Set: map[string]any{}}},
		"changed twice": {model("x", number(1), number(2)), guardai.SettingsChange{Set: map[string]any{"maxItemCount": int64(1), "maxTimePerTask": int64(2)}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := settingsChange(t.Context(), test.plan, state); !reflect.DeepEqual(got, test.want) {
				t.Errorf("got %+v, want %+v", got, test.want)
			}
		})
	}
}

func TestReconcile(t *testing.T) {
	t.Parallel()
	plan := model("x", number(5), types.NumberUnknown())
	sent := guardai.SettingsChange{Set: map[string]any{"maxItemCount": int64(5)}}
	for name, test := range map[string]struct {
		got    resourceModel
		change guardai.SettingsChange
		words  []string
	}{
		"as planned":       {model("x", number(5), number(1)), sent, nil},
		"name not taken":   {model("y", number(5), number(1)), sent, []string{"name", `"x"`, `"y"`}},
		"value not taken":  {model("x", number(4), types.NumberNull()), sent, []string{"max_item_count", "5", "4"}},
		"not sent":         {model("x", number(4), types.NumberNull()), guardai.SettingsChange{}, nil},
		"value left out":   {model("x", types.NumberNull(), types.NumberNull()), sent, []string{"max_item_count"}},
		"default returned": {model("x", number(5), number(9)), sent, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			diags := test.got.reconcile(t.Context(), plan, test.change)
			if diags.HasError() != (test.words != nil) {
				t.Fatalf("got %v", diags)
			}
			for _, word := range test.words {
				if !strings.Contains(diags[0].Detail(), word) {
					t.Errorf("%q is not in %q", word, diags[0].Detail())
				}
			}
			if items := test.got.Settings["max_item_count"]; test.words == nil && !items.Equal(number(5)) {
				t.Errorf("state would hold %s where the plan said 5", items)
			}
		})
	}
}
