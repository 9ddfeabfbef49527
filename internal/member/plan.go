package member

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/guardai/terraform-provider-guardai/internal/component"
	"github.com/guardai/terraform-provider-guardai/internal/guardai"
)

// ModifyPlan looks up a new member, so that a mistake shows in the plan, and decides whether another user is meant.
func (r *memberResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.Equal(req.State.Raw) {
		return // Most plans of many memberships change nothing.
	}
	var config, plan resourceModel
	var state *resourceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if req.Plan.Raw.IsNull() {
		r.warnOwnMembership(ctx, state, &resp.Diagnostics)
		return
	}
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	plan.OrganizationID.Check(path.Root("organization_id"), &resp.Diagnostics)
	config.UserID.Check(path.Root("user_id"), &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	plan.UserID, plan.Email = config.UserID, config.Email
	if state == nil || !state.isSameUser(config) {
		if client := r.Client(); client != nil {
			plan.findUser(ctx, client, &resp.Diagnostics)
		}
	} else {
		plan.UserID, plan.Email = state.UserID, state.Email
	}
	plan.markUnknown(config)
	if state != nil {
		r.compare(ctx, &plan, state, config, resp)
	}
	resp.Diagnostics.Append(resp.Plan.Set(ctx, plan)...)
}

// compare keeps what a plan doesn't change in state. If it replaces the membership, compare says so.
func (r *memberResource) compare(ctx context.Context, plan, state *resourceModel, config resourceModel, resp *resource.ModifyPlanResponse) {
	if plan.identity() == state.identity() {
		plan.keepComputed(state, config)
		return
	}
	if !plan.UserID.Equal(state.UserID) {
		resp.RequiresReplace.Append(path.Root("user_id"))
	}
	r.warnOwnMembership(ctx, state, &resp.Diagnostics)
}

// isSameUser reports whether the configuration names the user in state.
func (m *resourceModel) isSameUser(config resourceModel) bool {
	return (config.UserID.IsNull() || config.UserID.Equal(m.UserID)) &&
		(config.Email.IsNull() || (!config.Email.IsUnknown() && strings.EqualFold(config.Email.ValueString(), m.Email.ValueString())))
}

// findUser looks up the user by email address or, if there is none, by id.
func (m *resourceModel) findUser(ctx context.Context, client *guardai.Client, diags *diag.Diagnostics) {
	switch {
	case isKnown(m.Email):
		if m.hasOtherEmail(ctx, client, diags) {
			return
		}
		user := findByEmail(ctx, client, m.Email.ValueString(), path.Root("email"), diags)
		if user == nil {
			return
		}
		if isKnown(m.UserID) && !user.HasID(m.UserID.Int64(path.Root("user_id"), diags)) {
			diags.AddAttributeError(path.Root("user_id"), "Two different users", fmt.Sprintf(
				"user_id is %s, but email is the address of the %s. Set only one of the two arguments, or make them agree.", m.UserID.ValueString(), describe(user)))
		}
		m.UserID = component.OptionalID(user.ID)
	case isKnown(m.UserID) && !m.Email.IsUnknown():
		checkExists(ctx, client, m.UserID.Int64(path.Root("user_id"), diags), path.Root("user_id"), diags)
	}
}

// hasOtherEmail reports whether both arguments are set and the user with the id has another address, for example because
// it changed. It then adds an error.
func (m *resourceModel) hasOtherEmail(ctx context.Context, client *guardai.Client, diags *diag.Diagnostics) bool {
	if !isKnown(m.UserID) {
		return false
	}
	id := m.UserID.Int64(path.Root("user_id"), diags)
	users, err := client.FindUsers(ctx, func(u guardai.User) bool { return u.HasID(id) })
	if err != nil || len(users) == 0 || users[0].Email == nil || users[0].HasEmail(m.Email.ValueString()) {
		return false
	}
	diags.AddAttributeError(path.Root("email"), "Two different users", fmt.Sprintf(
		"user_id is %d, whose email address is %q, not %q. Set only one of the two arguments, or make them agree.", id, *users[0].Email, m.Email.ValueString()))
	return true
}

// markUnknown marks what only the apply tells, for a membership that isn't in state.
func (m *resourceModel) markUnknown(config resourceModel) {
	m.ID, m.Name, m.Registered = types.StringUnknown(), types.StringUnknown(), types.BoolUnknown()
	if m.UserID.IsNull() {
		m.UserID = component.IDValue{StringValue: types.StringUnknown()}
	}
	if m.Email.IsNull() && config.Email.IsNull() {
		m.Email = types.StringUnknown()
	}
	if isKnown(m.OrganizationID) && isKnown(m.UserID) {
		m.ID = types.StringValue(m.OrganizationID.ValueString() + "/" + m.UserID.ValueString())
	}
}

// keepComputed keeps what can't change while the membership is the same.
func (m *resourceModel) keepComputed(state *resourceModel, config resourceModel) {
	m.ID, m.Name, m.Registered = state.ID, state.Name, state.Registered
	if config.Email.IsNull() {
		m.Email = state.Email // Null if the user has none.
	}
}

func isKnown(value attr.Value) bool {
	return !value.IsNull() && !value.IsUnknown()
}

// warnOwnMembership warns before the user that the provider acts as loses a membership.
func (r *memberResource) warnOwnMembership(ctx context.Context, state *resourceModel, diags *diag.Diagnostics) {
	client := r.Client()
	if client == nil || state == nil {
		return
	}
	organizationID, userID := state.ids(diags)
	// If the current user can't be read, the apply will tell why.
	if self, err := client.IsCurrentUser(ctx, userID); err != nil || !self {
		return
	}
	user := component.FormatID(userID)
	if email := state.Email.ValueString(); email != "" {
		user += " (" + email + ")"
	}
	diags.AddAttributeWarning(path.Root("user_id"), "The provider's own membership ends", fmt.Sprintf(
		"The provider acts as user %s. This plan ends that user's membership of organization %d, so later runs with these credentials may not be allowed to manage the organization any more.",
		user, organizationID))
}
