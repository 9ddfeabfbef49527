package organizationfile

import (
	"encoding/json"
	"strings"
	"unicode/utf8"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function/stdlib"
	ctyjson "github.com/zclconf/go-cty/cty/json"
	"golang.org/x/text/unicode/norm"
)

// survivesGeneration reports whether a CLI that writes a configuration for an
// imported text gets the same bytes back from it. Terraform's strings are in
// Unicode's NFC, and a JSON object or array is written as a call of jsonencode.
func survivesGeneration(content []byte) bool {
	if !utf8.Valid(content) || !norm.NFC.IsNormal(content) {
		return false
	}
	text := strings.TrimSpace(string(content))
	if !strings.HasPrefix(text, "{") && !strings.HasPrefix(text, "[") {
		return true
	}
	value, err := decodeJSON([]byte(text))
	if err != nil {
		// OpenTofu writes it as text, and so does Terraform unless it is valid JSON.
		return !json.Valid(content)
	}
	encoded, err := stdlib.JSONEncode(value)
	return err == nil && encoded.AsString() == string(content)
}

// decodeJSON decodes JSON as the CLIs do.
func decodeJSON(text []byte) (cty.Value, error) {
	jsonType, err := ctyjson.ImpliedType(text)
	if err != nil {
		return cty.NilVal, err
	}
	return ctyjson.Unmarshal(text, jsonType)
}
