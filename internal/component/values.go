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
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Time returns t in RFC 3339 and UTC; null for the zero time.
func Time(t time.Time) timetypes.RFC3339 {
	if t.IsZero() {
		return timetypes.NewRFC3339Null()
	}
	return timetypes.NewRFC3339TimeValue(t.UTC())
}

// CollectionValue returns a list or set with these elements; null for nil.
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

// StringOrNull returns null for an empty string, which stands for a string that the platform omits.
func StringOrNull(text string) types.String {
	if text == "" {
		return types.StringNull()
	}
	return types.StringValue(text)
}

// Number returns a whole number; null for nil.
func Number(value *int64) types.Number {
	if value == nil {
		return types.NumberNull()
	}
	return types.NumberValue(new(big.Float).SetInt64(*value))
}

// ObjectType returns the protocol's type of a schema or a nested object.
func ObjectType(ctx context.Context, from attr.Type) tftypes.Object {
	object, _ := from.TerraformType(ctx).(tftypes.Object)
	return object
}

// maxListed is how many elements JoinLimited lists.
const maxListed = 20

// StreamResults responds to a query with a result for each item, up to the query's limit, or with diags if they contain
// an error.
func StreamResults[T any](req list.ListRequest, stream *list.ListResultsStream, diags diag.Diagnostics, items []T, result func(T) list.ListResult) {
	if diags.HasError() {
		stream.Results = list.ListResultsStreamDiagnostics(diags)
		return
	}
	stream.Results = func(push func(list.ListResult) bool) {
		for _, item := range Truncate(items, req.Limit) {
			if !push(result(item)) {
				return
			}
		}
	}
}

// Truncate returns the first limit results of a query.
func Truncate[T any](results []T, limit int64) []T {
	return results[:max(0, min(int64(len(results)), limit))]
}

// JoinLimited joins elements for a message. After maxListed elements, it only counts the rest.
func JoinLimited(elements []string, separator string) string {
	if len(elements) <= maxListed {
		return strings.Join(elements, separator)
	}
	listed := slices.Concat(elements[:maxListed], []string{fmt.Sprintf("and %d more", len(elements)-maxListed)})
	return strings.Join(listed, separator)
}
