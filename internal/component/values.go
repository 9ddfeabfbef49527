package component

import (
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Time returns t in RFC 3339 and UTC, null for the zero time.
func Time(t time.Time) timetypes.RFC3339 {
	if t.IsZero() {
		return timetypes.NewRFC3339Null()
	}
	return timetypes.NewRFC3339TimeValue(t.UTC())
}

// CollectionValue returns a value of a list or set type with these elements, null
// for nil.
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
