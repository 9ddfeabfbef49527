package organization

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/guardai/terraform-provider-guardai/internal/guardai"
)

// managedKey is the private state's entry for the settings that the last applied
// configuration named.
const managedKey = "managed_settings"

// privateReader and privateWriter are the framework's private state, whose type
// can't be named from here.
type privateReader interface {
	GetKey(ctx context.Context, key string) ([]byte, diag.Diagnostics)
}

type privateWriter interface {
	SetKey(ctx context.Context, key string, value []byte) diag.Diagnostics
}

// managedSettings returns the names of the settings that the last applied
// configuration named. After an import there are none.
func managedSettings(ctx context.Context, private privateReader) ([]string, diag.Diagnostics) {
	raw, diags := private.GetKey(ctx, managedKey)
	if diags.HasError() || len(raw) == 0 {
		return nil, diags
	}
	var names []string
	if err := json.Unmarshal(raw, &names); err != nil {
		diags.AddError("Unreadable private state",
			"The record of managed settings can't be read: "+err.Error()+". This is a bug in the provider; please report it.")
	}
	return names, diags
}

// rememberManaged records which settings a configuration names.
func rememberManaged(ctx context.Context, private privateWriter, configured types.Object) diag.Diagnostics {
	raw, err := json.Marshal(namedSettings(configured))
	if err != nil {
		return diag.Diagnostics{diag.NewErrorDiagnostic("Unable to record managed settings", err.Error())}
	}
	return private.SetKey(ctx, managedKey, raw)
}

// namedSettings are the names of the settings that a configuration sets, sorted.
func namedSettings(configured types.Object) []string {
	names := []string{}
	for name, value := range configured.Attributes() {
		if !value.IsNull() {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// released are the settings that were managed and that the configuration no
// longer names: they return to the platform's default.
func released(managed []string, configured types.Object) []guardai.Setting {
	named := namedSettings(configured)
	var settings []guardai.Setting
	for _, name := range managed {
		if wire, ok := wireSettings[name]; ok && !slices.Contains(named, name) {
			settings = append(settings, wire)
		}
	}
	return settings
}

// planSettings decides each setting on its own: the configuration's value where
// it names one; unknown where it no longer does, because the platform's default
// returns; else what is there, because it is none of the configuration's business.
func planSettings(configured, prior types.Object, managed []string) types.Object {
	if configured.IsUnknown() {
		return types.ObjectUnknown(settingsTypes)
	}
	fields := map[string]attr.Value{}
	for name, fieldType := range settingsTypes {
		value, ok := configured.Attributes()[name]
		if !ok || value.IsNull() {
			value = planUnnamed(prior.Attributes()[name], fieldType, slices.Contains(managed, name))
		}
		fields[name] = value
	}
	return types.ObjectValueMust(settingsTypes, fields)
}

func planUnnamed(prior attr.Value, fieldType attr.Type, released bool) attr.Value {
	if prior != nil && !released {
		return prior
	}
	switch fieldType.(type) {
	case types.SetType:
		return types.SetUnknown(types.StringType)
	default:
		return types.Int64Unknown()
	}
}
