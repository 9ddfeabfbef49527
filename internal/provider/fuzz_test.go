package provider

import (
	"strings"
	"testing"
)

// Errors must not quote the file, which contains a secret.
func FuzzConfigFile(f *testing.F) {
	const canary = "canary"
	for _, text := range []string{
		"", "version: 1\nconnection:\n  host: \"https://x\"\n  api-key-id: \"canary\"\n  api-key: \"canary\"\n",
		"version: canary", "version: 2", "connection: canary", "connection: [canary]", "api-key: &a [*a]", "\tcanary", "connection:\n  api-key: {a: canary}",
		"connection:\n  api-key: 0x10", "%YAML 9.9\n---\ncanary", "--- !!binary canary", "a: !canary b",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		_, err := parseConfigFile([]byte(text))
		if err != nil && strings.Contains(err.Error(), canary) {
			t.Errorf("the error quotes the file: %v", err)
		}
	})
}
