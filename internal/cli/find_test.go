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

// fakePath sets PATH to a new folder with the given commands, which print their version, and returns the folder.
func fakePath(t *testing.T, versions map[string]string) string {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("the fake commands are shell scripts")
	}
	dir := t.TempDir()
	for name, version := range versions {
		writeScript(t, filepath.Join(dir, name), fmt.Sprintf("echo '%s'", version))
	}
	t.Setenv("PATH", dir)
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

func TestFindOrder(t *testing.T) {
	for name, test := range map[string]struct {
		versions map[string]string
		want     string
		note     string
	}{
		"terraform before tofu": {map[string]string{"terraform": "Terraform v1.11.4", "tofu": "OpenTofu v1.12.6"}, "terraform", ""},
		"oldest terraform":      {map[string]string{"terraform": "Terraform v1.5.0"}, "terraform", ""},
		"a prerelease counts":   {map[string]string{"terraform": "Terraform v1.16.0-dev"}, "terraform", ""},
		"old terraform":         {map[string]string{"terraform": "Terraform v1.4.7", "tofu": "OpenTofu v1.8.0"}, "tofu", "Terraform 1.4.7, and the provider needs Terraform 1.5"},
		"only tofu":             {map[string]string{"tofu": "OpenTofu v1.12.6"}, "tofu", ""},
		"tofu by another name":  {map[string]string{"terraform": "OpenTofu v1.7.9"}, "", "OpenTofu 1.7.9, and the provider needs"},
		"old tofu":              {map[string]string{"tofu": "OpenTofu v1.7.9"}, "", "or OpenTofu 1.8"},
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
			got, err := Find(t.Context(), "", &stderr)
			if err != nil || got != want {
				t.Errorf("got %q, %v; want %q", got, err, want)
			}
			if !strings.Contains(stderr.String(), test.note) || (test.note == "") != (stderr.Len() == 0) {
				t.Errorf("stderr = %q; want it to hold %q", stderr.String(), test.note)
			}
		})
	}
}

func TestFindChosenCLI(t *testing.T) {
	dir := fakePath(t, map[string]string{"terraform": "Terraform v1.11.4", "tofu": "OpenTofu v1.12.6", "old": "OpenTofu v1.7.0", "broken": "no version"})
	writeScript(t, filepath.Join(dir, "failing"), "exit 3")
	for _, chosen := range []string{"tofu", filepath.Join(dir, "tofu")} {
		got, err := Find(t.Context(), chosen, io.Discard)
		if want := filepath.Join(dir, "tofu"); err != nil || got != want {
			t.Errorf("%s: got %q, %v; want %q", chosen, got, err, want)
		}
	}
	for chosen, want := range map[string]string{
		"old": "OpenTofu 1.7.0", "broken": "reports no version", "failing": "exit code 3", "missing": "not found",
	} {
		if _, err := Find(t.Context(), chosen, io.Discard); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v; want an error with %q", chosen, err, want)
		}
	}
}

func TestFindReturnsBuildError(t *testing.T) {
	fakePath(t, nil)
	failure := errors.New("no room")
	replaceBuild(t, func(context.Context, io.Writer) (string, error) { return "", failure })
	if _, err := Find(t.Context(), "", io.Discard); !errors.Is(err, failure) {
		t.Errorf("got %v; want %v", err, failure)
	}
}

func TestEnviron(t *testing.T) {
	t.Setenv("TF_CLI_ARGS", "-destroy")
	t.Setenv("CHECKPOINT_DISABLE", "")
	t.Setenv("GUARDAI_TOKEN", "secret")
	t.Setenv("HTTPS_PROXY", "http://localhost:1")
	got := "\n" + strings.Join(Environ(), "\n") + "\n"
	for _, unwanted := range []string{"-destroy", "\nGUARDAI_", "\nCHECKPOINT_DISABLE=\n"} {
		if strings.Contains(got, unwanted) {
			t.Errorf("the environment holds %q:\n%s", unwanted, got)
		}
	}
	for _, wanted := range []string{"\nHTTPS_PROXY=http://localhost:1\n", "\nCHECKPOINT_DISABLE=1\n", "\nTF_CLI_ARGS=-no-color\n"} {
		if !strings.Contains(got, wanted) {
			t.Errorf("the environment lacks %q:\n%s", wanted, got)
		}
	}
}
