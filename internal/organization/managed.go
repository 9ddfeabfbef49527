package organization

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
)

// managedKey is the key in private state of the settings that the last applied configuration set.
const managedKey = "managed_settings"

// privateReader and privateWriter are private state, whose type is internal to the framework.
type privateReader interface {
	GetKey(ctx context.Context, key string) ([]byte, diag.Diagnostics)
}

type privateWriter interface {
	SetKey(ctx context.Context, key string, value []byte) diag.Diagnostics
}

// managedSettings returns the attributes of the settings that the last applied configuration set. After an import there
// are none.
func managedSettings(ctx context.Context, private privateReader) ([]string, diag.Diagnostics) {
	raw, diags := private.GetKey(ctx, managedKey)
	if diags.HasError() || len(raw) == 0 {
		return nil, diags
	}
	var attributes []string
	if err := json.Unmarshal(raw, &attributes); err != nil {
		diags.AddError("Unreadable private state",
			"The record of managed settings can't be read: "+err.Error()+". This is a bug in the provider; please report it.")
	}
	return attributes, diags
}

// recordManaged records which settings the configuration sets, except those under ignore_changes, which differ from the
// plan.
func recordManaged(ctx context.Context, private privateWriter, config, plan resourceModel) diag.Diagnostics {
	managed := []string{}
	for _, s := range settings {
		configured := config.setting(ctx, s)
		if !configured.IsNull() && configured.Equal(plan.setting(ctx, s)) {
			managed = append(managed, s.attribute)
		}
	}
	slices.Sort(managed)
	raw, err := json.Marshal(managed)
	if err != nil {
		return diag.Diagnostics{diag.NewErrorDiagnostic("Unable to record managed settings", err.Error())}
	}
	return private.SetKey(ctx, managedKey, raw)
}
