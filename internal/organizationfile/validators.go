package organizationfile

import (
	"context"
	"encoding/base64"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
)

// base64Text is for strings in standard base64.
type base64Text struct{}

func (base64Text) Description(context.Context) string { return "must be standard base64 with padding" }

func (b base64Text) MarkdownDescription(ctx context.Context) string { return b.Description(ctx) }

// ValidateString quotes nothing of the value in its error.
func (base64Text) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if _, err := base64.StdEncoding.DecodeString(req.ConfigValue.ValueString()); err != nil {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid base64",
			fmt.Sprintf("%s must be standard base64 with padding, such as the functions base64encode and filebase64 make: %s.", req.Path, err))
	}
}
