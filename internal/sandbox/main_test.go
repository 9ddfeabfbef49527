package sandbox_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/textproto"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
	"github.com/guardai/terraform-provider-guardai/internal/sandbox/contracttest"
)

const responseTimeout = 30 * time.Second

// sandboxTest is a listening sandbox whose requests and responses are checked against the OpenAPI document.
type sandboxTest struct {
	*sandbox.Server
	t     *testing.T
	url   string
	token string
}

func newSandboxTest(t *testing.T, cfg sandbox.Config) *sandboxTest {
	t.Helper()
	if cfg.Middleware == nil {
		cfg.Middleware = contracttest.Middleware(t.Errorf, cfg.Unusual)
	}
	server, err := sandbox.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return serve(t, server)
}

func serve(t *testing.T, server *sandbox.Server) *sandboxTest {
	t.Helper()
	listening := httptest.NewServer(server)
	t.Cleanup(func() {
		listening.CloseClientConnections()
		listening.Close()
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	return &sandboxTest{Server: server, t: t, url: listening.URL, token: server.AdminToken()}
}

// asUser returns a copy with the ordinary user's token.
func (b *sandboxTest) asUser() *sandboxTest {
	other := *b
	other.token = b.UserToken()
	return &other
}

// result is a complete response.
type result struct {
	t      *testing.T
	call   string
	status int
	header http.Header
	body   []byte
}

// send sends a request. The body is nil, a string of JSON, or a form.
func (b *sandboxTest) send(method, path string, body any) *result {
	b.t.Helper()
	got, err := b.try(context.Background(), method, path, body)
	if err != nil {
		b.t.Fatalf("%s %s: %s", method, path, err)
	}
	return got
}

func (b *sandboxTest) try(ctx context.Context, method, path string, body any) (*result, error) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(ctx, responseTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, method, b.url+path, http.NoBody)
	if err != nil {
		b.t.Fatal(err)
	}
	switch v := body.(type) {
	case string:
		request.Header.Set("Content-Type", "application/json")
		request.Body, request.ContentLength = io.NopCloser(strings.NewReader(v)), int64(len(v))
	case *form:
		request.Header.Set("Content-Type", v.contentType)
		request.Body, request.ContentLength = io.NopCloser(bytes.NewReader(v.body)), int64(len(v.body))
	}
	if b.token != "" {
		request.Header.Set("Authorization", "Bearer "+b.token)
	}
	transport := &http.Transport{DisableKeepAlives: true}
	response, err := transport.RoundTrip(request)
	if err != nil {
		return nil, err
	}
	defer func() { _ = response.Body.Close() }()
	content, err := io.ReadAll(response.Body)
	text, _ := body.(string)
	call := fmt.Sprintf("%s %s %.100s", method, path, text)
	return &result{t: b.t, call: call, status: response.StatusCode, header: response.Header, body: content}, err
}

// want fails the test unless the response has the status. An error must have a complete body.
func (r *result) want(status int) *result {
	r.t.Helper()
	if r.status != status {
		r.t.Fatalf("%s: status is %d, want %d; body: %s", r.call, r.status, status, r.body)
	}
	if status >= http.StatusBadRequest {
		var failure struct {
			Timestamp, Error, Message, Path string
			Status                          int
		}
		r.decode(&failure)
		if failure.Status != status || failure.Error != http.StatusText(status) || failure.Message == "" || failure.Path == "" {
			r.t.Errorf("the error is not complete: %s", r.body)
		}
	}
	return r
}

func (r *result) decode(into any) {
	r.t.Helper()
	decoder := json.NewDecoder(bytes.NewReader(r.body))
	decoder.UseNumber()
	if err := decoder.Decode(into); err != nil {
		r.t.Fatalf("%s: %s", err, r.body)
	}
}

func (r *result) object() map[string]any {
	r.t.Helper()
	object := map[string]any{}
	r.decode(&object)
	return object
}

func (r *result) text() string {
	r.t.Helper()
	var text string
	r.decode(&text)
	return text
}

func (r *result) settings() map[string]any {
	r.t.Helper()
	settings, _ := r.object()["settings"].(map[string]any)
	return settings
}

// field returns a field of a JSON object, formatted as text.
func (r *result) field(name string) string {
	r.t.Helper()
	value, ok := r.object()[name]
	if !ok {
		r.t.Fatalf("%s: there is no %s: %s", r.call, name, r.body)
	}
	return fmt.Sprint(value)
}

// form is a multipart/form-data body.
type form struct {
	contentType string
	body        []byte
}

// newForm returns a form with one part of the given headers.
func newForm(t *testing.T, disposition, contentType, content string) *form {
	t.Helper()
	var body bytes.Buffer
	writer := multipart.NewWriter(&body)
	header := textproto.MIMEHeader{"Content-Disposition": {disposition}}
	if contentType != "" {
		header.Set("Content-Type", contentType)
	}
	part, err := writer.CreatePart(header)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(part, content); err != nil {
		t.Fatal(err)
	}
	if err := writer.Close(); err != nil {
		t.Fatal(err)
	}
	return &form{writer.FormDataContentType(), body.Bytes()}
}

// csv returns a form that holds a CSV file.
func csv(t *testing.T, name, content string) *form {
	t.Helper()
	return newForm(t, multipart.FileContentDisposition("file", name), "text/csv", content)
}

func organizationURL(id int64, suffix string) string {
	return "/api/v1/organizations/" + strconv.FormatInt(id, 10) + suffix
}

// fileURL returns the path and query of a call about a classmapping file.
func fileURL(id int64, suffix, ref string) string {
	query := url.Values{"type": {"classmapping"}, "ref": {ref}}
	return organizationURL(id, "/file"+suffix) + "?" + query.Encode()
}

func renameURL(id int64, ref, name string) string {
	return fileURL(id, "", ref) + "&" + url.Values{"name": {name}}.Encode()
}

// uploadURL returns the path and query of an upload of a new classmapping file.
func uploadURL(id int64) string { return organizationURL(id, "/file?type=classmapping") }

// wantNames checks the names in a list of objects.
func (r *result) wantNames(want ...string) {
	r.t.Helper()
	var list []struct{ Name string }
	r.want(http.StatusOK).decode(&list)
	got := make([]string, len(list))
	for i := range list {
		got[i] = list[i].Name
	}
	if diff := cmp.Diff(append([]string{}, want...), got); diff != "" {
		r.t.Errorf("%s: %s", r.call, diff)
	}
}
