package organization

import (
	"encoding/json"
	"strconv"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/guardai/terraform-provider-guardai/internal/guardai"
)

func FuzzImportID(f *testing.F) {
	for _, id := range []string{"", "0", "1", "-1", "+1", "01", " 1", "1.0", "1e3", "9223372036854775807", "9223372036854775808", "x", "1/2", "١"} {
		f.Add(id)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var diags diag.Diagnostics
		id := checkImportID(text, &diags)
		if diags.HasError() {
			return
		}
		if parsed, err := strconv.ParseInt(text, 10, 64); id <= 0 || err != nil || parsed != id {
			t.Errorf("%q was taken for organization %d", text, id)
		}
	})
}

// Whatever settings the platform answers with go into state as they are, or not at
// all: what comes back out of state is what was answered.
func FuzzSettingsIntoState(f *testing.F) {
	for _, body := range []string{
		`{}`, `null`, `{"maxItemCount":5}`, `{"maxItemCount":null}`, `{"maxItemCount":9223372036854775807,"maxTimePerTask":-1}`,
		`{"disabledFeatures":[]}`, `{"disabledFeatures":null}`, `{"disabledFeatures":["EVALUATION","EVALUATION"]}`, `{"disabledFeatures":[""]}`,
		`{"classMappingFiles":[{"ref":"a"}],"new":1}`,
	} {
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body string) {
		var answered guardai.Settings
		if json.Unmarshal([]byte(body), &answered) != nil {
			return
		}
		state, diags := settingsFrom(t.Context(), answered)
		if diags.HasError() {
			t.Fatalf("%s: %v", body, diags)
		}
		sent, diags := settingsToSend(t.Context(), state)
		if diags.HasError() {
			t.Fatalf("%s: %v", body, diags)
		}
		for _, pair := range [][2]*int64{
			{answered.MaxItemCount, sent.MaxItemCount}, {answered.MaxTimeAllocated, sent.MaxTimeAllocated}, {answered.MaxTimePerTask, sent.MaxTimePerTask},
		} {
			if (pair[0] == nil) != (pair[1] == nil) || (pair[0] != nil && *pair[0] != *pair[1]) {
				t.Errorf("%s: %v became %v", body, answered, sent)
			}
		}
		if (answered.DisabledFeatures == nil) != (sent.DisabledFeatures == nil) {
			t.Errorf("%s: features %v became %v", body, answered.DisabledFeatures, sent.DisabledFeatures)
		}
	})
}
