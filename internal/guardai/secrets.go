package guardai

import (
	"regexp"
	"strings"
	"sync"
)

// mask stands where a secret was.
const mask = "***"

// anyJWT finds tokens, whoever's they are: a platform or a proxy may repeat one that
// this client doesn't know.
var anyJWT = regexp.MustCompile(`eyJ[\w-]+\.[\w-]+\.[\w-]*`)

// secrets knows the values that must not show in an error or a log.
type secrets struct {
	mu     sync.RWMutex
	values []string
}

func newSecrets(values ...string) *secrets {
	s := &secrets{}
	for _, v := range values {
		s.add(v)
	}
	return s
}

// add makes value a secret from now on. JWTs come and go, so a run's list stays
// as short as its number of logins.
func (s *secrets) add(value string) {
	if value == "" {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.values = append(s.values, value)
}

// clean returns text without secrets, as one line of at most 1 KiB. Secrets go
// first: cutting could leave half of one.
func (s *secrets) clean(text string) string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	for _, v := range s.values {
		text = strings.ReplaceAll(text, v, mask)
	}
	return oneLine(anyJWT.ReplaceAllString(text, mask), maxErrorText)
}
