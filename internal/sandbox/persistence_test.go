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
	cfg := sandbox.Config{StateFile: filepath.Join(t.TempDir(), "state.json")}
	b := newBench(t, cfg)
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

	again := newBench(t, cfg)
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

func TestStateIsSavedWithoutClosing(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "state.json")
	b := newBench(t, sandbox.Config{StateFile: path})
	b.send("POST", organizationsURL, `{"name":"Cars in the file"}`).want(http.StatusCreated)
	b.waitUntil(func() bool {
		content, err := os.ReadFile(path) //nolint:gosec // It is in the test's own folder.
		return err == nil && strings.Contains(string(content), "Cars in the file")
	})
	if entries, err := os.ReadDir(filepath.Dir(path)); err != nil || len(entries) != 1 {
		t.Errorf("the folder holds %v: %v", entries, err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file's mode is %v: %v", info.Mode(), err)
	}
}

func TestStateFilesThatCannotBeUsed(t *testing.T) {
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
		"lost file":       `{"version": 1, "files": [{"organizationId": 1}]}`,
		"bad content":     `{"version": 1, "organizations": [{"id": 1}], "files": [{"organizationId": 1, "content": "?"}]}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "state.json")
			if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}
			_, err := sandbox.New(sandbox.Config{StateFile: path, Seed: true})
			if err == nil || !strings.Contains(err.Error(), path) {
				t.Errorf("the error is %v, want it to name the file", err)
			}
			left, err := os.ReadFile(path) //nolint:gosec // It is in the test's own folder.
			if err != nil || string(left) != content {
				t.Errorf("the file was changed to %q: %v", left, err)
			}
		})
	}
}

func TestStateFilesThatCannotBeReachedAreAnError(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	for _, path := range []string{folder, filepath.Join(folder, "missing", "state.json")} {
		if _, err := sandbox.New(sandbox.Config{StateFile: path}); err == nil || !strings.Contains(err.Error(), folder) {
			t.Errorf("%s: the error is %v", path, err)
		}
	}
}

func TestSeedIsTheSameEachTime(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "state.json")
	first := newBench(t, sandbox.Config{Seed: true})
	second := newBench(t, sandbox.Config{Seed: true, StateFile: path})
	if diff := cmp.Diff(first.Organizations(), second.Organizations()); diff != "" {
		t.Error(diff)
	}
	second.DeleteOrganization(1)
	if err := second.Close(); err != nil {
		t.Fatal(err)
	}
	third := newBench(t, sandbox.Config{Seed: true, StateFile: path})
	if got := len(third.Organizations()); got != len(first.Organizations())-1 {
		t.Errorf("there are %d organizations: the seed was put over what was saved", got)
	}
}

// TestSeedAnswers makes every reading call on every seeded organization, for the
// check against the OpenAPI document.
func TestSeedAnswers(t *testing.T) {
	t.Parallel()
	b := newBench(t, sandbox.Config{Seed: true})
	organizations := b.Organizations()
	if len(organizations) != 5 || organizations[3].Name != organizations[4].Name || organizations[2].Settings["retentionDays"] == nil {
		t.Fatalf("the seed is %+v", organizations)
	}
	b.send("GET", organizationsURL, nil).want(http.StatusOK)
	used := 0
	for _, org := range organizations {
		for _, call := range []string{"", "/members", "/assets", "/transforms", "/hpo", "/stat"} {
			b.send("GET", organizationURL(org.ID, call), nil).want(http.StatusOK)
		}
		for _, f := range b.Files(org.ID) {
			b.send("GET", fileURL(org.ID, "", f.Ref), nil).want(http.StatusOK)
			b.send("GET", fileURL(org.ID, "/usage", f.Ref), nil).want(http.StatusOK)
			used += len(f.ProjectIDs)
		}
	}
	if used == 0 {
		t.Error("no file of the seed is used")
	}
	b.asUser().send("GET", organizationURL(1, ""), nil).want(http.StatusOK)
	b.asUser().send("GET", organizationURL(5, ""), nil).want(http.StatusForbidden)
}
