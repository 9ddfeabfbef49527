package component

import (
	"context"
	"fmt"
	"regexp"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
)

// NotBlank is for strings that must hold more than white space.
func NotBlank() validator.String {
	return stringvalidator.RegexMatches(regexp.MustCompile(`\S`), "must not be blank")
}

// RegularExpression is for strings that are a regular expression.
func RegularExpression() validator.String { return regularExpression{} }

type regularExpression struct{}

func (regularExpression) Description(context.Context) string {
	return "must be a regular expression in the syntax of RE2"
}

func (r regularExpression) MarkdownDescription(ctx context.Context) string { return r.Description(ctx) }

func (regularExpression) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if _, err := regexp.Compile(req.ConfigValue.ValueString()); err != nil {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid regular expression",
			fmt.Sprintf("%s can't be used: %s. The syntax is that of RE2.", req.Path, err))
	}
}
