package sandbox_test

import (
	"bytes"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

func TestStateSurvivesARestart(t *testing.T) {
	t.Parallel()
	cfg := sandbox.Config{StateDir: filepath.Join(t.TempDir(), "new", "state")}
	b := newSandboxTest(t, cfg)
	org := b.AddOrganization(sandbox.Organization{
		Name: "Cars", TimeUsed: 5, Stats: sandbox.Stats{DatasetStorage: 1}, Extra: map[string]any{"region": "eu"},
		Settings: map[string]any{"big": 12345678901234567, "deep": map[string]any{"list": []any{nil, "<&>"}}},
	})
	gone := b.AddOrganization(sandbox.Organization{Name: "Gone"})
	dataset := int64(4)
	b.AddFile(org.ID, sandbox.File{
		Ref: `a/"b"`, Name: "größe.csv", ContentType: "text/csv", DatasetID: &dataset, Content: []byte{0, 1, 255}, ProjectIDs: []int64{1},
	})
	b.AddFile(org.ID, sandbox.File{Ref: "large", Type: "other", Content: bytes.Repeat([]byte("x"), 2<<20)})
	b.AddFile(org.ID, sandbox.File{Ref: "empty", Unlisted: true, Content: []byte{}})
	b.SetMembers(org.ID, []map[string]any{{"uid": sandbox.UserUID, "id": 1 << 60}})
	b.SetCatalog(org.ID, sandbox.Catalog{Assets: map[string]any{"noises": "own"}})
	b.SetPendingStats(org.ID, sandbox.Stats{DatasetStorage: 7})
	b.DeleteOrganization(gone.ID)
	org, _ = b.Organization(org.ID)
	files := b.Files(org.ID)
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}

	again := newSandboxTest(t, cfg)
	if diff := cmp.Diff([]sandbox.Organization{org}, again.Organizations()); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(files, again.Files(org.ID), cmp.Comparer(bytes.Equal)); diff != "" {
		t.Error(diff)
	}
	if next := again.AddOrganization(sandbox.Organization{}); next.ID != gone.ID+1 {
		t.Errorf("the next id is %d", next.ID)
	}
	got := again.asUser().send("GET", organizationURL(org.ID, "/assets"), nil).want(http.StatusOK)
	if string(got.body) != `{"noises":"own"}` {
		t.Errorf("assets are %s", got.body)
	}
	again.send("GET", organizationURL(org.ID, "/stat"), nil).want(http.StatusOK)
	if got, _ := again.Organization(org.ID); got.Stats.DatasetStorage != 7 {
		t.Errorf("stats are %v", got.Stats)
	}
}

func TestInvalidStateIsRejected(t *testing.T) {
	t.Parallel()
	for name, content := range map[string]string{
		"empty":           "",
		"not JSON":        "state",
		"cut off":         `{"version": 1, "organizations": [{"id": 1`,
		"another version": `{"version": 2}`,
		"no version":      `{}`,
		"two of one id":   `{"version": 1, "organizations": [{"id": 1}, {"id": 1}]}`,
		"no id":           `{"version": 1, "organizations": [{}]}`,
		"null":            `{"version": 1, "organizations": [null]}`,
		"no content":      `{"version": 1, "organizations": [{"id": 1, "files": [{"ref": "a"}]}]}`,
		"lost content":    `{"version": 1, "organizations": [{"id": 1, "files": [{"content": {"name": "content-1"}}]}]}`,
		"foreign content": `{"version": 1, "organizations": [{"id": 1, "files": [{"content": {"name": "../x"}}]}]}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			wantRejected(t, t.TempDir(), "state.json", content)
		})
	}
}

// A folder with other content isn't changed.
func TestForeignFoldersAreRejected(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"main.tf", "terraform.tfstate", ".git"} {
		wantRejected(t, t.TempDir(), name, "theirs")
	}
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{file, filepath.Join(file, "state")} {
		if _, err := sandbox.New(sandbox.Config{StateDir: dir}); err == nil || !strings.Contains(err.Error(), dir) {
			t.Errorf("%s: the error is %v", dir, err)
		}
	}
}

// wantRejected checks that a folder with the given file is rejected and not changed.
func wantRejected(t *testing.T, dir, name, content string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := sandbox.New(sandbox.Config{StateDir: dir, Seed: true})
	if err == nil || !strings.Contains(err.Error(), dir) || !strings.Contains(err.Error(), name) {
		t.Errorf("the error is %v, want it to name the folder and %s", err, name)
	}
	raw, err := os.ReadFile(filepath.Join(dir, name)) //nolint:gosec // It is in the test's own folder.
	entries, _ := os.ReadDir(dir)
	if err != nil || string(raw) != content || len(entries) != 1 {
		t.Errorf("the folder was changed to %v, %s to %q: %v", entries, name, raw, err)
	}
}
