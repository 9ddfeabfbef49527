package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

const built = "/built/tofu"

// fakePath makes the given commands, each of which tells a version, the only ones
// on the PATH, and returns their folder.
func fakePath(t *testing.T, versions map[string]string) string {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("the fake commands are shell scripts")
	}
	dir := t.TempDir()
	for name, version := range versions {
		writeScript(t, filepath.Join(dir, name), fmt.Sprintf(`echo '{"terraform_version": %q}'`, version))
	}
	t.Setenv("PATH", dir)
	t.Setenv(Variable, "")
	replaceBuild(t, func(context.Context, io.Writer) (string, error) { return built, nil })
	return dir
}

func writeScript(t *testing.T, file, body string) {
	t.Helper()
	if err := os.WriteFile(file, []byte("#!/bin/sh\n"+body+"\n"), 0o700); err != nil { //nolint:gosec // A script must be executable.
		t.Fatal(err)
	}
}

func replaceBuild(t *testing.T, build func(context.Context, io.Writer) (string, error)) {
	t.Helper()
	original := buildOpenTofu
	t.Cleanup(func() { buildOpenTofu = original })
	buildOpenTofu = build
}

func TestResolveLooksInOrder(t *testing.T) {
	for name, test := range map[string]struct {
		versions map[string]string
		want     string
		note     string
	}{
		"terraform before tofu": {map[string]string{"terraform": "1.11.4", "tofu": "1.12.6"}, "terraform", ""},
		"oldest terraform":      {map[string]string{"terraform": "1.5.0"}, "terraform", ""},
		"a prerelease counts":   {map[string]string{"terraform": "1.16.0-dev"}, "terraform", ""},
		"old terraform":         {map[string]string{"terraform": "1.4.7", "tofu": "1.8.0"}, "tofu", "Terraform 1.4.7, and the provider needs 1.5.0"},
		"only tofu":             {map[string]string{"tofu": "1.12.6"}, "tofu", ""},
		"old tofu":              {map[string]string{"tofu": "1.7.9"}, "", "OpenTofu 1.7.9, and the provider needs 1.8.0"},
		"nothing":               {nil, "", "no usable terraform or tofu"},
		"no version":            {map[string]string{"terraform": ""}, "", "Not using"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := fakePath(t, test.versions)
			want := built
			if test.want != "" {
				want = filepath.Join(dir, test.want)
			}
			var stderr bytes.Buffer
			got, err := Resolve(t.Context(), &stderr)
			if err != nil || got != want {
				t.Errorf("Resolve() = %q, %v; want %q", got, err, want)
			}
			if !strings.Contains(stderr.String(), test.note) || (test.note == "") != (stderr.Len() == 0) {
				t.Errorf("stderr = %q; want it to hold %q", stderr.String(), test.note)
			}
		})
	}
}

func TestResolveTakesTheChosenOne(t *testing.T) {
	dir := fakePath(t, map[string]string{"terraform": "1.11.4", "tofu": "1.12.6"})
	for _, chosen := range []string{"tofu", filepath.Join(dir, "tofu")} {
		t.Setenv(Variable, chosen)
		got, err := Resolve(t.Context(), io.Discard)
		if want := filepath.Join(dir, "tofu"); err != nil || got != want {
			t.Errorf("with %s=%s: Resolve() = %q, %v; want %q", Variable, chosen, got, err, want)
		}
	}
}

func TestResolveRefusesAChosenOneThatCannotBeUsed(t *testing.T) {
	dir := fakePath(t, map[string]string{"terraform": "1.11.4", "tofu": "1.7.0"})
	writeScript(t, filepath.Join(dir, "broken"), "echo not JSON")
	writeScript(t, filepath.Join(dir, "failing"), "exit 3")
	for chosen, want := range map[string]string{
		"tofu": "OpenTofu 1.7.0", "broken": "not JSON", "failing": "exit status 3", "missing": "not found",
	} {
		_, err := Choose(t.Context(), chosen, io.Discard)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Choose(%q): %v; want an error with %q", chosen, err, want)
		}
	}
}

func TestResolveReportsAFailedBuild(t *testing.T) {
	fakePath(t, nil)
	failure := errors.New("no room")
	replaceBuild(t, func(context.Context, io.Writer) (string, error) { return "", failure })
	if _, err := Resolve(t.Context(), io.Discard); !errors.Is(err, failure) {
		t.Errorf("Resolve(): %v; want %v", err, failure)
	}
}

func TestCleanEnviron(t *testing.T) {
	t.Setenv("TF_CLI_ARGS", "-destroy")
	t.Setenv("CHECKPOINT_DISABLE", "")
	t.Setenv("GUARDAI_TOKEN", "secret")
	t.Setenv("HTTPS_PROXY", "http://localhost:1")
	got := "\n" + strings.Join(CleanEnviron(), "\n") + "\n"
	if strings.Contains(got, "\nTF_") || strings.Contains(got, "\nGUARDAI_") || strings.Contains(got, "\nCHECKPOINT_DISABLE=\n") {
		t.Errorf("the environment holds what was to be taken out:\n%s", got)
	}
	if !strings.Contains(got, "\nHTTPS_PROXY=http://localhost:1\n") || !strings.Contains(got, "\nCHECKPOINT_DISABLE=1\n") {
		t.Errorf("the environment lacks what belongs there:\n%s", got)
	}
}
