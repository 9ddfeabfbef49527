package export_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/guardai/terraform-provider-guardai/internal/cli"
	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

// importsAll is a CLI whose first plan imports a seeded sandbox.
const importsAll = `case "$*" in *-out=*) echo '{"type":"change_summary","changes":{"import":14}}' ;; plan*) echo '{"type":"change_summary"}' ;; esac`

// runGit runs git in a folder with the user's settings of the fixture.
func (b *fixture) runGit(t *testing.T, folder string, args ...string) {
	t.Helper()
	command := cli.Command(t.Context(), "git", append([]string{"-c", "user.name=A", "-c", "user.email=a@example.com", "-c", "core.safecrlf=false"}, args...)...)
	command.Dir, command.Env = folder, b.environ
	if _, err := cli.RequireSuccess(command); err != nil {
		t.Fatal(err)
	}
}

// What Git would leave out of a clone fails the verification, with the file and the rule.
func TestVerifyNamesWhatAClonedFolderLacks(t *testing.T) {
	t.Parallel()
	const file = "files/map_making/traffic-signs.csv"
	for name, rule := range map[string]struct{ path, text, message string }{
		"the user's patterns":     {"home/.config/git/ignore", "*.csv\n", file + " would be left out: line 1 of "},
		"a parent's patterns":     {"repo/.gitignore", "\n/exports/platform/files/\n", "platform/" + file + " would be left out: line 2 of .gitignore, /exports/platform/files/, ignores it"},
		"a parent's own patterns": {"repo/.git/info/exclude", "exports\n", "platform/provider.tf would be left out: line 1 of .git/info/exclude, exports, ignores it"},
		"a parent's attributes":   {"repo/.gitattributes", "/exports/platform/files export-ignore\n", "platform/files would be left out of archives: it has the attribute export-ignore"},
		"an exception":            {"repo/.gitignore", "*.csv\n!*.csv\n", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newFixture(t, seeded)
			b.useCLI(t, importsAll)
			folder := &cli.Folder{Dir: t.TempDir()}
			b.environ = append(b.environ, "HOME="+folder.Path("home"))
			if err := os.MkdirAll(folder.Path("repo/exports"), 0o700); err != nil {
				t.Fatal(err)
			}
			b.runGit(t, folder.Path("repo"), "init", "-q")
			if err := folder.Write(rule.path, rule.text); err != nil {
				t.Fatal(err)
			}
			b.out = folder.Path("repo/exports/platform")
			if rule.message == "" {
				mustContain(t, b.mustExport(t, "-verify"), "A clone has the same files.")
				return
			}
			b.mustFail(t, 1, rule.message, "-verify")
		})
	}
}

func TestVerifyWithoutGit(t *testing.T) {
	t.Parallel()
	b := newFixture(t, seeded)
	b.git = t.TempDir()
	b.useCLI(t, importsAll)
	mustContain(t, b.mustExport(t, "-verify"), "There is no git on the PATH, so it wasn't checked whether a clone has the same files.")
}

// A clone on a system with other line endings has the same contents.
func TestCloneHasTheSameContents(t *testing.T) {
	t.Parallel()
	for _, layout := range []string{"flat", "gitops"} {
		b := newFixture(t)
		org := b.AddOrganization(sandbox.Organization{Name: "A"})
		names := []string{"lf.csv", "crlf.csv", "mixed.csv", "labels.json", "plan.json", "terraform.tfstate", "tfplan", ".gitignore", ".terraform"}
		for i, name := range names {
			content := []string{"a\nb\n", "a\r\nb\r\n", "a\r\nb\n"}[i%3]
			b.AddFile(org.ID, sandbox.File{Ref: name, Type: "classmapping", Name: name, Content: []byte(content)})
		}
		b.mustExport(t, "-layout", layout)
		exported := b.tree(t)
		b.runGit(t, b.out, "init", "-q")
		b.runGit(t, b.out, "-c", "core.autocrlf=true", "add", "-A")
		b.runGit(t, b.out, "commit", "-q", "-m", "Export")
		clone := filepath.Join(t.TempDir(), "clone")
		b.runGit(t, b.out, "clone", "-q", "-c", "core.autocrlf=true", b.out, clone)
		b.out = clone
		cloned := b.tree(t)
		contents := 0
		for name, content := range exported {
			got, ok := cloned[name]
			if !ok {
				t.Errorf("%s: the clone lacks %s", layout, name)
			}
			if strings.Contains(name, "files/a/") {
				contents++
				if got != content {
					t.Errorf("%s: the clone's %s is %q, want %q", layout, name, got, content)
				}
			}
		}
		if contents != len(names) {
			t.Errorf("%s: there are %d contents, want %d", layout, contents, len(names))
		}
	}
}
