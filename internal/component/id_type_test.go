package component

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr/xattr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

func TestIDValues(t *testing.T) {
	t.Parallel()
	at := path.Root("organization_id")
	var diags diag.Diagnostics
	if got := ID(42).Int64(at, &diags); got != 42 || diags.HasError() {
		t.Errorf("got %d, %v", got, diags)
	}
	for _, unset := range []IDValue{OptionalID(nil), {basetypes.NewStringUnknown()}} {
		unset.Check(at, &diags)
		if diags.HasError() {
			t.Errorf("%s: got %v", unset, diags)
		}
	}
	for _, text := range invalidIDs {
		value := IDValue{types.StringValue(text)}
		var used, checked diag.Diagnostics
		value.Int64(at, &used)
		value.Check(at, &checked)
		if len(used) != 1 || !used.Equal(checked) {
			t.Errorf("%q: got %v and %v", text, used, checked)
			continue
		}
		wrong, ok := used[0].(diag.DiagnosticWithPath)
		if !ok || !wrong.Path().Equal(at) || !strings.Contains(wrong.Detail(), "organization_id") || !strings.Contains(wrong.Detail(), "is not an id") {
			t.Errorf("%q: got %v", text, used)
		}
	}
}

// The framework must not check an id by itself, because a mock_provider makes up ids such as "k3x9".
func TestIDTypeAcceptsMadeUpIDs(t *testing.T) {
	t.Parallel()
	for _, raw := range []tftypes.Value{
		tftypes.NewValue(tftypes.String, "k3x9"), tftypes.NewValue(tftypes.String, nil), tftypes.NewValue(tftypes.String, tftypes.UnknownValue),
	} {
		value, err := IDType{}.ValueFromTerraform(t.Context(), raw)
		if err != nil {
			t.Fatal(err)
		}
		id, ok := value.(IDValue)
		if _, validates := value.(xattr.ValidateableAttribute); !ok || validates {
			t.Errorf("%s: got %T, validated: %t", raw, value, validates)
		}
		if back, err := value.ToTerraformValue(t.Context()); err != nil || !back.Equal(raw) {
			t.Errorf("%s: got %s, %v", raw, back, err)
		}
		if text := id.StringValue; !value.Equal(IDValue{text}) || value.Equal(text) || value.Equal(ID(1)) || !value.Type(t.Context()).Equal(IDType{}) || (IDType{}).Equal(types.StringType) {
			t.Errorf("%s doesn't compare as an id", raw)
		}
	}
}

func TestIDTypeRejectsOtherTypes(t *testing.T) {
	t.Parallel()
	if _, err := (IDType{}).ValueFromTerraform(t.Context(), tftypes.NewValue(tftypes.Bool, true)); err == nil {
		t.Error("a bool is an id")
	}
}
