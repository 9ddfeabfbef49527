package organizationfile

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/guardai/terraform-provider-guardai/internal/component"
	"github.com/guardai/terraform-provider-guardai/internal/guardai"
)

// ModifyPlan hashes the planned content and plans the changes that follow from it. From the configuration it uses only
// whether an argument is set, because the effect of ignore_changes is only in the plan.
func (r *fileResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.IsNull() {
		return
	}
	var config, plan resourceModel
	var state *resourceModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if !req.State.Raw.IsNull() {
		state = &resourceModel{}
		resp.Diagnostics.Append(req.State.Get(ctx, state)...)
	}
	if resp.Diagnostics.HasError() {
		return
	}
	if state == nil {
		resp.Diagnostics.Append(checkNew(config)...)
	}
	resp.Diagnostics.Append(checkIDs(state, plan)...)
	planContent(ctx, state, &plan, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	planName(config, state, &plan)
	resp.Diagnostics.Append(checkName(config, state, plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	planRest(config, state, &plan)
	resp.Diagnostics.Append(warnUnlisted(state, plan)...)
	if state == nil {
		r.warnSameName(ctx, plan, &resp.Diagnostics)
	}
	resp.Diagnostics.Append(resp.Plan.Set(ctx, plan)...)
}

// warnSameName warns if the organization already lists a file with the name of a new file. In a replacement, the CLI
// drops this warning, unless the file to replace is tainted.
func (r *fileResource) warnSameName(ctx context.Context, plan resourceModel, diags *diag.Diagnostics) {
	client := r.Client()
	if client == nil || plan.OrganizationID.IsUnknown() || plan.Name.IsUnknown() || plan.Type.ValueString() != guardai.FileTypeClassMapping {
		return
	}
	organizationID := plan.OrganizationID.Int64(path.Root("organization_id"), diags)
	if diags.HasError() {
		return
	}
	keys, err := client.FilesNamed(ctx, organizationID, plan.Name.ValueString())
	if err != nil {
		component.AddAttributeError(diags, path.Root("name"), "Unable to check whether the organization already has the file", err)
		return
	}
	var ids []string
	for _, key := range keys {
		ids = append(ids, component.FormatFileID(key))
	}
	if len(ids) > 0 {
		diags.AddAttributeWarning(path.Root("name"), "The organization already has a file with this name", fmt.Sprintf(
			"This creates another file named %q in organization %s. To manage an existing one instead, import it by its ID: %s. If the new file replaces that one, ignore this.",
			plan.Name.ValueString(), plan.OrganizationID.ValueString(), component.JoinLimited(ids, ", ")))
	}
}

// checkNew reports arguments that a new file lacks.
func checkNew(config resourceModel) diag.Diagnostics {
	var diags diag.Diagnostics
	if !config.content().IsSet() {
		diags.AddAttributeError(path.Root("source"), "No content for a new file",
			"A new file needs content: set exactly one of source, content and content_base64.")
	}
	if config.Name.IsNull() && config.Source.IsNull() && !diags.HasError() {
		diags.AddAttributeError(path.Root("name"), "No name for a new file",
			"Only source implies the name of a file: with content or content_base64, set name.")
	}
	return diags
}

// checkIDs validates ids that the plan sets or changes.
func checkIDs(state *resourceModel, plan resourceModel) diag.Diagnostics {
	var diags diag.Diagnostics
	if state == nil || !plan.OrganizationID.Equal(state.OrganizationID) {
		plan.OrganizationID.Check(path.Root("organization_id"), &diags)
	}
	if state == nil || !plan.DatasetID.Equal(state.DatasetID) {
		plan.DatasetID.Check(path.Root("dataset_id"), &diags)
	}
	return diags
}

// planContent plans the hash and the size.
func planContent(ctx context.Context, state, plan *resourceModel, diags *diag.Diagnostics) {
	prior := resourceModel{ContentSHA256: types.StringUnknown(), Size: types.Int64Unknown()}
	if state != nil {
		prior = *state
	}
	plan.ContentSHA256, plan.Size = plan.content().Plan(ctx, prior.ContentSHA256, prior.Size, diags)
}

// planName plans the name if the configuration doesn't set it: an existing name stays, and a new one is that of the
// source.
func planName(config resourceModel, state, plan *resourceModel) {
	switch {
	case !config.Name.IsNull():
	case state != nil && !state.Name.IsNull():
		plan.Name = state.Name
	case plan.Source.IsUnknown():
		plan.Name = types.StringUnknown()
	case !plan.Source.IsNull():
		plan.Name = types.StringValue(filepath.Base(plan.Source.ValueString()))
	case state != nil:
		plan.Name = state.Name
	}
}

// checkName reports an invalid name, and a missing name if there is content to upload. An existing name isn't checked
// until new content is uploaded with it.
func checkName(config resourceModel, state *resourceModel, plan resourceModel) diag.Diagnostics {
	var diags diag.Diagnostics
	name, argument := plan.Name.ValueString(), "name"
	if config.Name.IsNull() {
		argument = "source"
	}
	invalid := func(problem string) {
		diags.AddAttributeError(path.Root(argument), "Invalid name of a file", problem)
	}
	switch {
	case plan.Name.IsUnknown():
	case plan.Name.IsNull() && state != nil && !plan.ContentSHA256.Equal(state.ContentSHA256):
		diags.AddAttributeError(path.Root("name"), "No name for new content",
			"The platform doesn't report the name of this file. To upload new content, set name.")
	case state != nil && plan.Name.Equal(state.Name) && plan.ContentSHA256.Equal(state.ContentSHA256):
	case strings.ContainsAny(name, `/\`):
		invalid(fmt.Sprintf("The name %q contains a slash or a backslash, and the platform keeps only the part after the last one. %s", name, suggestName(name)))
	case strings.ContainsFunc(name, unicode.IsControl):
		invalid("The name of a file must not contain line breaks or other control characters. Set name.")
	case utf8.RuneCountInString(name) > maxName:
		invalid(fmt.Sprintf("The name of a file must have at most %d characters. Set name.", maxName))
	}
	return diags
}

func suggestName(name string) string {
	if base := name[strings.LastIndexAny(name, `/\`)+1:]; strings.TrimSpace(base) != "" {
		return fmt.Sprintf("Set name to %q, or to another name without either.", base)
	}
	return "Set name to one without either."
}

// planRest plans the attributes that depend on whether content or name change.
func planRest(config resourceModel, state, plan *resourceModel) {
	if state == nil {
		plan.ID, plan.Ref, plan.ContentType = types.StringUnknown(), types.StringUnknown(), types.StringUnknown()
		return
	}
	plan.ID, plan.Ref, plan.ContentType = state.ID, state.Ref, state.ContentType
	if config.DatasetID.IsNull() {
		plan.DatasetID = state.DatasetID
	}
	uploads := !plan.ContentSHA256.Equal(state.ContentSHA256) || plan.listsAgain(*state)
	if uploads {
		// The platform may return another reference.
		plan.ID, plan.Ref = types.StringUnknown(), types.StringUnknown()
	}
	if uploads || !plan.Name.Equal(state.Name) {
		plan.ContentType = types.StringUnknown()
	}
}

// warnUnlisted warns of a file that its organization no longer lists, if the configuration doesn't set enough to list
// it again.
func warnUnlisted(state *resourceModel, plan resourceModel) diag.Diagnostics {
	var diags diag.Diagnostics
	if state != nil && state.unlisted() && plan.Name.IsNull() {
		diags.AddWarning("File not listed", fmt.Sprintf("Organization %s doesn't list the file %s, or lists it without a name. If it doesn't list the file, the platform has lost its name and dataset. "+
			"To list it with a name, set name and one of source, content and content_base64, without ignore_changes for them.", state.OrganizationID.ValueString(), state.ID.ValueString()))
	}
	return diags
}

// listsAgain reports whether the plan uploads unchanged content to make the organization list the file again. Only an
// upload is sure to do that.
func (m *resourceModel) listsAgain(state resourceModel) bool {
	return state.unlisted() && !m.Name.IsNull() && m.content().IsSet()
}
