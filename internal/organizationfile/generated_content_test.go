package organizationfile

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"
	ctyjson "github.com/zclconf/go-cty/cty/json"
)

// Text stored in state stays the same when a CLI writes it to a configuration and reads it back.
func FuzzSurvivesGeneration(f *testing.F) {
	for _, content := range []string{
		"a,b\n", "$${x}", "%{if}", "$$${", "%%{", "${", "a\r\nb", "\x00", "\ufeff", "\ufeff{}", "null", "null\n", " true", "1.0", `"text"`, "\u00a0{}",
		"{}", "[]", `{"0":"person"}`, "{\n \"0\": \"person\"\n}\n", `{"b":1,"a":2}`, "[1, 2]", "[1,2]", "[1.0]", `["<&>"]`, `["\u003c\u0026\u003e"]`,
		`["\u00e9"]`, `["é"]`, "e\u0301", `["e\u0301"]`, `{"a":1,"a":2}`, "[12345678901234567890123]", "[1e400]", "[1e600000000]", "[1e600000000,", "1e600000000", " 7E7777777777", "1e5,2", "[]]", "1]", "[1E3]", "[-0]", "[0.1]", `{"for":1}`, `{"null":null}`,
		`{"if":1,"in":2}`, `{"${x}":"${x}"}`, `[{"a":[{}]},null,true]`, `{"a b":"\n"}`, "[1] ", "{", "[,]", `{"":1}`, `["\ud800"]`, "\u2028", "{\"a\":\"\u2028\"}",
	} {
		f.Add([]byte(content))
	}
	writers := map[string]func(string) (string, error){"Terraform": writtenByTerraform, "OpenTofu": writtenByOpenTofu}
	f.Fuzz(func(t *testing.T, content []byte) {
		if len(content) == 0 || !survivesGeneration(content) {
			return
		}
		for cli, write := range writers {
			expression, err := write(string(content))
			if err != nil {
				t.Fatalf("%s can't write %q: %v", cli, content, err)
			}
			if got, err := evaluated(expression); err != nil || got != string(content) {
				t.Errorf("%s writes %q as %s, which is %q, %v", cli, content, expression, got, err)
			}
		}
	})
}

// writtenByTerraform follows writeConfigAttributesFromExisting of Terraform's
// internal/genconfig.
func writtenByTerraform(text string) (string, error) {
	value := cty.StringVal(text)
	if !json.Valid([]byte(value.AsString())) {
		return tokens(value), nil
	}
	var decoded ctyjson.SimpleJSONValue
	if err := decoded.UnmarshalJSON([]byte(value.AsString())); err != nil {
		return "", err
	}
	if decoded.Type().IsPrimitiveType() {
		return tokens(value), nil
	}
	return "jsonencode(" + tokens(decoded.Value) + ")", nil
}

// writtenByOpenTofu follows wrapAsJSONEncodeFunctionCall of OpenTofu's
// internal/genconfig.
func writtenByOpenTofu(text string) (string, error) {
	value := cty.StringVal(text)
	trimmed := strings.TrimSpace(value.AsString())
	if !strings.HasPrefix(trimmed, "{") && !strings.HasPrefix(trimmed, "[") {
		return tokens(value), nil
	}
	jsonType, err := ctyjson.ImpliedType([]byte(trimmed))
	if err != nil {
		return tokens(value), nil //nolint:nilerr // Text that isn't JSON is written as is.
	}
	decoded, err := ctyjson.Unmarshal([]byte(trimmed), jsonType)
	if err != nil {
		return tokens(value), nil //nolint:nilerr // Text that isn't JSON is written as is.
	}
	return string(hclwrite.TokensForFunctionCall("jsonencode", hclwrite.TokensForValue(decoded)).Bytes()), nil
}

func tokens(value cty.Value) string { return string(hclwrite.TokensForValue(value).Bytes()) }

// evaluated evaluates an expression as a CLI does.
func evaluated(expression string) (string, error) {
	config := hclwrite.Format(fmt.Appendf(nil, "content = %s\n", expression))
	file, diags := hclsyntax.ParseConfig(bytes.Clone(config), "generated.tf", hcl.InitialPos)
	if diags.HasErrors() {
		return "", diags
	}
	attributes, diags := file.Body.JustAttributes()
	if diags.HasErrors() {
		return "", diags
	}
	functions := map[string]function.Function{"jsonencode": stdlib.JSONEncodeFunc}
	value, diags := attributes["content"].Expr.Value(&hcl.EvalContext{Functions: functions})
	if diags.HasErrors() {
		return "", diags
	}
	return value.AsString(), nil
}
