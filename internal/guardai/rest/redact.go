package rest

import (
	"regexp"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

const (
	mask = "***"
	// maxErrorText limits the length of a message, in bytes.
	maxErrorText = 1 << 10
)

var (
	// anyJWT also finds tokens that this client doesn't know: a platform or a proxy may repeat another's.
	anyJWT = regexp.MustCompile(`eyJ[\w-]+\.[\w-]+\.[\w-]*`)
	markup = regexp.MustCompile(`<[^>]*>`)
)

// secrets holds the values that must not appear in errors or logs.
type secrets struct {
	mu     sync.RWMutex
	values []string
}

// add adds a secret. Nothing removes it: a run logs in only a few times.
func (s *secrets) add(value string) {
	if value == "" {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.values = append(s.values, value)
}

// redact returns text without secrets, as one line of at most maxErrorText bytes. It redacts before it truncates, which
// could leave half of a secret.
func (s *secrets) redact(text string) string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	for _, v := range s.values {
		text = strings.ReplaceAll(text, v, mask)
	}
	return sanitizeLine(anyJWT.ReplaceAllString(text, mask), maxErrorText)
}

// sanitizeLine returns text without markup, control characters and runs of white space, cut to limit bytes of valid
// UTF-8.
func sanitizeLine(text string, limit int) string {
	text = markup.ReplaceAllString(strings.ToValidUTF8(text, "\uFFFD"), " ")
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, text)
	text = strings.Join(strings.Fields(text), " ")
	if len(text) <= limit {
		return text
	}
	const ellipsis = "…"
	cut := limit - len(ellipsis)
	for cut > 0 && !utf8.RuneStart(text[cut]) {
		cut--
	}
	return text[:cut] + ellipsis
}
