package member

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/guardai/terraform-provider-guardai/internal/component"
)

var _ action.ActionWithConfigure = (*inviteAction)(nil)

type inviteAction struct{ component.Action }

type inviteModel struct {
	Email types.String `tfsdk:"email"`
	Name  types.String `tfsdk:"name"`
}

// maxInviteLength is the API's limit for both arguments, in characters.
const maxInviteLength = 255

// NewInviteAction returns the action guardai_user_invite.
func NewInviteAction() action.Action { return &inviteAction{} }

func (a *inviteAction) Metadata(_ context.Context, req action.MetadataRequest, resp *action.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_user_invite"
}

func (a *inviteAction) Schema(_ context.Context, _ action.SchemaRequest, resp *action.SchemaResponse) {
	validators := []validator.String{component.NotBlank(), stringvalidator.UTF8LengthAtMost(maxInviteLength)}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Invites a person to GuardAI by email. Requires administrator rights and Terraform 1.14 or newer.\n\n" +
			"Each invocation sends an email. The provider sends the request only once and never retries it, because the platform doesn't show whether an invitation was sent. " +
			"After the person has signed up, `guardai_organization_member` makes them a member of an organization.",
		Attributes: map[string]schema.Attribute{
			"email": schema.StringAttribute{MarkdownDescription: "Email address of the person, of at most 255 characters.", Required: true, Validators: validators},
			"name":  schema.StringAttribute{MarkdownDescription: "Name of the person, of at most 255 characters.", Required: true, Validators: validators},
		},
	}
}

func (a *inviteAction) Invoke(ctx context.Context, req action.InvokeRequest, resp *action.InvokeResponse) {
	var config inviteModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	client, ok := a.ReadyClient(&resp.Diagnostics)
	if !ok {
		return
	}
	email := config.Email.ValueString()
	resp.SendProgress(action.InvokeProgressEvent{Message: "Inviting " + email})
	if err := client.Invite(ctx, email, config.Name.ValueString()); err != nil {
		component.AddAttributeError(&resp.Diagnostics, path.Root("email"), fmt.Sprintf("Unable to invite %q", email), err)
		return
	}
	resp.SendProgress(action.InvokeProgressEvent{Message: "Invited " + email + ". The person can be added to organizations after signing up."})
}
