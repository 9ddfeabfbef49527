package catalog

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-jsontypes/jsontypes"
)

// normalizedJSON returns JSON without white space and with sorted keys, so that equal values are equal strings. Numbers
// keep all digits. Absent JSON and null are null.
func normalizedJSON(raw json.RawMessage) (jsontypes.Normalized, error) {
	if len(raw) == 0 {
		return jsontypes.NewNormalizedNull(), nil
	}
	text, err := normalize(raw)
	if err != nil {
		return jsontypes.NewNormalizedNull(), fmt.Errorf("the platform sent JSON that can't be normalized: %w", err)
	}
	return jsontypes.NewNormalizedPointerValue(text), nil
}

// normalize returns nil for the JSON value null.
func normalize(raw json.RawMessage) (*string, error) {
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil || value == nil {
		return nil, err
	}
	var normal bytes.Buffer
	encoder := json.NewEncoder(&normal)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return nil, err
	}
	text := string(bytes.TrimSpace(normal.Bytes()))
	return &text, nil
}
