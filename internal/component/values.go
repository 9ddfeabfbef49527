package component

import (
	"context"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Time returns t in RFC 3339 and UTC, null for the zero time.
func Time(t time.Time) timetypes.RFC3339 {
	if t.IsZero() {
		return timetypes.NewRFC3339Null()
	}
	return timetypes.NewRFC3339TimeValue(t.UTC())
}

// CollectionValue returns a value of a list or set type with these elements, null for nil.
func CollectionValue[T any](collection, element tftypes.Type, elements []T) tftypes.Value {
	if elements == nil {
		return tftypes.NewValue(collection, nil)
	}
	values := make([]tftypes.Value, 0, len(elements))
	for _, e := range elements {
		values = append(values, tftypes.NewValue(element, e))
	}
	return tftypes.NewValue(collection, values)
}

// TextOrNull is null where the platform left a text out.
func TextOrNull(text string) types.String {
	if text == "" {
		return types.StringNull()
	}
	return types.StringValue(text)
}

// Number returns a whole number, null for nil.
func Number(value *int64) types.Number {
	if value == nil {
		return types.NumberNull()
	}
	return types.NumberValue(new(big.Float).SetInt64(*value))
}

// ObjectType returns the type of a schema or of a nested object as the protocol
// knows it. Anything else has no attributes.
func ObjectType(ctx context.Context, from attr.Type) tftypes.Object {
	object, _ := from.TerraformType(ctx).(tftypes.Object)
	return object
}

// maxListed is how many things a message lists.
const maxListed = 20

// Limited returns the first of what a query has found, as many as it asked for: a
// query without a limit of its own asks for 100.
func Limited[T any](found []T, limit int64) []T {
	return found[:max(0, min(int64(len(found)), limit))]
}

// Join lists things in a message: the first twenty, and how many more there are.
func Join(things []string, separator string) string {
	if len(things) <= maxListed {
		return strings.Join(things, separator)
	}
	shown := slices.Concat(things[:maxListed], []string{fmt.Sprintf("and %d more", len(things)-maxListed)})
	return strings.Join(shown, separator)
}
