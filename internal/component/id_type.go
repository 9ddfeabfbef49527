package component

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

var (
	_ basetypes.StringTypable  = IDType{}
	_ basetypes.StringValuable = IDValue{}
)

// IDType is the type of attributes that hold an id. It accepts every string: an id is checked when it is used, so that
// the made-up ids of a mock_provider pass.
type IDType struct{ basetypes.StringType }

// Equal reports whether other is an IDType.
func (IDType) Equal(other attr.Type) bool {
	_, ok := other.(IDType)
	return ok
}

func (IDType) String() string { return "component.IDType" }

// ValueFromString returns the value as an IDValue.
func (IDType) ValueFromString(_ context.Context, value basetypes.StringValue) (basetypes.StringValuable, diag.Diagnostics) {
	return IDValue{value}, nil
}

// ValueFromTerraform returns the value as an IDValue.
func (t IDType) ValueFromTerraform(ctx context.Context, value tftypes.Value) (attr.Value, error) {
	text, err := t.StringType.ValueFromTerraform(ctx, value)
	if err != nil {
		return nil, err
	}
	return IDValue{text.(basetypes.StringValue)}, nil //nolint:forcetypeassert // It is documented.
}

// ValueType returns an IDValue.
func (IDType) ValueType(context.Context) attr.Value { return IDValue{} }

// IDValue is a string that must be an id when it is used.
type IDValue struct{ basetypes.StringValue }

// ID returns an id as a Terraform string.
func ID(id int64) IDValue { return IDValue{basetypes.NewStringValue(FormatID(id))} }

// OptionalID is ID for optional ids: it returns null for nil.
func OptionalID(id *int64) IDValue {
	return IDValue{basetypes.NewStringPointerValue(FormatIDPointer(id))}
}

// Type returns IDType.
func (IDValue) Type(context.Context) attr.Type { return IDType{} }

// Equal reports whether other is the same IDValue.
func (v IDValue) Equal(other attr.Value) bool {
	id, ok := other.(IDValue)
	return ok && v.StringValue.Equal(id.StringValue)
}

// Int64 returns the id. If the value isn't one, it adds an error on the attribute at to diags.
func (v IDValue) Int64(at path.Path, diags *diag.Diagnostics) int64 {
	id, err := ParseID(v.ValueString())
	if err != nil {
		diags.AddAttributeError(at, "Invalid id", fmt.Sprintf("%s can't be used: %s.", at, err))
	}
	return id
}

// Check adds an error on the attribute at to diags if the value is known and not an id.
func (v IDValue) Check(at path.Path, diags *diag.Diagnostics) {
	if !v.IsNull() && !v.IsUnknown() {
		v.Int64(at, diags)
	}
}
