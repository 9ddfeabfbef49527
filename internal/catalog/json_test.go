package catalog

import (
	"encoding/json"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework-jsontypes/jsontypes"
)

func TestNormalizedJSON(t *testing.T) {
	t.Parallel()
	null := jsontypes.NewNormalizedNull()
	for raw, want := range map[string]jsontypes.Normalized{
		``:       null,
		`null`:   null,
		`[]`:     jsontypes.NewNormalizedValue(`[]`),
		`{}`:     jsontypes.NewNormalizedValue(`{}`),
		`[null]`: jsontypes.NewNormalizedValue(`[null]`),
		`false`:  jsontypes.NewNormalizedValue(`false`),
		` { "b" : [ 1 , 2 ],` + "\n\t" + `"a" : {"d":1,"c":2} } `: jsontypes.NewNormalizedValue(`{"a":{"c":2,"d":1},"b":[1,2]}`),
		`[1.10,12345678901234567890,1e-7,1E+400,-0.0]`:            jsontypes.NewNormalizedValue(`[1.10,12345678901234567890,1e-7,1E+400,-0.0]`),
		`["\u003cb> &","é\u00e9"]`:                                jsontypes.NewNormalizedValue(`["<b> &","éé"]`),
	} {
		if got, err := normalizedJSON(json.RawMessage(raw)); !got.Equal(want) || err != nil {
			t.Errorf("%s: got %s, %v; want %s", raw, got, err, want)
		}
	}
}

func TestNormalizedJSONOfInvalidJSON(t *testing.T) {
	t.Parallel()
	if got, err := normalizedJSON(json.RawMessage(`{`)); !got.IsNull() || err == nil {
		t.Errorf("got %s without an error", got)
	}
}
