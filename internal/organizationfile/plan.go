package organizationfile

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// ModifyPlan finds out what the
// content is that the configuration names, and plans from that what will change.
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
	resp.Diagnostics.Append(planContent(ctx, config, state, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	planName(config, state, &plan)
	resp.Diagnostics.Append(checkName(state, plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	planRest(config, state, &plan)
	resp.Diagnostics.Append(resp.Plan.Set(ctx, plan)...)
}

// checkNew reports what a file lacks to be created.
func checkNew(config resourceModel) diag.Diagnostics {
	var diags diag.Diagnostics
	if config.Source.IsNull() && config.Content.IsNull() && config.ContentBase64.IsNull() {
		diags.AddAttributeError(path.Root("source"), "No content for a new file",
			"A new file needs content: set exactly one of source, content and content_base64.")
	}
	if config.Name.IsNull() && config.Source.IsNull() && !diags.HasError() {
		diags.AddAttributeError(path.Root("name"), "No name for a new file",
			"The name of a file follows from source alone: with content or content_base64, set name.")
	}
	return diags
}

// planContent plans hash and size: those of the content where it can be read now,
// else unknown, and those in state where the configuration names no content.
func planContent(ctx context.Context, config resourceModel, state, plan *resourceModel) diag.Diagnostics {
	var diags diag.Diagnostics
	plan.ContentSHA256, plan.Size = types.StringUnknown(), types.Int64Unknown()
	if config.Source.IsUnknown() || config.Content.IsUnknown() || config.ContentBase64.IsUnknown() {
		return diags
	}
	found, err := contentOf(ctx, config)
	switch {
	case errors.Is(err, errNotThere):
		// Another resource may write it before it is needed.
	case err != nil:
		unreadable(&diags, config, err)
	case found != nil:
		plan.ContentSHA256, plan.Size = types.StringValue(found.sha256), types.Int64Value(found.size)
	case state != nil:
		plan.ContentSHA256, plan.Size = state.ContentSHA256, state.Size
	}
	return diags
}

func unreadable(diags *diag.Diagnostics, config resourceModel, err error) {
	if config.Source.IsNull() {
		diags.AddAttributeError(path.Root("content_base64"), "Unable to decode content_base64", "content_base64 can't be used: "+err.Error()+".")
		return
	}
	diags.AddAttributeError(path.Root("source"), "Unable to read the source of a file", fmt.Sprintf(
		"The file %q, which source names, can't be used: %s. Set source to the path of a readable file; a relative path starts at the folder that the CLI runs in.",
		config.Source.ValueString(), err))
}

func planName(config resourceModel, state, plan *resourceModel) {
	switch {
	case !config.Name.IsNull():
		plan.Name = config.Name
	case config.Source.IsUnknown():
		plan.Name = types.StringUnknown()
	case !config.Source.IsNull():
		plan.Name = types.StringValue(filepath.Base(config.Source.ValueString()))
	case state != nil:
		plan.Name = state.Name
	}
}

// checkName reports a name that can't be sent, and one that is missing where
// there is something to send.
func checkName(state *resourceModel, plan resourceModel) diag.Diagnostics {
	var diags diag.Diagnostics
	switch {
	case plan.Name.IsUnknown():
	case plan.Name.IsNull() && state != nil && !plan.ContentSHA256.Equal(state.ContentSHA256):
		diags.AddAttributeError(path.Root("name"), "No name for new content",
			"The platform doesn't tell the name of a file of this type. To upload new content, set name.")
	case strings.ContainsFunc(plan.Name.ValueString(), unicode.IsControl):
		diags.AddAttributeError(path.Root("name"), "Invalid name of a file",
			"The name of a file must not hold line breaks or other control characters. Set name.")
	case utf8.RuneCountInString(plan.Name.ValueString()) > maxName:
		diags.AddAttributeError(path.Root("name"), "Invalid name of a file", fmt.Sprintf("The name of a file must have at most %d characters. Set name.", maxName))
	}
	return diags
}

// planRest plans what follows from whether content or name change.
func planRest(config resourceModel, state, plan *resourceModel) {
	if state == nil {
		plan.ID, plan.Ref, plan.ContentType = types.StringUnknown(), types.StringUnknown(), types.StringUnknown()
		return
	}
	plan.ID, plan.Ref, plan.ContentType = state.ID, state.Ref, state.ContentType
	if config.DatasetID.IsNull() {
		plan.DatasetID = state.DatasetID
	}
	uploads := !plan.ContentSHA256.Equal(state.ContentSHA256)
	if uploads {
		// The platform may answer with another reference.
		plan.ID, plan.Ref = types.StringUnknown(), types.StringUnknown()
	}
	if uploads || !plan.Name.Equal(state.Name) {
		plan.ContentType = types.StringUnknown()
	}
}
