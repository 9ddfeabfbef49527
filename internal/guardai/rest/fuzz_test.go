package rest

import (
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
		if wait := parseRetryAfter(header, now); wait < 0 {
			t.Errorf("%q: a wait of %s", header, wait)
		}
	})
}

// A message is one line of at most 1 KiB and never contains a secret, whatever the platform sends.
func FuzzErrorText(f *testing.F) {
	const secret = "canary-key"
	for _, raw := range []string{``, `{"message":"no"}`, `{"error":"canary-key"}`, "<title>canary-key</title>", strings.Repeat("x", 2000) + secret, "a\x00b\r\nc", "\xff\xfe"} {
		f.Add("application/json", raw)
		f.Add("text/html", raw)
	}
	known := &secrets{}
	known.add(secret)
	f.Fuzz(func(t *testing.T, contentType, raw string) {
		message, _ := errorMessage(contentType, 404, []byte(raw))
		text := known.redact(message)
		if len(text) > maxErrorText || !utf8.ValidString(text) || strings.Contains(text, secret) || strings.ContainsFunc(text, unicode.IsControl) {
			t.Errorf("got %q", text)
		}
	})
}
