package guardai

import (
	"encoding/json"
	"testing"
)

func TestSameField(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, a, b string
		same       bool
	}{
		{"params", `[1]`, `[1.0]`, true},
		{"params", `[1000, 0.025, -0.0]`, `[1e3, 25E-3, 0]`, true},
		{"params", `[{"a": 10}]`, `[{"a": 1}]`, false},
		{"params", `[-1]`, `[1]`, false},
		{"params", `[0.1000000000000000055511151231257827]`, `[0.1]`, false},
		{"params", `[1e999999999999]`, `[1e999999999998]`, false},
		{"params", `[1e99999999999999999999]`, `[1e99999999999999999999]`, true},
		{"params", `["1.0"]`, `["1"]`, false},
		{"params", `[]`, ``, true},
		{"tasks", `["f", "é"]`, "[\"e\u0301\", \"f\"]", true},
		{"tasks", `["f", "é"]`, `["f"]`, false},
	} {
		if SameField(c.name, json.RawMessage(c.a), json.RawMessage(c.b)) != c.same {
			t.Errorf("%s: %s and %s: want same %t", c.name, c.a, c.b, c.same)
		}
	}
}
