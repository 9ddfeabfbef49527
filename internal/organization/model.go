package organization

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/agext/levenshtein"
	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"golang.org/x/text/unicode/norm"

	"github.com/guardai/terraform-provider-guardai/internal/component"
	"github.com/guardai/terraform-provider-guardai/internal/guardai"
)

const sourceAttribute = "source_organization_id"

// resourceModel is the resource's state or plan.
type resourceModel struct {
	ID                   component.IDValue `tfsdk:"id"`
	Name                 types.String      `tfsdk:"name"`
	DisabledFeatures     types.Set         `tfsdk:"disabled_features"`
	MaxItemCount         types.Number      `tfsdk:"max_item_count"`
	MaxTimeAllocated     types.Number      `tfsdk:"max_time_allocated"`
	MaxTimePerTask       types.Number      `tfsdk:"max_time_per_task"`
	SourceOrganizationID component.IDValue `tfsdk:"source_organization_id"`
	ForceDestroy         types.Bool        `tfsdk:"force_destroy"`
	CreatedAt            timetypes.RFC3339 `tfsdk:"created_at"`
}

type identityModel struct {
	ID component.IDValue `tfsdk:"id"`
}

// emptyModel returns a model in which everything is null. A set needs its element type even then.
func emptyModel() resourceModel {
	return resourceModel{DisabledFeatures: types.SetNull(types.StringType)}
}

// fromAPI updates the model from a response. All state from the platform goes through it. Arguments that only the
// provider knows keep their values. A setting that can't be used is null, and an error.
func (m *resourceModel) fromAPI(org *guardai.Organization) error {
	m.ID = component.ID(org.ID)
	// The response to a create may lack the name. Terraform normalizes strings to NFC.
	if org.Name != "" {
		m.Name = types.StringValue(norm.NFC.String(org.Name))
	}
	// If state has an empty set, the platform may omit it.
	if org.Settings.DisabledFeatures != nil || !isEmptySet(m.DisabledFeatures) {
		m.DisabledFeatures = featureSet(org.Settings.DisabledFeatures)
	}
	m.MaxItemCount = component.Number(org.Settings.MaxItemCount)
	m.MaxTimeAllocated = component.Number(org.Settings.MaxTimeAllocated)
	m.MaxTimePerTask = component.Number(org.Settings.MaxTimePerTask)
	// If a response omits the date, it hasn't changed.
	if created := component.Time(org.CreatedAt); !created.IsNull() || m.CreatedAt.IsUnknown() {
		m.CreatedAt = created
	}
	m.ForceDestroy = types.BoolValue(m.ForceDestroy.ValueBool())
	return org.Settings.Err()
}

func isEmptySet(set types.Set) bool {
	return !set.IsNull() && !set.IsUnknown() && len(set.Elements()) == 0
}

// featureSet returns a set of features; null for nil.
func featureSet(features []string) types.Set {
	if features == nil {
		return types.SetNull(types.StringType)
	}
	elements := make([]attr.Value, 0, len(features))
	for _, feature := range features {
		elements = append(elements, types.StringValue(feature))
	}
	return types.SetValueMust(types.StringType, elements)
}

// featureNames returns the known elements of a set, sorted; not nil.
func featureNames(set types.Set) []string {
	names := []string{}
	for _, element := range set.Elements() {
		if text, ok := element.(types.String); ok && !text.IsUnknown() {
			names = append(names, text.ValueString())
		}
	}
	slices.Sort(names)
	return names
}

// settingsChange returns the settings that a plan changes. It ignores the configuration, because the effect of
// ignore_changes is only in the plan.
func (m *resourceModel) settingsChange(state resourceModel) guardai.Settings {
	change := guardai.Settings{
		MaxItemCount:     changedNumber(m.MaxItemCount, state.MaxItemCount),
		MaxTimeAllocated: changedNumber(m.MaxTimeAllocated, state.MaxTimeAllocated),
		MaxTimePerTask:   changedNumber(m.MaxTimePerTask, state.MaxTimePerTask),
	}
	if isChanged(m.DisabledFeatures, state.DisabledFeatures) {
		change.DisabledFeatures = featureNames(m.DisabledFeatures)
	}
	return change
}

func isChanged(planned, before attr.Value) bool {
	return !planned.IsUnknown() && !planned.IsNull() && !planned.Equal(before)
}

func changedNumber(planned, before types.Number) *int64 {
	if !isChanged(planned, before) {
		return nil
	}
	whole, _ := planned.ValueBigFloat().Int64()
	return &whole
}

// reconcile compares the result of a write with its plan. A value that was sent and not accepted is reported on its
// attribute. Any other difference is another client's change, or something that state lacks: state keeps the planned
// value, as Terraform requires, and the next refresh shows the change.
func (m *resourceModel) reconcile(plan resourceModel, sent guardai.Settings, created bool, diags *diag.Diagnostics) {
	report := func(name string, sent bool, planned, actual attr.Value) bool {
		if sent {
			component.AddNotAccepted(diags, path.Root(name), planned.String(), actual.String(), created)
		}
		return created || !sent
	}
	reconcileValue("name", true, plan.Name, &m.Name, report)
	reconcileValue("disabled_features", sent.DisabledFeatures != nil, plan.DisabledFeatures, &m.DisabledFeatures, report)
	reconcileValue("max_item_count", sent.MaxItemCount != nil, plan.MaxItemCount, &m.MaxItemCount, report)
	reconcileValue("max_time_allocated", sent.MaxTimeAllocated != nil, plan.MaxTimeAllocated, &m.MaxTimeAllocated, report)
	reconcileValue("max_time_per_task", sent.MaxTimePerTask != nil, plan.MaxTimePerTask, &m.MaxTimePerTask, report)
	// State may lack it, for example after a move without a refresh.
	reconcileValue("created_at", false, plan.CreatedAt, &m.CreatedAt, report)
}

// reconcileValue reports a difference, and keeps the planned value if report returns true.
func reconcileValue[T attr.Value](name string, sent bool, planned T, actual *T, report func(name string, sent bool, planned, actual attr.Value) bool) {
	if !planned.IsUnknown() && !planned.Equal(*actual) && report(name, sent, planned, *actual) {
		*actual = planned
	}
}

// create creates or copies the planned organization. It returns nil after an error.
func (m *resourceModel) create(ctx context.Context, client *guardai.Client, settings guardai.Settings, diags *diag.Diagnostics) *guardai.Organization {
	if m.isCopy() {
		return m.copySource(ctx, client, diags)
	}
	created, err := client.CreateOrganization(ctx, m.Name.ValueString(), &settings)
	if err != nil {
		component.AddError(diags, "Unable to create organization", err)
		return nil
	}
	warnRecovered(created, "its name, settings and time of creation", diags)
	return created.Organization
}

func (m *resourceModel) isCopy() bool { return !m.SourceOrganizationID.IsNull() }

func (m *resourceModel) copySource(ctx context.Context, client *guardai.Client, diags *diag.Diagnostics) *guardai.Organization {
	at := path.Root(sourceAttribute)
	source := m.SourceOrganizationID.Int64(at, diags)
	if diags.HasError() {
		return nil
	}
	created, err := client.CopyOrganization(ctx, source, m.Name.ValueString())
	if err != nil {
		component.AddAttributeError(diags, at, "Unable to copy organization", err)
		return nil
	}
	warnRecovered(created, "its name and time of creation", diags)
	return created.Organization
}

// warnRecovered warns if the response to a create was lost and a lookup found the organization by these features.
func warnRecovered(created *guardai.Created, features string, diags *diag.Diagnostics) {
	if created.RecoveredFrom != nil {
		component.AddRecovered(diags, "Organization found after its response was lost", fmt.Sprintf(
			"The new organization %q, id %d, was found on the platform by %s, and put into state.", created.Name, created.ID, features), created.RecoveredFrom)
	}
}

// complete completes a new organization that is already in state: it applies the planned settings to a copy, and reads
// again what the response to a create left out.
func (m *resourceModel) complete(ctx context.Context, client *guardai.Client, id int64, settings guardai.Settings, diags *diag.Diagnostics) (*guardai.Organization, error) {
	if !m.isCopy() {
		return client.GetOrganization(ctx, id)
	}
	updated, err := client.UpdateOrganization(ctx, id, guardai.OrganizationChange{Name: m.Name.ValueString(), Settings: settings})
	if err != nil {
		diags.AddWarning("The copy is in state, marked as tainted", fmt.Sprintf(
			"The organization was copied and has the id %d, but its settings aren't as planned yet. To keep it, run terraform untaint on this resource and apply again. Otherwise the next apply replaces it.", id))
	}
	return updated, err
}

// update applies a plan and returns the new state. It sends nothing if only arguments of the provider differ, such as
// force_destroy.
func (m *resourceModel) update(ctx context.Context, client *guardai.Client, id int64, state resourceModel, change guardai.Settings) (resourceModel, error) {
	updated := *m
	if m.Name.Equal(state.Name) && change.IsZero() {
		if updated.CreatedAt.IsUnknown() {
			updated.CreatedAt = state.CreatedAt
		}
		return updated, nil
	}
	org, err := client.UpdateOrganization(ctx, id, guardai.OrganizationChange{Name: m.Name.ValueString(), Settings: change})
	if err != nil {
		return updated, err
	}
	err = updated.fromAPI(org)
	return updated, err
}

// reportMissing reports that the platform doesn't have the organization. The next plan makes another one in place of one
// that was in state. An import, which knows only the id, fails.
func (m *resourceModel) reportMissing(diags *diag.Diagnostics) {
	if m.Name.IsNull() {
		diags.AddError("Organization not found", fmt.Sprintf("No organization has the id %s.", m.ID.ValueString()))
		return
	}
	diags.AddWarning("Organization no longer exists", fmt.Sprintf(
		"Organization %s (%s) isn't on the platform any more, so it is removed from state. The next apply creates it again, unless you remove it from the configuration.",
		m.ID.ValueString(), m.Name.ValueString()))
}

// ModifyPlan checks what the schema can't, and adds warnings.
func (r *organizationResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.IsNull() {
		return
	}
	plan, state := emptyModel(), emptyModel()
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	// A name that wasn't known before the apply hasn't been validated.
	name := validator.StringResponse{}
	component.NotBlank().ValidateString(ctx, validator.StringRequest{Path: path.Root("name"), ConfigValue: plan.Name}, &name)
	resp.Diagnostics.Append(name.Diagnostics...)
	if req.State.Raw.IsNull() {
		r.checkCreate(ctx, plan, &resp.Diagnostics)
	} else {
		resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
		warnSource(plan, state, &resp.Diagnostics)
	}
	warnFeatures(plan, state, &resp.Diagnostics)
}

// checkCreate checks the source of a copy, and warns if the platform has an organization of the planned name.
func (r *organizationResource) checkCreate(ctx context.Context, plan resourceModel, diags *diag.Diagnostics) {
	plan.SourceOrganizationID.Check(path.Root(sourceAttribute), diags)
	client := r.Client()
	if client == nil || plan.Name.IsUnknown() || diags.HasError() {
		return // Without a client, the provider's configuration isn't known yet.
	}
	ids, err := client.OrganizationsNamed(ctx, plan.Name.ValueString())
	if guardai.IsForbidden(err) {
		return
	}
	if err != nil {
		component.AddError(diags, "Unable to list the organizations that have this name", err)
		return
	}
	if len(ids) == 0 {
		return
	}
	texts := make([]string, 0, len(ids))
	for _, id := range ids {
		texts = append(texts, component.FormatID(id))
	}
	diags.AddAttributeWarning(path.Root("name"), "An organization of this name exists", fmt.Sprintf(
		"The platform has %q already, with the id %s. This plan creates another one. To manage the existing one instead, import it before you apply: terraform import ADDRESS %s. "+
			"Ignore this warning if you want both, or if the plan replaces it.", plan.Name.ValueString(), component.JoinLimited(texts, ", "), texts[0]))
}

// warnSource warns of a source that is set after the organization was created.
func warnSource(plan, state resourceModel, diags *diag.Diagnostics) {
	source := plan.SourceOrganizationID
	if source.IsNull() || source.IsUnknown() || source.Equal(state.SourceOrganizationID) {
		return
	}
	diags.AddAttributeWarning(path.Root(sourceAttribute), "The source of an existing organization has no effect", fmt.Sprintf(
		"source_organization_id has an effect only when an organization is created. Organization %s exists already and doesn't change; only the value in state does. "+
			"Remove the argument, or create a copy as another resource.", state.ID.ValueString()))
}

// knownFeatures are the features that the API documents. The platform may have others.
var knownFeatures = []string{"ADV_CRAFTING", "EVALUATION", "ROBUSTNESS"}

// warnFeatures warns of feature names that a plan adds and that may be misspelled.
func warnFeatures(plan, state resourceModel, diags *diag.Diagnostics) {
	existing := featureNames(state.DisabledFeatures)
	var unknown []string
	for _, name := range featureNames(plan.DisabledFeatures) {
		if !slices.Contains(knownFeatures, name) && !slices.Contains(existing, name) {
			unknown = append(unknown, fmt.Sprintf("%q (did you mean %q?)", name, nearestFeature(name)))
		}
	}
	if len(unknown) == 0 {
		return
	}
	diags.AddAttributeWarning(path.Root("disabled_features"), "Unknown feature", fmt.Sprintf(
		"The API documentation doesn't name %s. It names only %s. The provider sends them to the platform. Check the spelling, unless your platform is newer than this provider.",
		component.JoinLimited(unknown, ", "), strings.Join(knownFeatures, ", ")))
}

func nearestFeature(name string) string {
	return slices.MinFunc(knownFeatures, func(a, b string) int {
		return levenshtein.Distance(strings.ToUpper(name), a, nil) - levenshtein.Distance(strings.ToUpper(name), b, nil)
	})
}

// SettingValue is a setting for a configuration. Value is a []string or an int64.
type SettingValue struct {
	Attribute string
	Value     any
}

// SettingValues returns the settings of an organization as a configuration would set them, in the order of the
// documentation. It omits settings that the platform omits, and numbers that the provider's schema doesn't allow.
func SettingValues(settings guardai.Settings) ([]SettingValue, error) {
	var values []SettingValue
	if settings.DisabledFeatures != nil {
		values = append(values, SettingValue{"disabled_features", settings.DisabledFeatures})
	}
	quota := func(attribute string, number *int64) {
		if number != nil && *number >= math.MinInt32 && *number <= math.MaxInt32 {
			values = append(values, SettingValue{attribute, *number})
		}
	}
	quota("max_item_count", settings.MaxItemCount)
	quota("max_time_allocated", settings.MaxTimeAllocated)
	quota("max_time_per_task", settings.MaxTimePerTask)
	return values, settings.Err()
}
