package rest

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

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
