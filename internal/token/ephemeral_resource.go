// Package token implements the ephemeral resource for a token of the platform.
package token

import (
	"context"
	"errors"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/guardai/terraform-provider-guardai/internal/component"
	"github.com/guardai/terraform-provider-guardai/internal/guardai"
)

var _ ephemeral.EphemeralResourceWithConfigure = (*tokenResource)(nil)

// tokenResource implements neither Renew, which can't return a new token, nor Close: the platform can't revoke a token,
// and the provider continues to use it.
type tokenResource struct{ component.EphemeralResource }

type tokenModel struct {
	Token     types.String      `tfsdk:"token"`
	ExpiresAt timetypes.RFC3339 `tfsdk:"expires_at"`
}

// NewEphemeralResource returns the ephemeral resource guardai_token.
func NewEphemeralResource() ephemeral.EphemeralResource { return &tokenResource{} }

func (e *tokenResource) Metadata(_ context.Context, req ephemeral.MetadataRequest, resp *ephemeral.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_token"
}

func (e *tokenResource) Schema(_ context.Context, _ ephemeral.SchemaRequest, resp *ephemeral.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Provides a token (JWT) of the provider's user, for another program that calls the platform. The token is never stored in a plan, in state or in a log. " +
			"Requires Terraform 1.10 or OpenTofu 1.11, or newer.\n\n" +
			"If you configure the provider with an API key, the token has at least half of its lifetime left. If you configure it with a token (`token`, `GUARDAI_TOKEN`), this is that token, and an expired one causes an error. " +
			"The token expires at `expires_at`; the provider doesn't renew it during a run.",
		Attributes: map[string]schema.Attribute{
			"token": schema.StringAttribute{
				MarkdownDescription: "The token, for the header `Authorization: Bearer …`.",
				Computed:            true,
				Sensitive:           true,
			},
			"expires_at": schema.StringAttribute{
				CustomType:          timetypes.RFC3339Type{},
				MarkdownDescription: "Time at which the token expires, in RFC 3339 format and UTC. Null if the token doesn't state it.",
				Computed:            true,
			},
		},
	}
}

func (e *tokenResource) Open(ctx context.Context, _ ephemeral.OpenRequest, resp *ephemeral.OpenResponse) {
	client, ok := e.ReadyClient(&resp.Diagnostics)
	if !ok {
		return
	}
	token, err := client.Token(ctx)
	if err != nil {
		addError(&resp.Diagnostics, err)
		return
	}
	resp.Diagnostics.Append(resp.Result.Set(ctx, tokenModel{
		Token:     types.StringValue(token.JWT),
		ExpiresAt: component.Time(token.ExpiresAt),
	})...)
}

func addError(diags *diag.Diagnostics, err error) {
	expired, ok := errors.AsType[*guardai.ExpiredTokenError](err)
	if !ok {
		component.AddError(diags, "Unable to get a token", err)
		return
	}
	diags.AddError("The provider's token has expired",
		"By this machine's clock, the token that the provider was given (token, GUARDAI_TOKEN) expired at "+expired.At.UTC().Format(time.RFC3339)+
			", and a token alone can't be renewed. Set a fresh one, or an API key, for which the provider gets new tokens as needed: "+
			"api_key_id and api_key (GUARDAI_API_KEY_ID and GUARDAI_API_KEY), or config_file (GUARDAI_CONFIG_FILE).")
}
