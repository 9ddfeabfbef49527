package export

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/guardai/terraform-provider-guardai/internal/acceptance"
	"github.com/guardai/terraform-provider-guardai/internal/guardai"
	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

const downloads = "download_organization_file"

// terminal calls a function when progress is first shown.
type terminal struct {
	what  func()
	shown []string
}

func (s *terminal) Write(p []byte) (int, error) {
	s.shown = append(s.shown, string(p))
	if s.what != nil {
		s.what()
		s.what = nil
	}
	return len(p), nil
}

func optionsFor(t testing.TB, s *acceptance.Sandbox) options {
	t.Helper()
	return options{
		out: filepath.Join(t.TempDir(), "platform"), layout: layoutFlat, files: true,
		config: guardai.Config{Host: s.URL, APIKeyID: sandbox.AdminKeyID, APIKey: sandbox.AdminKey},
	}
}

func addTeams(s *acceptance.Sandbox, teams int, content string) {
	for i := range teams {
		org := s.AddOrganization(sandbox.Organization{Name: fmt.Sprint("Team ", i)})
		s.AddFile(org.ID, sandbox.File{Type: "classmapping", Name: "a.csv", Content: []byte(content)})
	}
}

// An interrupted export leaves only complete files, and the next run continues it.
func TestInterruptedExport(t *testing.T) {
	t.Parallel()
	s := acceptance.NewSandbox(t)
	content := strings.Repeat("0123456789abcdef", 1<<16)
	addTeams(s, 40, content)
	opts := optionsFor(t, s)
	ctx, cancel := context.WithCancel(t.Context())
	if _, err := run(ctx, opts, &progress{to: &terminal{what: cancel}}); err == nil {
		t.Fatal("the export wasn't interrupted")
	}
	complete := 0
	err := filepath.WalkDir(opts.out, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		if entry.Name() == recordFile {
			return nil
		}
		text, err := os.ReadFile(name) //nolint:gosec // The test created the folder.
		if string(text) != content {
			t.Errorf("%s has %d bytes", name, len(text))
		}
		complete++
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	done, err := run(t.Context(), opts, &progress{})
	if err != nil {
		t.Fatal(err)
	}
	if done.downloaded != 40-complete || done.files != 40 || done.organizations != 40 {
		t.Errorf("of 40 files, %d were there; %d were downloaded then, and %d exported", complete, done.downloaded, done.files)
	}
	if _, err := os.Stat(filepath.Join(opts.out, partialDir)); err == nil {
		t.Error("temporary files are left")
	}
}

// treeText returns the paths and contents of all files in a folder except the README.
func treeText(t *testing.T, folder string) string {
	t.Helper()
	var all strings.Builder
	err := filepath.WalkDir(folder, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || strings.HasSuffix(name, ".md") {
			return err
		}
		content, err := os.ReadFile(name) //nolint:gosec // The test created the folder.
		all.WriteString(name + "\n" + string(content))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all.String()
}

// Objects that are deleted during an export are omitted and reported.
func TestObjectsDeletedDuringAnExport(t *testing.T) {
	t.Parallel()
	for _, layout := range []string{layoutFlat, layoutGitOps} {
		t.Run(layout, func(t *testing.T) {
			t.Parallel()
			testDeletionDuringAnExport(t, layout)
		})
	}
}

func testDeletionDuringAnExport(t *testing.T, layout string) {
	t.Helper()
	s := acceptance.NewSandbox(t)
	addTeams(s, 15, "x")
	s.AddOrganization(sandbox.Organization{Name: "Without files"})
	opts := optionsFor(t, s)
	opts.layout, opts.examples = layout, os.DirFS("../../examples")
	vanish := func() {
		s.DeleteOrganization(1)
		s.DeleteOrganization(15)
		s.DeleteOrganization(16)
		s.DeleteFile(14, "classmapping", s.Files(14)[0].Ref)
		s.UpdateOrganization(2, func(org *sandbox.Organization) { org.Settings["maxItemCount"] = 77 })
	}
	done, err := run(t.Context(), opts, &progress{to: &terminal{what: vanish}})
	if err != nil {
		t.Fatal(err)
	}
	if done.organizations != 13 || done.files != 12 {
		t.Errorf("%d organizations and %d files were exported", done.organizations, done.files)
	}
	written := treeText(t, opts.out)
	for _, gone := range []string{"team_0\n", `team_0"`, "team_14", "without_files", "team_13/a.csv"} {
		if strings.Contains(written, gone) {
			t.Errorf("%s is in the export", gone)
		}
	}
	if !strings.Contains(written, "77") {
		t.Error("the settings aren't those at the end of the export")
	}
	output, err := os.ReadFile(filepath.Join(opts.out, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, gone := range []string{`organization 1 ("Team 0")`, `organization 15 ("Team 14")`, `organization 16 ("Without files")`, "(\"a.csv\") of organization 14"} {
		if !strings.Contains(strings.ReplaceAll(string(output), `\`, ""), gone) {
			t.Errorf("README.md doesn't name %s:\n%s", gone, output)
		}
	}
}

func TestCallsOfAnExport(t *testing.T) {
	t.Parallel()
	s := acceptance.NewSandbox(t)
	addTeams(s, 100, "x")
	if _, err := run(t.Context(), optionsFor(t, s), &progress{}); err != nil {
		t.Fatal(err)
	}
	if got, others := s.Count(downloads), s.Count()-s.Count(downloads); got != 100 || others > 6 {
		t.Errorf("there were %d downloads and %d other calls", got, others)
	}
}

// An export doesn't follow symbolic links out of its folder.
func TestSymbolicLinksOutOfTheFolder(t *testing.T) {
	t.Parallel()
	s := acceptance.NewSandbox(t)
	addTeams(s, 1, "x")
	opts := optionsFor(t, s)
	outside := t.TempDir()
	if err := os.MkdirAll(filepath.Join(opts.out, "files"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(outside, filepath.Join(opts.out, "files", "team_0")); err != nil {
		t.Fatal(err)
	}
	raw := fmt.Sprintf(`{"version": 1, "layout": "flat", "host": %q, "complete": true}`, s.URL)
	if err := os.WriteFile(filepath.Join(opts.out, recordFile), []byte(raw), 0o600); err != nil {
		t.Fatal(err)
	}
	opts.update = true
	if _, err := run(t.Context(), opts, &progress{}); err == nil {
		t.Error("the export followed the link")
	}
	if entries, err := os.ReadDir(outside); err != nil || len(entries) > 0 {
		t.Errorf("outside there is now %v (%v)", entries, err)
	}
}

func TestProgress(t *testing.T) {
	t.Parallel()
	s := acceptance.NewSandbox(t)
	addTeams(s, 3, "x")
	shown := &terminal{}
	if _, err := run(t.Context(), optionsFor(t, s), &progress{to: shown}); err != nil {
		t.Fatal(err)
	}
	if len(shown.shown) < 2 || !strings.Contains(shown.shown[0], "of 3 organizations, 1 byte") {
		t.Errorf("progress was shown as %q", shown.shown)
	}
}

func BenchmarkExport(b *testing.B) {
	s := acceptance.NewSandbox(b, func(cfg *sandbox.Config) { cfg.Middleware = nil })
	addTeams(s, 1000, strings.Repeat("0123456789abcdef", 1<<10))
	for b.Loop() {
		s.ClearRequests()
		if _, err := run(b.Context(), optionsFor(b, s), &progress{}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(s.Count(downloads)), "downloads")
	b.ReportMetric(float64(s.Count()-s.Count(downloads)), "other-calls")
}
