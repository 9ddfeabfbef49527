package export

import (
	"flag"
	"os"
	"strings"
	"testing"
	"time"
)

// The usage describes all flags. The guide describes those that are neither required nor arguments of the provider.
func TestFlagsAreDocumented(t *testing.T) {
	t.Parallel()
	guide, err := os.ReadFile("../../templates/guides/existing-organizations.md")
	if err != nil {
		t.Fatal(err)
	}
	own, _, ok := strings.Cut(usage, "Which platform")
	if !ok {
		t.Fatal("the usage has no flags for the platform")
	}
	flagSet(&options{}).VisitAll(func(f *flag.Flag) {
		if !strings.Contains(usage, "\n  -"+f.Name) {
			t.Errorf("the usage doesn't describe -%s", f.Name)
		}
		if strings.Contains(own, "\n  -"+f.Name) && f.Name != "out" && !strings.Contains(string(guide), "\n| `-"+f.Name) {
			t.Errorf("existing-organizations.md doesn't describe -%s", f.Name)
		}
	})
}

func TestConstraint(t *testing.T) {
	t.Parallel()
	for version, want := range map[string]string{
		"0.1.0": "~> 0.1", "1.4.2": "~> 1.4", "0.2.0-rc.1": "0.2.0-rc.1",
		"0.1.0-3-gabcdef1": "~> 0.1", "0.1.0-dirty": "~> 0.1", "dev": "~> 0.1", "1234567": "~> 0.1",
	} {
		if got := constraint(version); got != want {
			t.Errorf("constraint(%q) = %q, want %q", version, got, want)
		}
	}
}

func TestProgress(t *testing.T) {
	t.Parallel()
	var log strings.Builder
	p := &progress{to: &log}
	p.start(3)
	p.done()
	for range 2 {
		// The time for a line has come once.
		if n, err := p.Write(make([]byte, 1<<20)); n != 1<<20 || err != nil {
			t.Fatal(n, err)
		}
		if p.bytes == 1<<20 {
			p.next = time.Time{}
		}
	}
	_, _ = p.Write([]byte("x"))
	if want := "Downloading 3 files.\nDownloaded 1 of 3 files, 2 MiB.\n"; log.String() != want {
		t.Errorf("the progress is %q, want %q", log.String(), want)
	}
}

// Without the attributes that an export writes, the verification fails.
func TestVerifyCloneNeedsAttributes(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = root.Close() }()
	f := &folder{path: dir, out: dir + "-out", root: root}
	if err := f.write("files/a/a.csv", nil); err != nil {
		t.Fatal(err)
	}
	if _, err := verifyClone(t.Context(), f, flat, t.TempDir()); err == nil || !strings.Contains(err.Error(), "files/a/a.csv would have other line endings on some systems: it lacks the attribute -text") {
		t.Errorf("the error is %v", err)
	}
	if err := f.write(".gitattributes", []byte("**/files/** -text\n")); err != nil {
		t.Fatal(err)
	}
	if _, err := verifyClone(t.Context(), f, flat, t.TempDir()); err != nil {
		t.Error(err)
	}
}
