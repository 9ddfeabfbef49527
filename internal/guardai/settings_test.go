package guardai

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// A malformed setting is nil and described; the others are there.
func TestMalformedSettings(t *testing.T) {
	t.Parallel()
	var settings Settings
	err := json.Unmarshal([]byte(`{"disabledFeatures":{},"maxItemCount":1.5,"maxTimeAllocated":"1","maxTimePerTask":7,"classMappingFiles":[{"ref":"a"},5]}`), &settings)
	if err != nil {
		t.Fatal(err)
	}
	if settings.DisabledFeatures != nil || settings.MaxItemCount != nil || settings.ClassMappingFiles != nil || *settings.MaxTimePerTask != 7 {
		t.Errorf("got %+v", settings)
	}
	for _, words := range []string{"disabledFeatures is not a list of texts", `maxItemCount is not a whole number: "1.5"`, "maxTimeAllocated", "classMappingFiles is not a list of files"} {
		if !strings.Contains(settings.Err().Error(), words) {
			t.Errorf("%q is not in %v", words, settings.Err())
		}
	}
	if settings.FilesErr() == nil {
		t.Error("the list of files can be used")
	}
}

// An update of an organization with a malformed setting writes nothing, and no file of one seems to be gone.
func TestMalformedSettingsAreNoBasis(t *testing.T) {
	t.Parallel()
	for body, readable := range map[string]bool{`{"maxItemCount":"5"}`: true, `{"classMappingFiles":{}}`: false} {
		p := newPlatform(t, func(w http.ResponseWriter, r *http.Request) {
			response := `{"id":7,"name":"x","settings":` + body + `}`
			if r.URL.Path == organizationsPath {
				response = `[` + response + `]`
			}
			respond(200, "application/json", response)(w, r)
		})
		client := p.client(t)
		if _, err := client.UpdateOrganization(background(t), 7, OrganizationChange{Name: "y"}); err == nil || p.count(http.MethodPut) != 0 {
			t.Errorf("%s: got %v after %d writes", body, err, p.count(http.MethodPut))
		}
		if _, err := client.ListOrganizations(background(t)); err != nil {
			t.Errorf("%s: the list got %v", body, err)
		}
		if _, err := client.GetOrganization(background(t), 7); (err == nil) != readable {
			t.Errorf("%s: the read got %v", body, err)
		}
	}
}

// A malformed field of one organization doesn't make the list unreadable.
func TestMalformedOrganizationInAList(t *testing.T) {
	t.Parallel()
	for field, value := range map[string]string{"creationDateTime": "1646136000000", "stats": `{"datasetStorage":1.5}`, "timeUsed": `"1h"`, "settings": "[]"} {
		fields := map[string]string{"id": "7", "name": `"x"`, "settings": "{}", field: value}
		var members []string
		for name, value := range fields {
			members = append(members, fmt.Sprintf("%q:%s", name, value))
		}
		p := newPlatform(t, respond(200, "application/json", `[{`+strings.Join(members, ",")+`},{"id":8,"name":"y","settings":{}}]`))
		all, err := p.client(t).ListOrganizations(background(t))
		if err != nil || len(all) != 2 || all[1].Settings.Err() != nil || all[0].Settings.Err() == nil || !strings.Contains(all[0].Settings.Err().Error(), field+" is not") {
			t.Errorf("%s: got %v, %v", field, all, err)
			continue
		}
		if (all[0].Settings.FilesErr() == nil) != (field != "settings") {
			t.Errorf("%s: the files got %v", field, all[0].Settings.FilesErr())
		}
	}
}
