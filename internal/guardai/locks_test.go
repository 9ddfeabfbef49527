package guardai

import "testing"

func TestSpellingsOfAHost(t *testing.T) {
	t.Parallel()
	for spelling, want := range map[string]string{
		"https://guardai.example":              "https://guardai.example:443",
		"HTTPS://GuardAI.Example:443/":         "https://guardai.example:443",
		"http://guardai.example:80/Prefix//":   "http://guardai.example:80/Prefix",
		"http://guardai.example:8082/a%2Fb":    "http://guardai.example:8082/a%2Fb",
		"http://[::1]":                         "http://[::1]:80",
		"https://guardai.example:8443/api/v2/": "https://guardai.example:8443/api/v2",
	} {
		if got := canonicalHost(spelling); got != want {
			t.Errorf("%s: got %s, want %s", spelling, got, want)
		}
	}
}
