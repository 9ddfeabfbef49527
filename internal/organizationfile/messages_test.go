package organizationfile_test

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/knownvalue"

	"github.com/guardai/terraform-provider-guardai/internal/acceptance"
	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

// If the content on the platform changes, a refresh drops the old content from state.
func TestRefreshDropsOldContent(t *testing.T) {
	t.Parallel()
	for _, line := range []string{`content = "mine"`, `content_base64 = "bWluZQ=="`} {
		b := newFixture(t)
		d := acceptance.NewDirect(t)
		config := b.file(`name = "a.csv"`, line)
		d.Apply(config).Must("create")
		b.changeFiles(func(f *sandbox.File) { f.Content = []byte("theirs") })
		d.Refresh(config).MustHave(map[string]knownvalue.Check{
			"content": knownvalue.Null(), "content_base64": knownvalue.Null(), "content_sha256": knownvalue.StringExact(sha256Hex("theirs")),
		})
		d.Apply(config).Must("update")
		b.mustHave(t, "a.csv", "mine")
	}
}

// A plan shows only the hash and size of sensitive content, as documented.
func TestSensitiveContent(t *testing.T) {
	t.Parallel()
	b := newFixture(t)
	w := newWorkspace(t, b.file(`name = "a.csv"`, `content = sensitive("hidden text")`))
	for _, command := range [][]string{{"plan"}, {"apply", "-auto-approve"}, {"state", "show", address}} {
		output := w.MustRun(t, command...)
		if text := output.Stdout + output.Stderr; strings.Contains(text, "hidden text") || (command[0] != "state" && !strings.Contains(text, sha256Hex("hidden text"))) {
			t.Errorf("%v:\n%s", command, text)
		}
	}
}
