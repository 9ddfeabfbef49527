package rest

import (
	"regexp"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

const (
	// mask stands where a secret was.
	mask = "***"
	// maxErrorText bounds the platform's words in an error, in bytes.
	maxErrorText = 1 << 10
)

var (
	// anyJWT finds tokens, whoever's they are: a platform or a proxy may repeat one that this client doesn't know.
	anyJWT = regexp.MustCompile(`eyJ[\w-]+\.[\w-]+\.[\w-]*`)
	markup = regexp.MustCompile(`<[^>]*>`)
)

// secrets knows the values that must not show in an error or a log.
type secrets struct {
	mu     sync.RWMutex
	values []string
}

// add makes value a secret from now on. JWTs come and go, so a run's list stays as short as its number of logins.
func (s *secrets) add(value string) {
	if value == "" {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.values = append(s.values, value)
}

// redact returns text without secrets, as one line of at most 1 KiB. Secrets go first: cutting could leave half of
// one.
func (s *secrets) redact(text string) string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	for _, v := range s.values {
		text = strings.ReplaceAll(text, v, mask)
	}
	return oneLine(anyJWT.ReplaceAllString(text, mask), maxErrorText)
}

// oneLine makes text fit for an error: no markup, no control characters, no runs of white space, at most limit bytes
// of valid UTF-8.
func oneLine(text string, limit int) string {
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
