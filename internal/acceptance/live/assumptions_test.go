package live_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
)

// The verdicts on an assumption.
const (
	holds    = "holds"
	fails    = "doesn't hold"
	notTried = "couldn't be tried"
)

// finding says whether an assumption holds, and what was seen.
type finding struct{ verdict, assumption, observation string }

func (f finding) String() string {
	return fmt.Sprintf("%-17s  %s: %s", f.verdict, f.assumption, f.observation)
}

// prober checks assumptions with plain requests, which, unlike the client's, show everything.
type prober struct {
	t        *testing.T
	host     string
	token    string
	http     *http.Client
	findings []finding
}

// checkAssumptions checks what the API's documentation leaves open. The provider works either way.
func (p *platform) checkAssumptions(t *testing.T) []finding {
	t.Helper()
	token, err := p.client(t).Token(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	transport, _ := http.DefaultTransport.(*http.Transport)
	transport = transport.Clone()
	// A compressed response must be seen as such.
	transport.DisableCompression = true
	t.Cleanup(transport.CloseIdleConnections)
	probe := &prober{t: t, host: strings.TrimRight(p.config.Host, "/"), token: token.JWT, http: &http.Client{Transport: transport}}
	path, created := probe.create()
	if !created.ok() {
		t.Errorf("no organization can be created, so nothing else can be tried: %s", created)
		return probe.findings
	}
	probe.lists(created)
	probe.updates(path)
	probe.files(path)
	probe.definitions(created, "transform", "id", path+"/transforms")
	probe.definitions(created, "metric", "uid", "/api/v1/metrics")
	probe.deleteTwice("an organization", path)
	return probe.findings
}

// check adds a finding. tried is whether the requests succeeded without which there is nothing to see.
func (p *prober) check(assumption string, tried, right bool, observation any) {
	verdict := fails
	switch {
	case !tried:
		verdict = notTried
	case right:
		verdict = holds
	}
	p.findings = append(p.findings, finding{verdict, assumption, fmt.Sprint(observation)})
}

func (p *prober) status(call string, r response, want int) {
	p.check(fmt.Sprintf("%s responds %d", call, want), r.ok(), r.status == want, r)
}

const (
	organizations = "/api/v1/organizations"
	// unknown is a setting that the documentation lacks.
	unknown = "tfaccUnknown"
)

func (p *prober) create() (path string, created response) {
	// In the decomposed form (NFD), ü is two characters.
	name := newName("probe-u\u0308")
	created = p.send(http.MethodPost, organizations, map[string]any{"name": name, "settings": map[string]any{"maxItemCount": 5, unknown: "x"}})
	if !created.ok() {
		return "", created
	}
	path = organizations + "/" + created.text("id")
	p.status("creating an organization", created, http.StatusCreated)
	read := p.send(http.MethodGet, path, nil)
	p.check("a new organization can be read at once", true, read.ok(), read)
	p.check("the name of an organization is stored as sent, not normalized", read.ok(), read.text("name") == name, fmt.Sprintf("%+q", read.text("name")))
	p.check("a setting that the documentation lacks is stored", read.ok(), read.setting(unknown) != nil, read.settings())
	twin := p.send(http.MethodPost, organizations, map[string]any{"name": name})
	p.check("names of organizations need not be unique", true, twin.ok(), twin)
	p.check("settings that a create omits get defaults", twin.ok(), twin.setting("maxItemCount") != nil, twin.settings())
	return path, created
}

func (p *prober) lists(created response) {
	list := p.send(http.MethodGet, organizations, nil)
	var all []map[string]any
	_ = json.Unmarshal(list.body, &all)
	listed, complete := false, true
	for _, org := range all {
		listed = listed || fmt.Sprint(org["id"]) == created.text("id")
		complete = complete && org["name"] != nil && org["settings"] != nil
	}
	p.check("the list of organizations shows a new one at once", list.ok(), listed, fmt.Sprintf("%s, %d organizations", list, len(all)))
	p.check("the list has the name and the settings of every organization", list.ok(), complete, list)
	p.check("a 403 has the form of the platform's own errors", list.status == http.StatusForbidden, list.isOwnError(), list)
}

func (p *prober) updates(path string) {
	stored := p.send(http.MethodGet, path, nil).setting(unknown) != nil
	name := newName("probe")
	updated := p.send(http.MethodPut, path, map[string]any{"name": name, "settings": map[string]any{"maxTimePerTask": 7}})
	p.status("updating an organization", updated, http.StatusOK)
	read := p.send(http.MethodGet, path, nil)
	tried := updated.ok() && read.ok()
	p.check("an update can be read at once", tried, read.text("name") == name, read.text("name"))
	p.check("an update replaces all settings", tried, fmt.Sprint(read.setting("maxItemCount")) != "5", read.settings())
	p.check("an update also removes settings that the documentation lacks", tried && stored, read.setting(unknown) == nil, read.settings())
	p.check("settings that an update omits get defaults", tried, read.setting("maxTimeAllocated") != nil, read.settings())
	bare := p.send(http.MethodPut, path, map[string]any{"name": name})
	read = p.send(http.MethodGet, path, nil)
	p.check("an update without settings removes them too", bare.ok() && read.ok(), fmt.Sprint(read.setting("maxTimePerTask")) != "7", read.settings())
	stat := p.send(http.MethodGet, path+"/stat", nil)
	read = p.send(http.MethodGet, path, nil)
	p.check("an organization has stats once they are refreshed", stat.ok() && read.ok(), read.value("stats") != nil, fmt.Sprintf("%s, then %v", stat, read.value("stats")))
}

func (p *prober) files(path string) {
	// The first name is in the decomposed form (NFD).
	const name, second, third, content = "tfacc-u\u0308.csv", "tfacc-2.csv", "tfacc-3.csv", "id,class\n"
	path += "/file"
	upload := p.upload(path, "", name, content)
	ref := upload.ref()
	p.status("uploading a file", upload, http.StatusCreated)
	p.check("an upload responds with a JSON string", upload.ok(), json.Valid(upload.body), upload.form())
	entry := p.entry(path, ref)
	p.check("a new file is listed at once", upload.ok(), entry != nil, entry)
	p.check("the name of a file is stored as sent, not normalized", entry != nil, entry["fileName"] == name, fmt.Sprintf("%+q", entry["fileName"]))
	p.check("the content type of a file is that of the form part", entry != nil, entry["contentType"] == "text/csv", entry["contentType"])
	download := p.send(http.MethodGet, path+query(ref, ""), nil)
	p.check("a download is what was uploaded", upload.ok(), string(download.body) == content, download)
	download = p.send(http.MethodGet, path+query(ref, ""), nil, "Accept-Encoding", "gzip")
	p.check("a download isn't compressed even if the client accepts gzip", download.ok(), download.header.Get("Content-Encoding") == "", fmt.Sprintf("Content-Encoding %q", download.header.Get("Content-Encoding")))

	again := p.upload(path, ref, second, content+"1\n")
	newRef := again.ref()
	p.status("uploading to an existing ref", again, http.StatusOK)
	p.check("uploading to an existing ref keeps the ref", again.ok(), newRef == ref, fmt.Sprintf("%q, then %q", ref, newRef))
	entry = p.entry(path, newRef)
	p.check("uploading to an existing ref renames the file", entry != nil, entry["fileName"] == second, entry)
	rename := p.send(http.MethodPut, path+query(newRef, third), nil)
	p.status("renaming a file", rename, http.StatusOK)
	entry = p.entry(path, newRef)
	p.check("a renamed file keeps its ref, and is listed with its name at once", rename.ok(), entry["fileName"] == third, entry)

	update := p.send(http.MethodPut, strings.TrimSuffix(path, "/file"), map[string]any{"name": newName("probe"), "settings": map[string]any{}})
	p.check("an update of the organization that omits classMappingFiles empties the list", update.ok() && entry != nil, p.entry(path, newRef) == nil, update)
	download = p.send(http.MethodGet, path+query(newRef, ""), nil)
	p.check("a file that isn't listed can still be downloaded", update.ok(), download.ok(), download)
	p.deleteTwice("a file", path+query(newRef, ""))
}

// definitions probes a custom transform or metric, whose id is in a field. list is where the client looks for a new one.
func (p *prober) definitions(organization response, kind, idField, list string) {
	object, all := "a "+kind, "/api/v1/"+kind+"s"
	created := p.send(http.MethodPost, all+"?"+url.Values{"id": {organization.text("id")}, "name": {"tfacc-1"}}.Encode(), nil)
	p.status("creating "+object, created, http.StatusCreated)
	path := all + "/" + url.PathEscape(created.text(idField))
	read := p.send(http.MethodGet, path, nil)
	p.check("the path of "+object+" has its "+idField, created.ok(), read.ok() && read.text("name") == "tfacc-1", read)
	listed := p.send(http.MethodGet, list, nil)
	p.check("the list that should show "+object+" shows a new one at once", created.ok() && listed.ok(), contains(listed, idField, created.text(idField)), listed)
	code := p.send(http.MethodGet, path+"/data", nil)
	p.check("downloading the code of "+object+" that has none responds 404", created.ok(), code.status == http.StatusNotFound, code)
	const number = "0.12345678901234567890"
	updated := p.send(http.MethodPut, path, json.RawMessage(`{"name":"tfacc-2","tasks":["x"],"params":[{"n":`+number+`}],"`+unknown+`":1}`))
	read = p.send(http.MethodGet, path, nil)
	tried := updated.ok() && read.ok()
	p.check("an update of "+object+" can be read at once", tried, read.text("name") == "tfacc-2", read.text("name"))
	p.check("the numbers of "+object+" keep every digit", tried, strings.Contains(read.text("params"), number), read.text("params"))
	p.check("an update of "+object+" stores what the documentation lacks", tried, read.value(unknown) != nil, read.form())
	updated = p.send(http.MethodPut, path, map[string]any{"name": "tfacc-2"})
	read = p.send(http.MethodGet, path, nil)
	p.check("an update of "+object+" removes what it omits", updated.ok() && read.ok(), !strings.Contains(read.text("tasks"), "x"), read.form())
	p.deleteTwice(object, path)
}

// contains reports whether a list has an object with an id.
func contains(list response, idField, id string) bool {
	var all []map[string]any
	decoder := json.NewDecoder(bytes.NewReader(list.body))
	decoder.UseNumber()
	_ = decoder.Decode(&all)
	return slices.ContainsFunc(all, func(object map[string]any) bool { return fmt.Sprint(object[idField]) == id })
}

// deleteTwice deletes an object, and looks at what the platform says about one that doesn't exist.
func (p *prober) deleteTwice(object, path string) {
	deleted := p.send(http.MethodDelete, path, nil)
	p.status("deleting "+object, deleted, http.StatusNoContent)
	read := p.send(http.MethodGet, path, nil)
	p.check("reading "+object+" that doesn't exist responds 404", deleted.ok(), read.status == http.StatusNotFound, read)
	p.check("the 404 of "+object+" has the form of the platform's own errors", read.status == http.StatusNotFound, read.isOwnError(), read)
	again := p.send(http.MethodDelete, path, nil)
	p.check("deleting "+object+" that doesn't exist responds 404", deleted.ok(), again.status == http.StatusNotFound, again)
}

// entry returns the entry of a file in its organization's settings, or nil.
func (p *prober) entry(path, ref string) map[string]any {
	files, _ := p.send(http.MethodGet, strings.TrimSuffix(path, "/file"), nil).setting("classMappingFiles").([]any)
	for _, file := range files {
		if entry, _ := file.(map[string]any); entry["ref"] == ref {
			return entry
		}
	}
	return nil
}

// query returns the query of a call for a class mapping, with a new name if it has one.
func query(ref, name string) string {
	values := url.Values{"type": {"classmapping"}}
	for key, value := range map[string]string{"ref": ref, "name": name} {
		if value != "" {
			values.Set(key, value)
		}
	}
	return "?" + values.Encode()
}

func (p *prober) upload(path, ref, name, content string) response {
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreatePart(map[string][]string{
		"Content-Disposition": {multipart.FileContentDisposition("file", name)}, "Content-Type": {"text/csv"},
	})
	if err == nil {
		_, err = io.WriteString(part, content)
	}
	if err = cmp.Or(err, form.Close()); err != nil {
		return response{err: err}
	}
	return p.do(http.MethodPost, path+query(ref, ""), &body, "Content-Type", form.FormDataContentType())
}

func (p *prober) send(method, path string, body any, headers ...string) response {
	if body == nil {
		return p.do(method, path, nil, headers...)
	}
	encoded, err := json.Marshal(body)
	if err != nil {
		return response{err: err}
	}
	return p.do(method, path, bytes.NewReader(encoded), append(headers, "Content-Type", "application/json")...)
}

func (p *prober) do(method, path string, body io.Reader, headers ...string) response {
	request, err := http.NewRequestWithContext(p.t.Context(), method, p.host+path, body)
	if err != nil {
		return response{err: err}
	}
	request.Header.Set("Authorization", "Bearer "+p.token)
	for i := 0; i+1 < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	got, err := p.http.Do(request)
	if err != nil {
		return response{err: err}
	}
	defer func() { _ = got.Body.Close() }()
	raw, err := io.ReadAll(got.Body)
	return response{got.StatusCode, got.Header, raw, err}
}

// response is the response to a request, or the error instead of one.
type response struct {
	status int
	header http.Header
	body   []byte
	err    error
}

func (r response) ok() bool { return r.err == nil && r.status >= 200 && r.status < 300 }

func (r response) String() string {
	switch {
	case r.err != nil:
		return r.err.Error()
	case !r.ok():
		return r.form()
	}
	return fmt.Sprintf("status %d", r.status)
}

// form describes the status, content type and beginning of the body.
func (r response) form() string {
	return fmt.Sprintf("status %d, %s, %.300q", r.status, cmp.Or(r.header.Get("Content-Type"), "no content type"), r.body)
}

func (r response) value(name string) any {
	decoder := json.NewDecoder(bytes.NewReader(r.body))
	decoder.UseNumber()
	var object map[string]any
	_ = decoder.Decode(&object)
	return object[name]
}

func (r response) text(name string) string { return fmt.Sprint(r.value(name)) }

func (r response) setting(name string) any {
	settings, _ := r.value("settings").(map[string]any)
	return settings[name]
}

func (r response) settings() string { return fmt.Sprint("settings ", r.value("settings")) }

// ref returns the reference of an uploaded file, which may come as a JSON string or as plain text.
func (r response) ref() string {
	var ref string
	if json.Unmarshal(r.body, &ref) != nil {
		ref = string(r.body)
	}
	return ref
}

// isOwnError reports whether an error has the form that Spring gives it.
func (r response) isOwnError() bool {
	return r.value("timestamp") != nil && r.text("status") == fmt.Sprint(r.status) && r.value("error") != nil && r.value("path") != nil
}
