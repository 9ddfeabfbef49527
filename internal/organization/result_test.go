package organization

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

func settingsOf(items, perTask attr.Value) types.Object {
	return types.ObjectValueMust(settingsTypes, map[string]attr.Value{
		"disabled_features": types.SetNull(types.StringType), "max_item_count": items,
		"max_time_allocated": types.Int64Null(), "max_time_per_task": perTask,
	})
}

func TestReconcile(t *testing.T) {
	t.Parallel()
	planned := resourceModel{Name: types.StringValue("x"), Settings: settingsOf(types.Int64Value(5), types.Int64Unknown())}
	tests := map[string]struct {
		got     resourceModel
		managed []string
		words   []string
	}{
		"as planned":       {resourceModel{Name: types.StringValue("x"), Settings: settingsOf(types.Int64Value(5), types.Int64Value(1))}, []string{"max_item_count"}, nil},
		"name not taken":   {resourceModel{Name: types.StringValue("y"), Settings: planned.Settings}, nil, []string{"name", `"x"`, `"y"`}},
		"value not taken":  {resourceModel{Name: types.StringValue("x"), Settings: settingsOf(types.Int64Value(4), types.Int64Null())}, []string{"max_item_count"}, []string{"settings.max_item_count", "5", "4"}},
		"not ours to say":  {resourceModel{Name: types.StringValue("x"), Settings: settingsOf(types.Int64Value(4), types.Int64Null())}, nil, nil},
		"value left out":   {resourceModel{Name: types.StringValue("x"), Settings: settingsOf(types.Int64Null(), types.Int64Null())}, []string{"max_item_count"}, []string{"settings.max_item_count"}},
		"default returned": {resourceModel{Name: types.StringValue("x"), Settings: settingsOf(types.Int64Value(5), types.Int64Value(9))}, nil, nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			diags := test.got.reconcile(planned, test.managed)
			if diags.HasError() != (test.words != nil) {
				t.Fatalf("got %v", diags)
			}
			for _, word := range test.words {
				if !strings.Contains(diags[0].Detail(), word) {
					t.Errorf("%q is not in %q", word, diags[0].Detail())
				}
			}
			items := test.got.Settings.Attributes()["max_item_count"]
			if test.words == nil && !items.Equal(types.Int64Value(5)) {
				t.Errorf("state would hold %s where the plan said 5", items)
			}
		})
	}
}
