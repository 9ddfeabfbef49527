package sandbox_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/go-cmp/cmp"

	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
	"github.com/guardai/terraform-provider-guardai/internal/sandbox/contracttest"
)

const organizationsURL = "/api/v1/organizations"

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
		`[]`, `null`, `{"name":"a","settings":[]}`, `{"name":"a","settings":{"maxItemCount":-2147483649}}`, `{"name":"a","settings":{"maxTimeAllocated":"1"}}`,
		`{"name":"a","settings":{"disabledFeatures":"EVALUATION"}}`, `{"name":"a","settings":{"classMappingFiles":{}}}`, `{"name":"a","settings":{"classMappingFiles":[{"datasetId":1.5}]}}`,
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
