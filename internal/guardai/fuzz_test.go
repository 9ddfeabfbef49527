package guardai

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/guardai/terraform-provider-guardai/internal/guardai/rest"
)

// A response is either an organization with an id or invalid, and an update writes back all settings that the client
// doesn't know.
func FuzzOrganizationResponse(f *testing.F) {
	for _, body := range []string{
		``, `null`, `{}`, `[]`, `{"id":7}`, `{"id":0}`, `{"id":-1}`, `{"id":1.5}`, `{"id":"7"}`, `{"id":9223372036854775808}`,
		`{"id":7,"name":null,"settings":null,"creationDateTime":null}`, `{"id":7,"creationDateTime":"2022-03-01T12:00:00.000+00:00"}`,
		`{"id":7,"creationDateTime":"yesterday"}`, `{"id":7,"settings":{"maxItemCount":5,"new":{"a":[1.10,1e400]},"classMappingFiles":[{"ref":"a"},null]}}`,
		`{"id":7,"settings":{"disabledFeatures":["EVALUATION",null]}}`, `{"id":7}{"id":8}`, `{"id":7`, "{\"id\":7,\"name\":\"\xff\"}",
	} {
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body string) {
		org, err := decodeOrganization(&rest.Response{ContentType: "application/json", Body: strings.NewReader(body)})
		if err != nil {
			return
		}
		if org.ID <= 0 {
			t.Fatalf("an organization with the id %d from %q", org.ID, body)
		}
		written, err := Settings{}.applyTo(org.Settings)
		if err != nil {
			t.Fatalf("settings of %q can't be written back: %v", body, err)
		}
		var sent struct {
			Settings json.RawMessage `json:"settings"`
		}
		_ = json.Unmarshal([]byte(body), &sent)
		var values map[string]json.RawMessage
		_ = json.Unmarshal(sent.Settings, &values)
		for name, value := range values {
			if string(written[name]) != string(value) {
				t.Errorf("%s was %s and is written back as %s", name, value, written[name])
			}
		}
	})
}

func FuzzOrganizationList(f *testing.F) {
	for _, body := range []string{``, `null`, `[]`, `{}`, `[null]`, `[{"id":7}]`, `[{"id":7},{"id":8}]`, `[{"id":7}`, `[{"id":7},`, `[{"id":7}] []`, `[1]`} {
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body string) {
		list, err := rest.DecodeList(&rest.Response{ContentType: "application/json", Body: strings.NewReader(body)}, func(element organizationResponse) (organizationResponse, error) { return element, nil })
		var elements []json.RawMessage
		whole := json.Unmarshal([]byte(body), &elements) == nil
		if err == nil && (!whole || len(list) != len(elements)) {
			t.Errorf("got %d organizations of %q", len(list), body)
		}
	})
}
