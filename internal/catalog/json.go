package catalog

import (
	"encoding/json"

	"github.com/hashicorp/terraform-plugin-framework-jsontypes/jsontypes"

	"github.com/guardai/terraform-provider-guardai/internal/guardai"
)

// normalizedJSON returns normalized JSON. Absent JSON and null are null.
func normalizedJSON(raw json.RawMessage) (jsontypes.Normalized, error) {
	text, err := guardai.NormalizeJSON(raw)
	if err != nil || text == "null" {
		return jsontypes.NewNormalizedNull(), err
	}
	return jsontypes.NewNormalizedValue(text), nil
}
