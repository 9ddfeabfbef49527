package component

import (
	"context"
	"fmt"
	"math/big"
	"regexp"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
)

// NotBlank requires a string to contain more than white space.
func NotBlank() validator.String { return notBlank{} }

type notBlank struct{}

func (notBlank) Description(context.Context) string { return "must not be blank" }

func (n notBlank) MarkdownDescription(ctx context.Context) string { return n.Description(ctx) }

func (notBlank) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if value := req.ConfigValue; !value.IsNull() && !value.IsUnknown() && strings.TrimSpace(value.ValueString()) == "" {
		resp.Diagnostics.AddAttributeError(req.Path, "Blank value", fmt.Sprintf("%s is blank. It must contain more than white space.", req.Path))
	}
}

// RegularExpression requires a string to be a valid regular expression.
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
			fmt.Sprintf("%s is not a valid regular expression: %s. Use RE2 syntax.", req.Path, err))
	}
}

// WholeNumber requires a number without a fraction, from least to most. It exists because the framework reports a
// fraction in an Int64 attribute as a bug in the provider.
func WholeNumber(least, most int64) validator.Number { return wholeNumber{least, most} }

type wholeNumber struct{ least, most int64 }

func (w wholeNumber) Description(context.Context) string {
	return fmt.Sprintf("must be a whole number from %d to %d", w.least, w.most)
}

func (w wholeNumber) MarkdownDescription(ctx context.Context) string { return w.Description(ctx) }

func (w wholeNumber) ValidateNumber(ctx context.Context, req validator.NumberRequest, resp *validator.NumberResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	number, accuracy := req.ConfigValue.ValueBigFloat().Int64()
	if accuracy != big.Exact || number < w.least || number > w.most {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid number",
			fmt.Sprintf("%s %s, not %s.", req.Path, w.Description(ctx), req.ConfigValue.ValueBigFloat().Text('g', 20)))
	}
}
