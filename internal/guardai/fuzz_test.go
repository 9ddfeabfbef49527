package guardai

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"
)

func FuzzRetryAfter(f *testing.F) {
	for _, header := range []string{
		"", "0", "1", "60", "61", "-1", "+5", " 7 ", "1.5", "1e3", "0x10", "99999999999999999999", "9223372036854775807",
		"Wed, 21 Oct 2026 07:28:00 GMT", "Wed, 21 Oct 0000 07:28:00 GMT", "Wednesday, 21-Oct-26 07:28:00 GMT", "soon",
	} {
		f.Add(header)
	}
	now := time.Date(2026, 10, 21, 7, 27, 30, 0, time.UTC)
	f.Fuzz(func(t *testing.T, header string) {
		wait, ok := parseRetryAfter(header, now)
		if wait < 0 || (!ok && wait != 0) {
			t.Errorf("%q: a wait of %s, %t", header, wait, ok)
		}
		failure := &Error{Kind: KindStatus, Status: 429}
		decided := newRetryPolicy(Config{MaxRetries: 4}).decide(attempt{method: "GET", number: 1, status: 429, retryAfter: header, err: failure}, now, 0.5)
		if decided.retry && decided.wait > maxRetryAfter {
			t.Errorf("%q: waits for %s", header, decided.wait)
		}
	})
}

// Whatever comes in place of an organization is either one with an id or an
// unusable answer, and an update writes back all that it doesn't know.
func FuzzOrganizationAnswer(f *testing.F) {
	for _, body := range []string{
		``, `null`, `{}`, `[]`, `{"id":7}`, `{"id":0}`, `{"id":-1}`, `{"id":1.5}`, `{"id":"7"}`, `{"id":9223372036854775808}`,
		`{"id":7,"name":null,"settings":null,"creationDateTime":null}`, `{"id":7,"creationDateTime":"2022-03-01T12:00:00.000+00:00"}`,
		`{"id":7,"creationDateTime":"yesterday"}`, `{"id":7,"settings":{"maxItemCount":5,"new":{"a":[1.10,1e400]},"classMappingFiles":[{"ref":"a"},null]}}`,
		`{"id":7,"settings":{"disabledFeatures":["EVALUATION",null]}}`, `{"id":7}{"id":8}`, `{"id":7`, "{\"id\":7,\"name\":\"\xff\"}",
	} {
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body string) {
		var org *Organization
		err := readOrganizationInto(&org, 0)(reply{contentType: "application/json", body: strings.NewReader(body)})
		if err != nil {
			return
		}
		if org.ID <= 0 {
			t.Fatalf("an organization with the id %d from %q", org.ID, body)
		}
		written, err := SettingsChange{}.apply(org.Settings)
		if err != nil {
			t.Fatalf("settings of %q can't be written back: %v", body, err)
		}
		var sent map[string]json.RawMessage
		if len(org.Settings.raw) > 0 {
			_ = json.Unmarshal(org.Settings.raw, &sent)
		}
		for name, value := range sent {
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
		taken := 0
		err := readList(reply{contentType: "application/json", body: strings.NewReader(body)}, func(organizationAnswer) { taken++ })
		var elements []json.RawMessage
		whole := json.Unmarshal([]byte(body), &elements) == nil
		if err == nil && (!whole || taken != len(elements)) {
			t.Errorf("took %d organizations of %q", taken, body)
		}
	})
}

func FuzzFileReference(f *testing.F) {
	for _, raw := range []string{``, `""`, `"a/b"`, `a b`, `null`, `{}`, `<html>`, `"a`, `"\u0000"`, "a\nb", `"<b>"`} {
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		ref, err := parseRef(raw)
		var wrong *unusable
		if (err == nil) == (ref == "") || (err != nil && !errors.As(err, &wrong)) {
			t.Errorf("%q: got %q, %v", raw, ref, err)
		}
	})
}

// An error's text is one line of at most 1 KiB, whatever the platform says, and
// never holds a secret.
func FuzzErrorText(f *testing.F) {
	const secret = "canary-key"
	for _, raw := range []string{``, `{"message":"no"}`, `{"error":"canary-key"}`, "<title>canary-key</title>", strings.Repeat("x", 2000) + secret, "a\x00b\r\nc", "\xff\xfe"} {
		f.Add("application/json", raw)
		f.Add("text/html", raw)
	}
	cleaner := newSecrets(secret)
	f.Fuzz(func(t *testing.T, contentType, raw string) {
		text := cleaner.clean(errorMessage(contentType, []byte(raw)))
		if len(text) > maxErrorText || !utf8.ValidString(text) || strings.Contains(text, secret) || strings.ContainsFunc(text, unicode.IsControl) {
			t.Errorf("got %q", text)
		}
	})
}
