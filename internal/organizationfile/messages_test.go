package organizationfile_test

import (
	"strings"
	"testing"

	"github.com/guardai/terraform-provider-guardai/internal/acceptance"
	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

func TestInUseMessage(t *testing.T) {
	t.Parallel()
	b := newFixture(t)
	w := acceptance.NewWorkspace(t, map[string]string{"main.tf": b.file(`name = "a.csv"`, `content = "x"`)})
	w.MustRun(t, "init")
	w.MustRun(t, "apply", "-auto-approve")
	projects := make([]int64, 3000)
	for i := range projects {
		projects[i] = int64(i + 1)
	}
	for _, file := range b.Files(b.organization) {
		b.UpdateFile(b.organization, file.Type, file.Ref, func(f *sandbox.File) { f.ProjectIDs = projects })
	}
	failed := w.Run(t, "destroy", "-auto-approve")
	if text := strings.Join(strings.Fields(failed.Stderr), " "); failed.ExitCode == 0 || !strings.Contains(text, "19, 20, and 2980 more") || len(text) > 1000 {
		t.Errorf("ended with %d and %d characters:\n%.2000s", failed.ExitCode, len(text), text)
	}
}

// If the content on the platform changes, a refresh drops the old content from state.
func TestRefreshOnlyDropsOldContent(t *testing.T) {
	for argument, line := range map[string]string{"content": `content = "mine"`, "content_base64": `content_base64 = "bWluZQ=="`} {
		t.Run(argument, func(t *testing.T) {
			t.Parallel()
			b := newFixture(t)
			w := acceptance.NewWorkspace(t, map[string]string{"main.tf": b.file(`name = "a.csv"`, line)})
			w.MustRun(t, "init")
			w.MustRun(t, "apply", "-auto-approve")
			for _, file := range b.Files(b.organization) {
				b.UpdateFile(b.organization, file.Type, file.Ref, func(f *sandbox.File) { f.Content = []byte("theirs") })
			}
			w.MustRun(t, "apply", "-refresh-only", "-auto-approve")
			state := w.MustRun(t, "show", "-json").Stdout
			if !strings.Contains(state, sha256Hex("theirs")) || strings.Contains(state, `"mine"`) || strings.Contains(state, "bWluZQ==") {
				t.Errorf("state holds old content, or not the new hash:\n%s", state)
			}
			w.MustRun(t, "apply", "-auto-approve")
			if file := b.Files(b.organization)[0]; string(file.Content) != "mine" {
				t.Errorf("got %q on the platform", file.Content)
			}
		})
	}
}

// A plan shows only the hash and size of sensitive content, as documented.
func TestSensitiveContent(t *testing.T) {
	t.Parallel()
	b := newFixture(t)
	w := acceptance.NewWorkspace(t, map[string]string{"main.tf": b.file(`name = "a.csv"`, `content = sensitive("hidden text")`)})
	w.MustRun(t, "init")
	for _, command := range [][]string{{"plan"}, {"apply", "-auto-approve"}, {"state", "show", address}} {
		output := w.MustRun(t, command...)
		if text := output.Stdout + output.Stderr; strings.Contains(text, "hidden text") || (command[0] != "state" && !strings.Contains(text, sha256Hex("hidden text"))) {
			t.Errorf("%v:\n%s", command, text)
		}
	}
}
