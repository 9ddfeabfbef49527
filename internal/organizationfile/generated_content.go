package organizationfile

import (
	"bytes"
	"encoding/json"
	"strings"
	"unicode/utf8"

	"github.com/zclconf/go-cty/cty/function/stdlib"
	ctyjson "github.com/zclconf/go-cty/cty/json"
	"golang.org/x/text/unicode/norm"
)

// survivesGeneration reports whether a text stays the same when a CLI generates a configuration from it. Terraform
// normalizes strings to NFC, and writes JSON objects, arrays and null as calls of jsonencode.
func survivesGeneration(content []byte) bool {
	if !utf8.Valid(content) || !norm.NFC.IsNormal(content) {
		return false
	}
	text := bytes.TrimSpace(content)
	jsonType, err := ctyjson.ImpliedType(text)
	if err != nil {
		// It is written as text, but Terraform drops JSON that it can't decode.
		return !json.Valid(text)
	}
	if hasExponent(text) || bytes.Contains(text, []byte(`"for":`)) {
		// An object whose first key is "for" would be written as a for expression.
		return false
	}
	value, err := ctyjson.Unmarshal(text, jsonType)
	if err != nil {
		return false
	}
	if value.Type().IsPrimitiveType() {
		return true
	}
	encoded, err := stdlib.JSONEncode(value)
	return err == nil && encoded.AsString() == string(content)
}

// hasExponent reports whether a JSON number has an exponent. A CLI writes such a number in full, which changes the
// bytes and takes gigabytes for 1e600000000.
func hasExponent(text []byte) bool {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	for {
		token, err := decoder.Token()
		if err != nil {
			return false
		}
		if number, ok := token.(json.Number); ok && strings.ContainsAny(number.String(), "eE") {
			return true
		}
	}
}
