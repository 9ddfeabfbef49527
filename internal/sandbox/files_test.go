package sandbox_test

import (
	"fmt"
	"mime"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

func TestUpload(t *testing.T) {
	t.Parallel()
	b := newSandboxTest(t, sandbox.Config{})
	org := b.AddOrganization(sandbox.Organization{Name: "Cars", Settings: map[string]any{"keep": "this"}})
	ref := b.send("POST", uploadURL(org.ID)+"&datasetId=9", csv(t, "a.csv", "1,2\n")).want(http.StatusCreated).text()

	dataset := int64(9)
	want := sandbox.File{
		Ref: ref, Type: "classmapping", Name: "a.csv", ContentType: "text/csv", DatasetID: &dataset, Content: []byte("1,2\n"),
	}
	if got, ok := b.File(org.ID, "classmapping", ref); !ok || !cmp.Equal(want, got) {
		t.Errorf("the file is %v: %s", ok, cmp.Diff(want, got))
	}
	listed := fmt.Sprintf(`[{"contentType":"text/csv","datasetId":9,"fileName":"a.csv","ref":%q}]`, ref)
	b.wantListing(org.ID, listed)
	got := b.send("GET", fileURL(org.ID, "", ref), nil).want(http.StatusOK)
	if string(got.body) != "1,2\n" || got.header.Get("Content-Type") != "text/csv" || got.header.Get("Content-Length") != "4" {
		t.Errorf("the download is %q with %v", got.body, got.header)
	}
	if got.header.Get("Content-Disposition") != "" {
		t.Error("the download shows the file's name, of which the contract says nothing")
	}
	if stored, _ := b.Organization(org.ID); stored.Settings["keep"] != "this" {
		t.Errorf("the upload changed other settings: %v", stored.Settings)
	}
}

// wantListing checks classMappingFiles as the API shows it.
func (b *sandboxTest) wantListing(id int64, want string) {
	b.t.Helper()
	var actual, expected any
	actual = b.send("GET", organizationURL(id, ""), nil).want(http.StatusOK).settings()["classMappingFiles"]
	(&result{t: b.t, body: []byte(want)}).decode(&expected)
	if diff := cmp.Diff(expected, actual); diff != "" {
		b.t.Error(diff)
	}
}

func TestUploadReplacesFile(t *testing.T) {
	t.Parallel()
	b := newSandboxTest(t, sandbox.Config{})
	org := b.AddOrganization(sandbox.Organization{Name: "Cars"})
	first := b.AddFile(org.ID, sandbox.File{Ref: "a", Name: "a.csv", ContentType: "text/csv", ProjectIDs: []int64{4}})
	b.AddFile(org.ID, sandbox.File{Ref: "b", Name: "b.csv", ContentType: "text/csv"})

	got := b.send("POST", fileURL(org.ID, "", "a"), newForm(t, `form-data; name="file"`, "text/plain", "new")).want(http.StatusOK)
	if got.text() != "a" {
		t.Errorf("the ref is %s", got.body)
	}
	b.wantListing(org.ID, `[{"ref":"a","fileName":"a.csv","contentType":"text/plain"},{"ref":"b","fileName":"b.csv","contentType":"text/csv"}]`)
	if f, _ := b.File(org.ID, "classmapping", "a"); string(f.Content) != "new" || !cmp.Equal(f.ProjectIDs, first.ProjectIDs) {
		t.Errorf("the file is %+v", f)
	}
	b.send("POST", fileURL(org.ID, "", "a")+"&datasetId=3", csv(t, "c.csv", "newer")).want(http.StatusOK)
	b.wantListing(org.ID, `[{"ref":"a","fileName":"c.csv","contentType":"text/csv","datasetId":3},{"ref":"b","fileName":"b.csv","contentType":"text/csv"}]`)
	b.send("POST", fileURL(org.ID, "", "unknown"), csv(t, "c.csv", "x")).want(http.StatusNotFound)
	b.send("POST", fileURL(org.ID, "", ""), csv(t, "c.csv", "x")).want(http.StatusNotFound)
	if got := len(b.Files(org.ID)); got != 2 {
		t.Errorf("there are %d files", got)
	}
}

func TestFileNames(t *testing.T) {
	t.Parallel()
	b := newSandboxTest(t, sandbox.Config{})
	org := b.AddOrganization(sandbox.Organization{Name: "Cars"})
	long := strings.Repeat("ä", 125) + ".csv" + "x"
	for disposition, want := range map[string]string{
		`form-data; name="file"; filename="a \"b\" \\ c.csv"`:                                              ` c.csv`,
		`form-data; name="file"; filename="größe 車.csv"`:                                                   "größe 車.csv",
		`form-data; name="file"; filename="` + long + `"`:                                                  long,
		`form-data; name="file"; filename*=UTF-8''gr%C3%B6%C3%9Fe%20%22x%22.csv`:                           `größe "x".csv`,
		`form-data; name="file"; filename="x.csv"; filename*=UTF-8'de'gr%C3%B6sse.csv`:                     "grösse.csv",
		`form-data; name="file"; filename*0="long-"; filename*1="name.csv"`:                                "long-name.csv",
		`form-data; name=file; filename=plain.csv`:                                                         "plain.csv",
		`form-data; name="file"; filename="dir/../name;x=1.csv"`:                                           "name;x=1.csv",
		`form-data; name="file"; filename="C:\\maps\\a.csv"`:                                               "a.csv",
		`form-data; name="file"; filename="a \"b\" c.csv"`:                                                 `a "b" c.csv`,
		mime.FormatMediaType("form-data", map[string]string{"name": "file", "filename": "naïve name.csv"}): "naïve name.csv",
	} {
		ref := b.send("POST", uploadURL(org.ID), newForm(t, disposition, "text/csv", "x")).want(http.StatusCreated).text()
		if got, _ := b.File(org.ID, "classmapping", ref); got.Name != want {
			t.Errorf("%s: the name is %q, want %q", disposition, got.Name, want)
		}
	}
	file := b.AddFile(org.ID, sandbox.File{Name: "dir/a.csv"})
	if file.Name != "dir/a.csv" {
		t.Errorf("the name is %q", file.Name)
	}
	for name, want := range map[string]string{"b/c.csv": "c.csv", `d\e/f.csv`: "f.csv", "g.csv": "g.csv"} {
		b.send("PUT", renameURL(org.ID, file.Ref, name), nil).want(http.StatusOK)
		if got, _ := b.File(org.ID, "classmapping", file.Ref); got.Name != want {
			t.Errorf("%s: the name is %q, want %q", name, got.Name, want)
		}
	}
	b.send("PUT", renameURL(org.ID, file.Ref, "a/"), nil).want(http.StatusBadRequest)
}

func TestInvalidUploads(t *testing.T) {
	t.Parallel()
	b := newSandboxTest(t, sandbox.Config{})
	org := b.AddOrganization(sandbox.Organization{Name: "Cars"})
	good := csv(t, "a.csv", strings.Repeat("x", 5000))
	cut := func(n int) *form { return &form{good.contentType, good.body[:len(good.body)-n]} }
	for _, body := range map[string]*form{
		"another part":      newForm(t, `form-data; name="other"; filename="a.csv"`, "text/csv", "x"),
		"no disposition":    newForm(t, ``, "text/csv", "x"),
		"a folder's name":   newForm(t, `form-data; name="file"; filename="a/"`, "text/csv", "x"),
		"no file name":      newForm(t, `form-data; name="file"`, "text/csv", "x"),
		"name is not UTF-8": newForm(t, "form-data; name=\"file\"; filename=\"\xff\"", "text/csv", "x"),
		"empty":             {good.contentType, nil},
		"no boundary":       {"multipart/form-data", good.body},
		"cut in content":    cut(1000),
		"cut in boundary":   cut(10),
		"cut before --":     cut(4),
	} {
		b.send("POST", uploadURL(org.ID), body).want(http.StatusBadRequest)
	}
	b.send("POST", uploadURL(org.ID), `{}`).want(http.StatusUnsupportedMediaType)
	b.send("POST", organizationURL(org.ID, "/file"), good).want(http.StatusBadRequest)
	b.send("POST", organizationURL(org.ID, "/file?type="), good).want(http.StatusBadRequest)
	b.send("POST", uploadURL(org.ID)+"&datasetId=x", good).want(http.StatusBadRequest)
	b.send("POST", organizationURL(org.ID, "/file?type=classmapping&ref=%zz"), good).want(http.StatusBadRequest)
	if got := b.Files(org.ID); len(got) != 0 {
		t.Errorf("a refused upload left %v", got)
	}
	if got, _ := b.Organization(org.ID); got.Settings["classMappingFiles"] != nil {
		t.Errorf("a refused upload is listed: %v", got.Settings)
	}
}

func TestMissingFileParameters(t *testing.T) {
	t.Parallel()
	b := newSandboxTest(t, sandbox.Config{})
	org := b.AddOrganization(sandbox.Organization{Name: "Cars"})
	b.AddFile(org.ID, sandbox.File{Ref: "a", Name: "a.csv"})
	for _, call := range []string{
		"GET /file?ref=a", "GET /file?type=classmapping", "GET /file?ref=a&type=%20", "DELETE /file?ref=a",
		"DELETE /file?type=classmapping", "PUT /file?ref=a&type=classmapping", "PUT /file?ref=a&name=b",
		"PUT /file?type=classmapping&name=b", "PUT /file?type=classmapping&ref=a&name=%20",
		"GET /file/usage?ref=a", "GET /file/usage?type=classmapping",
	} {
		method, path, _ := strings.Cut(call, " ")
		b.send(method, organizationURL(org.ID, path), nil).want(http.StatusBadRequest)
	}
	b.send("GET", organizationURL(org.ID, "/file?ref=a&type=other"), nil).want(http.StatusNotFound)
}

func TestRenameDeleteAndUsage(t *testing.T) {
	t.Parallel()
	b := newSandboxTest(t, sandbox.Config{})
	org := b.AddOrganization(sandbox.Organization{Name: "Cars"})
	ref := `a/b%2F?c#d e+f"ü`
	b.AddFile(org.ID, sandbox.File{Ref: ref, Name: "a.csv", ContentType: "text/csv", ProjectIDs: []int64{3, 1 << 53}})
	b.AddFile(org.ID, sandbox.File{Ref: "b", Name: "b.csv"})

	if got := b.send("GET", fileURL(org.ID, "/usage", ref), nil).want(http.StatusOK); string(got.body) != "[3,9007199254740992]" {
		t.Errorf("usage is %s", got.body)
	}
	if got := b.send("GET", fileURL(org.ID, "/usage", "b"), nil).want(http.StatusOK); string(got.body) != "[]" {
		t.Errorf("usage is %s", got.body)
	}
	got := b.send("PUT", renameURL(org.ID, ref, "new name.csv"), nil).want(http.StatusOK)
	if len(got.body) != 0 {
		t.Errorf("the response has a body: %s", got.body)
	}
	b.wantListing(org.ID, fmt.Sprintf(`[{"ref":%q,"fileName":"new name.csv","contentType":"text/csv"},{"ref":"b","fileName":"b.csv","contentType":""}]`, ref))
	b.send("DELETE", fileURL(org.ID, "", ref), nil).want(http.StatusNoContent)
	b.wantListing(org.ID, `[{"ref":"b","fileName":"b.csv","contentType":""}]`)
	b.send("GET", fileURL(org.ID, "", ref), nil).want(http.StatusNotFound)
	b.send("DELETE", fileURL(org.ID, "", ref), nil).want(http.StatusNotFound)
	b.send("DELETE", fileURL(org.ID, "", "b"), nil).want(http.StatusNoContent)
	b.wantListing(org.ID, `[]`)
}

// wantContents checks the number of content files in a state folder.
func wantContents(t *testing.T, dir string, want int) {
	t.Helper()
	contents, err := filepath.Glob(filepath.Join(dir, "content-*"))
	if err != nil || dir != "" && len(contents) != want {
		t.Errorf("the folder holds %v, want %d contents: %v", contents, want, err)
	}
}

func TestAbortedUploadLeavesNothing(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "state")
	b := newSandboxTest(t, sandbox.Config{StateDir: dir})
	org := b.AddOrganization(sandbox.Organization{Name: "Cars"})
	upload := csv(t, "large", strings.Repeat("x", 2<<20))
	connection, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", strings.TrimPrefix(b.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	_, _ = fmt.Fprintf(connection, "POST %s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n",
		uploadURL(org.ID), b.token, upload.contentType, len(upload.body))
	_, _ = connection.Write(upload.body[:len(upload.body)-100])
	_ = connection.Close()
	b.waitUntil(func() bool { r := b.Requests(); return len(r) == 1 && r[0].Duration > 0 })
	if got := b.Files(org.ID); len(got) != 0 {
		t.Errorf("a broken upload left %d files", len(got))
	}
	b.send("POST", uploadURL(org.ID), &form{upload.contentType, upload.body[:len(upload.body)-4]}).want(http.StatusBadRequest)
	b.send("POST", uploadURL(404), upload).want(http.StatusNotFound)
	wantContents(t, dir, 0)
}

// waitUntil waits for a condition on the server. It may be called from any goroutine.
func (b *sandboxTest) waitUntil(done func() bool) {
	b.t.Helper()
	for deadline := time.Now().Add(10 * time.Second); !done(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			b.t.Error("it didn't happen")
			return
		}
	}
}

// A client that is still sending can read why its request was rejected.
func TestRejectedUploadGetsResponse(t *testing.T) {
	t.Parallel()
	b := newSandboxTest(t, sandbox.Config{})
	upload := csv(t, "large", strings.Repeat("x", 8<<20))
	b.send("POST", uploadURL(404), upload).want(http.StatusNotFound)
	b.Inject(sandbox.Fault{Kind: sandbox.FaultStatus, Status: http.StatusServiceUnavailable})
	b.send("POST", uploadURL(404), upload).want(http.StatusServiceUnavailable)
	b.token = "none"
	b.send("POST", uploadURL(404), upload).want(http.StatusUnauthorized)
}
