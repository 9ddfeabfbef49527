package main

import (
	"regexp"
	"strings"

	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

// jwt is what every JSON Web Token with a JSON header looks like.
var jwt = regexp.MustCompile(`eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]+\.`)

// breakdowns are what a crashed provider writes, and a CLI whose rules it broke.
var breakdowns = []string{
	"panic:", "goroutine ", "plugin crashed", "Plugin did not respond", "inconsistent result",
	"invalid plan", "unexpected new value", "This is a bug in the provider",
}

// leaks counts in texts what shouldn't be in them.
func leaks(texts ...string) Damage {
	var d Damage
	for _, text := range texts {
		for _, secret := range []string{sandbox.AdminKey, contentMark} {
			if strings.Contains(text, secret) {
				d.Secrets++
			}
		}
		if jwt.MatchString(text) {
			d.Secrets++
		}
		for _, words := range breakdowns {
			if strings.Contains(text, words) {
				d.Panics++
			}
		}
	}
	return d
}
