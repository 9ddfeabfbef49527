// Package organization offers organizations: the resource and the data sources.
package organization

import (
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"

	"github.com/guardai/terraform-provider-guardai/internal/component"
	"github.com/guardai/terraform-provider-guardai/internal/guardai"
)

// resourceModel is the resource's state, plan and configuration.
type resourceModel struct {
	ID                   types.Int64       `tfsdk:"id"`
	Name                 types.String      `tfsdk:"name"`
	Settings             types.Object      `tfsdk:"settings"`
	SourceOrganizationID types.Int64       `tfsdk:"source_organization_id"`
	ForceDestroy         types.Bool        `tfsdk:"force_destroy"`
	CreatedAt            timetypes.RFC3339 `tfsdk:"created_at"`
}

// identityModel is what makes an organization itself.
type identityModel struct {
	ID types.Int64 `tfsdk:"id"`
}

// settingsModel is the settings attribute.
type settingsModel struct {
	DisabledFeatures types.Set   `tfsdk:"disabled_features"`
	MaxItemCount     types.Int64 `tfsdk:"max_item_count"`
	MaxTimeAllocated types.Int64 `tfsdk:"max_time_allocated"`
	MaxTimePerTask   types.Int64 `tfsdk:"max_time_per_task"`
}

// settingsTypes are the types of the settings attribute's fields.
var settingsTypes = map[string]attr.Type{
	"disabled_features":  types.SetType{ElemType: types.StringType},
	"max_item_count":     types.Int64Type,
	"max_time_allocated": types.Int64Type,
	"max_time_per_task":  types.Int64Type,
}

// wireSettings maps the fields of the settings attribute to the platform's names.
var wireSettings = map[string]guardai.Setting{
	"disabled_features":  guardai.SettingDisabledFeatures,
	"max_item_count":     guardai.SettingMaxItemCount,
	"max_time_allocated": guardai.SettingMaxTimeAllocated,
	"max_time_per_task":  guardai.SettingMaxTimePerTask,
}

// settingsFrom maps an answer's settings to the settings attribute.
func settingsFrom(ctx context.Context, settings guardai.Settings) (types.Object, diag.Diagnostics) {
	features, diags := disabledFeatures(ctx, settings)
	object, more := types.ObjectValueFrom(ctx, settingsTypes, settingsModel{
		DisabledFeatures: features,
		MaxItemCount:     types.Int64PointerValue(settings.MaxItemCount),
		MaxTimeAllocated: types.Int64PointerValue(settings.MaxTimeAllocated),
		MaxTimePerTask:   types.Int64PointerValue(settings.MaxTimePerTask),
	})
	return object, append(diags, more...)
}

// disabledFeatures is null where the platform left the list out.
func disabledFeatures(ctx context.Context, settings guardai.Settings) (types.Set, diag.Diagnostics) {
	return types.SetValueFrom(ctx, types.StringType, featureNames(settings))
}

// featureNames are the disabled features, nil where the platform left the list out.
// What it lists twice is the same to it.
func featureNames(settings guardai.Settings) []string {
	features := slices.Clone(settings.DisabledFeatures)
	slices.Sort(features)
	return slices.Compact(features)
}

// settingsToSend maps the settings that a configuration names to what to send.
func settingsToSend(ctx context.Context, configured types.Object) (guardai.Settings, diag.Diagnostics) {
	var settings guardai.Settings
	if configured.IsNull() || configured.IsUnknown() {
		return settings, nil
	}
	var model settingsModel
	diags := configured.As(ctx, &model, basetypes.ObjectAsOptions{})
	if !model.DisabledFeatures.IsNull() {
		settings.DisabledFeatures = []string{}
		diags.Append(model.DisabledFeatures.ElementsAs(ctx, &settings.DisabledFeatures, false)...)
	}
	settings.MaxItemCount = model.MaxItemCount.ValueInt64Pointer()
	settings.MaxTimeAllocated = model.MaxTimeAllocated.ValueInt64Pointer()
	settings.MaxTimePerTask = model.MaxTimePerTask.ValueInt64Pointer()
	return settings, diags
}

// take maps an answer into the model: the one way from the platform to state.
// What only this provider knows stays as it is.
func (m *resourceModel) take(ctx context.Context, org *guardai.Organization) diag.Diagnostics {
	settings, diags := settingsFrom(ctx, org.Settings)
	m.ID = types.Int64Value(org.ID)
	m.Name = types.StringValue(org.Name)
	m.Settings = keepEmptyFeatures(m.Settings, settings)
	// A date that an answer leaves out hasn't changed: an organization keeps its own.
	if created := component.Time(org.CreatedAt); !created.IsNull() || m.CreatedAt.IsUnknown() {
		m.CreatedAt = created
	}
	m.ForceDestroy = types.BoolValue(m.ForceDestroy.ValueBool())
	return diags
}

// keepEmptyFeatures lets a platform leave out an empty list of features where
// the model holds an empty one: the two mean the same.
func keepEmptyFeatures(before, after types.Object) types.Object {
	const field = "disabled_features"
	had, ok := before.Attributes()[field].(types.Set)
	if !ok || had.IsNull() || had.IsUnknown() || len(had.Elements()) > 0 || !after.Attributes()[field].IsNull() {
		return after
	}
	fields := after.Attributes()
	fields[field] = had
	return types.ObjectValueMust(settingsTypes, fields)
}
