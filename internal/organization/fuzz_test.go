package organization

import (
	"encoding/json"
	"reflect"
	"slices"
	"testing"

	"github.com/guardai/terraform-provider-guardai/internal/guardai"
)

// Settings either survive the way into state and back unchanged, or are rejected.
func FuzzSettings(f *testing.F) {
	for _, body := range []string{
		`{}`, `null`, `{"maxItemCount":5}`, `{"maxItemCount":null}`, `{"maxItemCount":9223372036854775807,"maxTimePerTask":-1}`,
		`{"disabledFeatures":[]}`, `{"disabledFeatures":null}`, `{"disabledFeatures":["EVALUATION","EVALUATION"]}`, `{"disabledFeatures":[""]}`,
		`{"classMappingFiles":[{"ref":"a"}],"new":1}`, `{"maxItemCount":"5"}`, `{"disabledFeatures":{}}`,
	} {
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body string) {
		var reported guardai.Settings
		if json.Unmarshal([]byte(body), &reported) != nil {
			return
		}
		values, err := settingsFromAPI(reported)
		if err != nil {
			return
		}
		for _, s := range settings {
			var want any
			if raw, ok := reported.Values[s.field]; ok {
				want = normalize(t, raw)
			}
			var got any
			if value := values[s.attribute]; !value.IsNull() {
				encoded, err := json.Marshal(s.kind.toAPI(value))
				if err != nil {
					t.Fatal(err)
				}
				got = normalize(t, encoded)
			}
			if !reflect.DeepEqual(got, want) {
				t.Errorf("%s of %s became %v", s.field, body, got)
			}
		}
	})
}

// normalize decodes a setting. The order of features and duplicates don't matter.
func normalize(t *testing.T, raw []byte) any {
	t.Helper()
	var features []*string
	if json.Unmarshal(raw, &features) == nil && features != nil {
		names := []string{}
		for _, feature := range features {
			if feature == nil {
				feature = new(string)
			}
			names = append(names, *feature)
		}
		slices.Sort(names)
		return slices.Compact(names)
	}
	var number *int64
	if err := json.Unmarshal(raw, &number); err != nil {
		t.Fatalf("%s is neither features nor a number", raw)
	}
	if number == nil {
		return nil
	}
	return *number
}
