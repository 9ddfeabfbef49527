package guardai

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/guardai/terraform-provider-guardai/internal/guardai/rest"
)

func TestInvalidOrganizationResponses(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		contentType, body string
		kind              rest.ErrorKind
		words             string
	}{
		"HTML":               {"text/html; charset=utf-8", "<html><title>Sign in</title></html>", rest.KindInvalidResponse, "HTML page"},
		"HTML called JSON":   {"application/json", "<html></html>", rest.KindInvalidResponse, "not valid JSON"},
		"empty":              {"application/json", "", rest.KindInvalidResponse, "is empty"},
		"null":               {"application/json", "null", rest.KindInvalidResponse, "no organization id"},
		"a list":             {"application/json", "[]", rest.KindInvalidResponse, "is a JSON array"},
		"no id":              {"application/json", `{"name":"x"}`, rest.KindInvalidResponse, "no organization id"},
		"another's id":       {"application/json", `{"id":8,"name":"x"}`, rest.KindInvalidResponse, "another organization"},
		"id of a wrong type": {"application/json", `{"id":"7"}`, rest.KindInvalidResponse, `field "id"`},
		"two values":         {"application/json", `{"id":7}{"id":7}`, rest.KindInvalidResponse, "more after"},
		"cut off":            {"application/json", `{"id":7,"name":"x`, rest.KindConnection, "broke"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPlatform(t, respond(http.StatusOK, test.contentType, test.body))
			org, err := p.client(t).ReadOrganization(background(t), 7)
			var e *Error
			if !errors.As(err, &e) || e.Kind != test.kind || !strings.Contains(e.Message, test.words) {
				t.Fatalf("got %+v, %v; want kind %d with %q", org, err, test.kind, test.words)
			}
			if org != nil {
				t.Errorf("got an organization along with the error: %+v", org)
			}
		})
	}
}

func TestOrganizationResponse(t *testing.T) {
	t.Parallel()
	p := newPlatform(t, respond(http.StatusOK, "application/json", `{"id":9223372036854775807,"name":"x","creationDateTime":"2022-03-01T12:00:00.000+0100",
		"settings":{"disabledFeatures":[],"maxItemCount":5,"new":1},"stats":null,"timeUsed":3,"extra":{}}`))
	org, err := p.client(t).ReadOrganization(background(t), 9223372036854775807)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := org.CreatedAt.Format("2006-01-02T15:04:05Z07:00"), "2022-03-01T11:00:00Z"; got != want {
		t.Errorf("created at: got %s, want %s", got, want)
	}
	if got := org.Settings; got.DisabledFeatures == nil || len(got.DisabledFeatures) != 0 || *got.MaxItemCount != 5 || got.MaxTimePerTask != nil || got.Err() != nil {
		t.Errorf("settings: got %+v", got)
	}
}

func TestUploadResponses(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		raw, want string
		bad       bool
	}{
		"bare text":           {raw: "abc-123", want: "abc-123"},
		"text with a newline": {raw: "abc-123\r\n", want: "abc-123"},
		"text with a slash":   {raw: "a/b?c#d%20e", want: "a/b?c#d%20e"},
		"JSON string":         {raw: `"abc-123"`, want: "abc-123"},
		"JSON with escapes":   {raw: `"a\/b\u00e9"`, want: "a/bé"},
		"empty":               {raw: "", bad: true},
		"empty JSON string":   {raw: `""`, bad: true},
		"blank JSON string":   {raw: `"  "`, bad: true},
		"null":                {raw: "null", bad: true},
		"object":              {raw: `{"ref":"a"}`, bad: true},
		"HTML":                {raw: "<p>hello</p>", bad: true},
		"unfinished string":   {raw: `"abc`, bad: true},
		"several lines":       {raw: "a\nb", bad: true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := parseRef(test.raw)
			if (err != nil) != test.bad || got != test.want {
				t.Errorf("got %q, %v; want %q, bad %t", got, err, test.want, test.bad)
			}
		})
	}
}

func TestErrorTexts(t *testing.T) {
	t.Parallel()
	const maxErrorText = 1 << 10
	long := strings.Repeat("é", maxErrorText)
	tests := map[string]struct{ contentType, body, want string }{
		"Spring":         {"application/json", `{"timestamp":"x","status":400,"error":"Bad Request","message":"name must not be blank","path":"/"}`, "name must not be blank"},
		"Spring, bare":   {"application/json", `{"status":400,"error":"Bad Request"}`, "Bad Request"},
		"HTML":           {"text/html", "<html><head><title>502\n Bad <b>Gateway</b></title></head></html>", "an HTML page titled 502 Bad Gateway"},
		"HTML, untitled": {"text/html", "<html></html>", "an HTML page"},
		"text":           {"text/plain", "first\n\tsecond\x00third", "first second third"},
		"nothing":        {"", "", ""},
		"markup inside":  {"application/json", `{"message":"<script>x</script> no"}`, "x no"},
		"secret":         {"application/json", `{"message":"bad token ready-token!"}`, "bad token ***!"},
		"too long":       {"text/plain", long, strings.Repeat("é", (maxErrorText-len("…"))/2) + "…"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPlatform(t, respond(http.StatusBadRequest, test.contentType, test.body))
			_, err := p.client(t).ReadOrganization(background(t), 7)
			var e *Error
			if !errors.As(err, &e) {
				t.Fatalf("got %v", err)
			}
			if diff := cmp.Diff(test.want, e.Message); diff != "" {
				t.Error(diff)
			}
			if len(e.Message) > maxErrorText || !utf8.ValidString(e.Message) {
				t.Errorf("%d bytes, valid %t", len(e.Message), utf8.ValidString(e.Message))
			}
		})
	}
}

func TestResponseTooLarge(t *testing.T) {
	t.Parallel()
	p := newPlatform(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"id":7,"name":"`))
		chunk := []byte(strings.Repeat("x", 1<<20))
		for range rest.MaxJSON>>20 + 1 {
			if _, err := w.Write(chunk); err != nil {
				return
			}
		}
		_, _ = w.Write([]byte(`"}`))
	})
	_, err := p.client(t).ReadOrganization(background(t), 7)
	var e *Error
	if !errors.As(err, &e) || e.Kind != rest.KindInvalidResponse || !strings.Contains(e.Message, "64 MiB") {
		t.Errorf("got %v", err)
	}
}

func TestErrorNamesCall(t *testing.T) {
	t.Parallel()
	p := newPlatform(t, respond(http.StatusForbidden, "application/json", springError(403, "no")))
	_, err := p.client(t).ListMembers(background(t), 4711, false)
	want := "GET " + p.URL + "/api/v1/organizations/4711/members returned 403 Forbidden: no"
	if err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	if e, ok := errors.AsType[*Error](err); !ok || !e.Admin || !IsForbidden(err) {
		t.Errorf("got %+v", err)
	}
}

func TestBrokenConnectionDoesNotShowQuery(t *testing.T) {
	t.Parallel()
	p := newPlatform(t, func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
	err := p.client(t).RenameFile(background(t), FileKey{OrganizationID: 1, Type: "classmapping", Ref: "canary-ref"}, "canary-name")
	var e *Error
	if !errors.As(err, &e) || e.Kind != rest.KindConnection {
		t.Fatalf("got %v", err)
	}
	if text := fmt.Sprint(err); strings.Contains(text, "canary") {
		t.Errorf("the error shows the query: %s", text)
	}
}

// A malformed response to a write means that it may never have reached the platform.
func TestInvalidResponsesToAWrite(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		contentType, body string
		good              bool
	}{
		"empty":         {"", "", true},
		"empty JSON":    {"application/json", "\n", true},
		"JSON":          {"application/json", `{"deleted":true}`, true},
		"text":          {"text/plain", "OK", true},
		"garbage":       {"application/json", `{"id": 1, "name": <oops>`, false},
		"a page":        {"text/html", "<title>Sign in</title>", false},
		"an empty page": {"text/html", "", true},
	} {
		p := newPlatform(t, respond(200, test.contentType, test.body))
		err := p.client(t).DeleteOrganization(background(t), 7)
		if e, ok := errors.AsType[*Error](err); (err == nil) != test.good || (err != nil && (!ok || e.Kind != rest.KindInvalidResponse)) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}
