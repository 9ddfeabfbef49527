package component

import (
	"math"
	"math/big"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

func TestWholeNumber(t *testing.T) {
	t.Parallel()
	for text, valid := range map[string]bool{
		"0": true, "-2147483648": true, "2147483647": true, "1e3": true, "5.0": true,
		"1.5": false, "0.1": false, "-2147483649": false, "2147483648": false, "1e30": false, "-1e30": false, "9223372036854775808": false,
	} {
		number, _, err := big.ParseFloat(text, 10, 512, big.ToNearestEven)
		if err != nil {
			t.Fatal(err)
		}
		got := validateNumber(t, types.NumberValue(number))
		if (got == "") != valid {
			t.Errorf("%s: got %q", text, got)
		}
		if !valid && !strings.Contains(got, "max_item_count must be a whole number from -2147483648 to 2147483647, not ") {
			t.Errorf("%s: got %q", text, got)
		}
	}
	for _, value := range []types.Number{types.NumberNull(), types.NumberUnknown()} {
		if got := validateNumber(t, value); got != "" {
			t.Errorf("%s: got %q", value, got)
		}
	}
}

// validateNumber returns the detail of the error, or an empty string.
func validateNumber(t *testing.T, value types.Number) string {
	t.Helper()
	var resp validator.NumberResponse
	WholeNumber(math.MinInt32, math.MaxInt32).ValidateNumber(t.Context(), validator.NumberRequest{Path: path.Root("max_item_count"), ConfigValue: value}, &resp)
	if !resp.Diagnostics.HasError() {
		return ""
	}
	return resp.Diagnostics[0].Detail()
}

func TestRegularExpression(t *testing.T) {
	t.Parallel()
	for text, valid := range map[string]bool{"": true, "^a.*$": true, "(": false, "a(?!b)": false} {
		var resp validator.StringResponse
		RegularExpression().ValidateString(t.Context(), validator.StringRequest{Path: path.Root("name_regex"), ConfigValue: types.StringValue(text)}, &resp)
		if resp.Diagnostics.HasError() == valid {
			t.Errorf("%q: got %v", text, resp.Diagnostics)
		}
	}
}
