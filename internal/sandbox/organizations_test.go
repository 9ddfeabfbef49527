package sandbox_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/go-cmp/cmp"

	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
	"github.com/guardai/terraform-provider-guardai/internal/sandbox/contracttest"
)

const organizationsURL = "/api/v1/organizations"

func defaults() map[string]any {
	return map[string]any{
		"disabledFeatures": []any{}, "maxItemCount": json.Number("1000"),
		"maxTimeAllocated": json.Number("360000"), "maxTimePerTask": json.Number("36000"),
	}
}

func TestAddOrganization(t *testing.T) {
	t.Parallel()
	b := newSandboxTest(t, sandbox.Config{})
	b.AddOrganization(sandbox.Organization{ID: 41, Name: "other"})
	added := b.send("POST", organizationsURL, `{"name":"Cars","settings":{"maxItemCount":7,"hint":12345678901234567890.5}}`).
		want(http.StatusCreated).object()
	created, err := time.Parse("2006-01-02T15:04:05.000+00:00", fmt.Sprint(added["creationDateTime"]))
	if err != nil || time.Since(created) > time.Minute {
		t.Errorf("creationDateTime is %v: %v", added["creationDateTime"], err)
	}
	delete(added, "creationDateTime")
	settings := defaults()
	settings["maxItemCount"], settings["hint"] = json.Number("7"), json.Number("12345678901234567890.5")
	want := map[string]any{
		"id": json.Number("42"), "name": "Cars", "timeUsed": json.Number("0"), "settings": settings,
		"stats": map[string]any{"datasetStorage": json.Number("0"), "projectStorage": json.Number("0")},
	}
	if diff := cmp.Diff(want, added); diff != "" {
		t.Error(diff)
	}
	stored, ok := b.Organization(42)
	if !ok || !stored.CreatedAt.Equal(created) {
		t.Errorf("stored is %v, created at %v", stored, created)
	}
	if diff := cmp.Diff(settings, stored.Settings); diff != "" {
		t.Error(diff)
	}
	b.send("POST", organizationsURL, `{"name":"Cars"}`).want(http.StatusCreated) // Names need not be unique.
}

func TestInvalidOrganizationRequests(t *testing.T) {
	t.Parallel()
	b := newSandboxTest(t, sandbox.Config{})
	org := b.AddOrganization(sandbox.Organization{Name: "Cars"})
	bodies := map[string]string{
		"no JSON":               `{"name"`,
		"nothing":               ``,
		"more than JSON":        `{"name":"a"} {}`,
		"no object":             `[]`,
		"null":                  `null`,
		"blank name":            `{"name":" \t"}`,
		"name is a number":      `{"name":1}`,
		"name is null":          `{"name":null}`,
		"settings are null":     `{"name":"a","settings":null}`,
		"quota is null":         `{"name":"a","settings":{"maxItemCount":null}}`,
		"file ref is null":      `{"name":"a","settings":{"classMappingFiles":[{"ref":null}]}}`,
		"settings are a list":   `{"name":"a","settings":[]}`,
		"unknown feature":       `{"name":"a","settings":{"disabledFeatures":["EVAL"]}}`,
		"feature is a number":   `{"name":"a","settings":{"disabledFeatures":[1]}}`,
		"features are text":     `{"name":"a","settings":{"disabledFeatures":"EVALUATION"}}`,
		"quota under int32":     `{"name":"a","settings":{"maxItemCount":-2147483649}}`,
		"quota over int32":      `{"name":"a","settings":{"maxTimePerTask":2147483648}}`,
		"quota is a fraction":   `{"name":"a","settings":{"maxTimeAllocated":1.5}}`,
		"quota is text":         `{"name":"a","settings":{"maxTimeAllocated":"1"}}`,
		"files are an object":   `{"name":"a","settings":{"classMappingFiles":{}}}`,
		"file is text":          `{"name":"a","settings":{"classMappingFiles":["x"]}}`,
		"file ref is a number":  `{"name":"a","settings":{"classMappingFiles":[{"ref":1}]}}`,
		"file dataset is text":  `{"name":"a","settings":{"classMappingFiles":[{"datasetId":"1"}]}}`,
		"dataset is a fraction": `{"name":"a","settings":{"classMappingFiles":[{"datasetId":1.5}]}}`,
	}
	for _, body := range bodies {
		b.send("POST", organizationsURL, body).want(http.StatusBadRequest)
		b.send("PUT", organizationURL(org.ID, ""), body).want(http.StatusBadRequest)
	}
	b.send("POST", organizationURL(org.ID, "/copy"), `{"name":""}`).want(http.StatusBadRequest)
	b.send("POST", organizationURL(org.ID, "/copy"), ``).want(http.StatusBadRequest)
	b.send("POST", organizationURL(org.ID, "/copy"), nil).want(http.StatusUnsupportedMediaType)
	b.send("POST", organizationsURL, nil).want(http.StatusUnsupportedMediaType)
	b.send("POST", organizationsURL, csv(t, "a", "b")).want(http.StatusUnsupportedMediaType)
	if got := len(b.Organizations()); got != 1 {
		t.Errorf("there are %d organizations, want 1", got)
	}
	if got, _ := b.Organization(org.ID); !cmp.Equal(org, got) {
		t.Error(cmp.Diff(org, got))
	}
}

func TestUpdateReplacesAllSettings(t *testing.T) {
	t.Parallel()
	b := newSandboxTest(t, sandbox.Config{})
	org := b.AddOrganization(sandbox.Organization{Name: "Cars", Settings: map[string]any{
		"maxItemCount": 5, "disabledFeatures": []string{"EVALUATION"}, "retentionDays": 90,
	}})
	file := b.AddFile(org.ID, sandbox.File{Name: "a.csv", Content: []byte("a")})
	path := organizationURL(org.ID, "")

	kept := b.send("GET", path, nil).want(http.StatusOK).settings()
	kept["maxItemCount"] = 6
	body, err := json.Marshal(map[string]any{"settings": kept})
	if err != nil {
		t.Fatal(err)
	}
	sentBack := b.send("PUT", path, string(body)).want(http.StatusOK)
	settings := sentBack.settings()
	if sentBack.field("name") != "Cars" || settings["retentionDays"] != json.Number("90") || settings["classMappingFiles"] == nil {
		t.Errorf("what the request sent back was not kept: %s", sentBack.body)
	}

	got := b.send("PUT", path, `{"name":"Vans","settings":{"maxItemCount":8,"more":{"a":[null,1e2]}}}`).want(http.StatusOK).object()
	want := defaults()
	want["maxItemCount"] = json.Number("8")
	want["more"] = map[string]any{"a": []any{nil, json.Number("1e2")}}
	if diff := cmp.Diff(want, got["settings"]); diff != "" || got["name"] != "Vans" {
		t.Errorf("name %v, settings %s", got["name"], diff)
	}
	if f, ok := b.File(org.ID, "classmapping", file.Ref); !ok || !f.Unlisted {
		t.Errorf("the file is %v, %v; want it unlisted", f, ok)
	}
	b.send("GET", fileURL(org.ID, "", file.Ref), nil).want(http.StatusOK)

	got = b.send("PUT", path, `{}`).want(http.StatusOK).object()
	if diff := cmp.Diff(defaults(), got["settings"]); diff != "" || got["name"] != "Vans" {
		t.Errorf("name %v, settings %s", got["name"], diff)
	}
}

func TestCopyOrganization(t *testing.T) {
	t.Parallel()
	b := newSandboxTest(t, sandbox.Config{})
	source := b.AddOrganization(sandbox.Organization{
		Name: "Cars", Settings: map[string]any{"maxItemCount": 5, "retentionDays": 90},
		Stats: sandbox.Stats{DatasetStorage: 1}, TimeUsed: 2,
	})
	copyURL := organizationURL(source.ID, "/copy")

	got := b.copied(b.send("POST", copyURL, `{}`).want(http.StatusCreated))
	want := sandbox.Organization{
		ID: got.ID, CreatedAt: got.CreatedAt, Name: "Cars (copy)",
		Settings: map[string]any{"maxItemCount": json.Number("5"), "retentionDays": json.Number("90")},
	}
	if diff := cmp.Diff(want, got); diff != "" || got.ID == source.ID {
		t.Error(diff)
	}
	got = b.copied(b.send("POST", copyURL, `{"name":"Vans","settings":{"maxItemCount":6}}`).want(http.StatusCreated))
	settings := defaults()
	settings["maxItemCount"] = json.Number("6")
	want = sandbox.Organization{ID: got.ID, CreatedAt: got.CreatedAt, Name: "Vans", Settings: settings}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// copied returns the organization that a copy call created.
func (b *sandboxTest) copied(r *result) sandbox.Organization {
	b.t.Helper()
	id, err := strconv.ParseInt(r.field("id"), 10, 64)
	if err != nil {
		b.t.Fatal(err)
	}
	org, _ := b.Organization(id)
	return org
}

func TestCopyCopiesFiles(t *testing.T) {
	t.Parallel()
	b := newSandboxTest(t, sandbox.Config{})
	source := b.AddOrganization(sandbox.Organization{Name: "Cars"})
	b.AddFile(source.ID, sandbox.File{Ref: "a", Name: "a.csv", Content: []byte("aaa"), ProjectIDs: []int64{1}})
	b.AddFile(source.ID, sandbox.File{Ref: "b", Name: "b", Type: "other", Content: []byte("bbb")})
	for _, body := range []string{`{}`, `{"name":"Vans","settings":{"maxItemCount":6}}`} {
		target := b.copied(b.send("POST", organizationURL(source.ID, "/copy"), body).want(http.StatusCreated))
		got := b.Files(target.ID)
		if len(got) != 2 {
			t.Fatalf("there are %d files, want 2", len(got))
		}
		want := []sandbox.File{
			{Ref: got[0].Ref, Type: "classmapping", Name: "a.csv", Content: []byte("aaa")},
			{Ref: got[1].Ref, Type: "other", Name: "b", Content: []byte("bbb"), Unlisted: true},
		}
		if diff := cmp.Diff(want, got); diff != "" || got[0].Ref == "a" {
			t.Errorf("ref %s: %s", got[0].Ref, diff)
		}
		b.wantListing(target.ID, fmt.Sprintf(`[{"ref":%q,"fileName":"a.csv","contentType":""}]`, got[0].Ref))
	}
	b.wantListing(source.ID, `[{"ref":"a","fileName":"a.csv","contentType":""}]`)
	b.DeleteOrganization(source.ID)
	copied := b.Files(source.ID + 1)[0]
	if got := b.send("GET", fileURL(source.ID+1, "", copied.Ref), nil).want(http.StatusOK); string(got.body) != "aaa" {
		t.Errorf("the copied file holds %q", got.body)
	}
}

// The document accepts the same requests as the sandbox, unless their feature is unknown.
func TestDocumentAgreesWithSandbox(t *testing.T) {
	t.Parallel()
	document, err := contracttest.Document()
	if err != nil {
		t.Fatal(err)
	}
	b := newSandboxTest(t, sandbox.Config{})
	org := b.AddOrganization(sandbox.Organization{Name: "Cars"})
	create, update := document.Paths.Value(organizationsURL).Post, document.Paths.Value(organizationsURL+"/{id}").Put
	for _, body := range []string{
		`{}`, `{"name":null}`, `{"name":""}`, `{"name":" \t"}`, `{"name":1}`, `{"name":"a","more":null}`, `{"settings":{}}`, `{"name":"a","settings":null}`,
		`{"name":"a","settings":{"maxItemCount":null}}`, `{"name":"a","settings":{"maxItemCount":-2147483648}}`, `{"name":"a","settings":{"maxItemCount":2147483648}}`,
		`{"name":"a","settings":{"maxTimePerTask":1.5}}`, `{"name":"a","settings":{"disabledFeatures":null}}`, `{"name":"a","settings":{"disabledFeatures":[]}}`,
		`{"name":"a","settings":{"classMappingFiles":[{"ref":null}]}}`, `{"name":"a","settings":{"classMappingFiles":[{"ref":"r","more":null}]}}`,
	} {
		for operation, got := range map[*openapi3.Operation]*result{
			create: b.send("POST", organizationsURL, body), update: b.send("PUT", organizationURL(org.ID, ""), body),
		} {
			var value any
			if err := json.Unmarshal([]byte(body), &value); err != nil {
				t.Fatal(err)
			}
			documented := operation.RequestBody.Value.Content["application/json"].Schema.Value.VisitJSON(value)
			if (documented == nil) != (got.status < http.StatusBadRequest) {
				t.Errorf("%s: the status is %d, but the document says %v", got.call, got.status, documented)
			}
		}
	}
}
