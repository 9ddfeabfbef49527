package export_test

import (
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/guardai/terraform-provider-guardai/internal/acceptance"
	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

func TestExportIsReproducible(t *testing.T) {
	t.Parallel()
	for _, layout := range []string{"flat", "gitops"} {
		b := newFixture(t)
		for i := range 20 {
			org := b.AddOrganization(sandbox.Organization{Name: fmt.Sprint("Team ", i%7)})
			for j := range 3 {
				b.AddFile(org.ID, sandbox.File{Ref: fmt.Sprint(i, "-", j), Type: "classmapping", Name: fmt.Sprint(j%2, ".csv"), Content: []byte("x")})
			}
		}
		b.mustExport(t, "-layout", layout)
		first := b.tree(t)
		b.out = filepath.Join(t.TempDir(), "second")
		b.mustExport(t, "-layout", layout)
		if second := b.tree(t); !maps.Equal(first, second) {
			t.Errorf("the two exports with the layout %s differ", layout)
		}
	}
}

func TestFolders(t *testing.T) {
	t.Parallel()
	b := newFixture(t, seeded)
	if err := os.MkdirAll(filepath.Join(b.out, ".git"), 0o700); err != nil {
		t.Fatal(err)
	}
	b.mustExport(t)
	before := b.tree(t)
	b.mustFail(t, 1, "isn't empty", "-files=false")
	b.mustFail(t, 1, "-layout=flat", "-update", "-layout", "gitops")
	b.mustFail(t, 1, "was exported from", "-update", "-host", "http://127.0.0.1:1")
	mustContain(t, b.mustExport(t, "-update", "-host", b.URL+"/"), "Added 0 organizations and 0 files")
	mustContain(t, b.mustExport(t, "-update"), "Added 0 organizations and 0 files")
	if !maps.Equal(before, b.tree(t)) {
		t.Error("the folder was changed")
	}
	b.out = t.TempDir()
	b.write(t, "main.tf", "")
	b.mustFail(t, 1, "isn't empty")
	b.mustFail(t, 1, "has no export.json", "-update")
}

// cli runs the CLI in the exported folder with the built provider.
func (b *fixture) cli(t *testing.T, args ...string) string {
	t.Helper()
	config := filepath.Join(t.TempDir(), "cli.tfrc")
	text := fmt.Sprintf("provider_installation {\n  dev_overrides {\n    \"guardai/guardai\" = %q\n  }\n  direct {}\n}\n", filepath.Dir(program))
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	command := exec.CommandContext(t.Context(), acceptance.CLIPath(t), args...) //nolint:gosec // The test chooses the CLI.
	command.Dir = b.out
	command.Env = append(slices.Clone(b.environ), "TF_CLI_CONFIG_FILE="+config, "NO_COLOR=1", "TF_CLI_ARGS=-no-color")
	output, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", strings.Join(args, " "), err, output)
	}
	return string(output)
}

// An update adds what is new and leaves the user's changes alone.
func TestUpdate(t *testing.T) {
	t.Parallel()
	b := newFixture(t, seeded)
	b.mustExport(t)
	b.cli(t, "apply", "-auto-approve")
	if err := os.Remove(filepath.Join(b.out, "imports.tf")); err != nil {
		t.Fatal(err)
	}
	b.write(t, "organizations.tf", "# Mine.\n"+strings.Replace(b.read(t, "organizations.tf"), `"Map Making"`, `"Maps"`, 1)+
		"\nresource \"guardai_organization\" \"team\" {\n  name = \"Team\"\n}\n")
	b.write(t, "files/map_making/traffic-signs.csv", "changed")
	b.cli(t, "apply", "-auto-approve")
	before := b.tree(t)

	fresh := b.AddOrganization(sandbox.Organization{Name: "Team"})
	b.AddFile(fresh.ID, sandbox.File{Ref: "fresh", Type: "classmapping", Name: "fresh.csv", Content: []byte("x")})
	b.AddFile(3, sandbox.File{Ref: "more", Type: "classmapping", Name: "traffic-signs.csv", Content: []byte("more")})
	b.DeleteOrganization(2)
	output := b.mustExport(t, "-update")
	mustContain(t, output, "Added 1 organization and 2 files", "no longer on the platform", "organization 2 (driver_monitoring)")
	for name, text := range before {
		if name == "export.json" || strings.HasPrefix(name, "terraform.tfstate") {
			continue
		}
		if now := b.read(t, name); !strings.HasPrefix(now, text) {
			t.Errorf("%s was changed to:\n%s", name, now)
		}
	}
	mustContain(t, b.read(t, "organizations.tf"), fmt.Sprintf("\"team_%d\"", fresh.ID))
	mustContain(t, b.read(t, "files/map_making/traffic-signs-more.csv"), "more")
	// The plan creates deleted objects again, which the user has to decide on.
	mustContain(t, b.cli(t, "plan"), "Plan: 3 to import, 1 to add, 0 to change, 0 to destroy.")
	b.mustBeFormatted(t)
	if strings.Contains(b.mustExport(t, "-update"), "Added 1") {
		t.Error("a second update added something")
	}
}

// A file whose reference was changed by an upload is the same file.
func TestUpdateOfAFileWithANewRef(t *testing.T) {
	t.Parallel()
	b := newFixture(t, seeded, acceptance.Unusual)
	b.mustExport(t)
	b.DeleteFile(3, "classmapping", "8d1e6f0b-3c44-4f57-8f0e-61b2d9a7c320")
	b.AddFile(3, sandbox.File{Ref: "other", Type: "classmapping", Name: "traffic-signs.csv", Content: []byte("x")})
	output := b.mustExport(t, "-update")
	mustContain(t, output, "Added 0 organizations and 0 files")
	if strings.Contains(output, "no longer") {
		t.Errorf("the file is reported as deleted:\n%s", output)
	}
}

func TestUpdateOfTheGitOpsLayout(t *testing.T) {
	t.Parallel()
	acceptance.ImportsWithForEach.Need(t)
	b := newFixture(t, seeded)
	b.mustExport(t, "-layout", "gitops")
	before := b.tree(t)
	fresh := b.AddOrganization(sandbox.Organization{Name: "Vision Research"})
	b.AddFile(fresh.ID, sandbox.File{Ref: "fresh", Type: "classmapping", Name: "fresh.csv", Content: []byte("x")})
	b.AddFile(3, sandbox.File{Ref: "more", Type: "classmapping", Name: "more.csv", Content: []byte("more")})
	for name, part := range map[string]string{"policy/guardai.rego": "No quota falls", "policy/guardai_test.rego": "test_", ".gitignore": "plan.json"} {
		mustContain(t, before[name], part)
	}
	output := b.mustExport(t, "-update", "-verify")
	mustContain(t, output, "Added 1 organization and 1 file", "add it to organizations/map_making.yaml yourself", "10 to import, 0 to add, 0 to change, 0 to destroy")
	for name, text := range before {
		if name != "export.json" && filepath.Base(name) != "imports.yaml" && b.read(t, name) != text {
			t.Errorf("%s was changed", name)
		}
	}
	for line := range strings.Lines(before["environments/production/imports.yaml"]) {
		mustContain(t, b.read(t, "environments/production/imports.yaml"), line)
	}
}

func TestSelection(t *testing.T) {
	t.Parallel()
	b := newFixture(t, seeded)
	mustContain(t, b.mustExport(t, "-name-regex", "^Vision ", "-files=false", "-verify"), "Exported 2 organizations and 0 files", verified(2))
	mustContain(t, b.mustExport(t, "-update", "-organization", "1", "-organization", "4"), "Added 1 organization and 2 files")
	mustContain(t, b.mustExport(t, "-update"), "Added 0 organizations and 0 files")
	b.out = filepath.Join(t.TempDir(), "other")
	b.mustFail(t, 1, "no organization on the platform matches", "-name-regex", "^nothing$")
	b.AddOrganization(sandbox.Organization{Name: "Fu\u0308hrung"})
	for i, form := range []string{"F\u00fchrung", "Fu\u0308hrung"} {
		b.out = filepath.Join(t.TempDir(), fmt.Sprint("form", i))
		mustContain(t, b.mustExport(t, "-name-regex", "^"+form+"$"), "Exported 1 organization and 0 files")
	}
	b.out = filepath.Join(t.TempDir(), "failed")
	b.mustFail(t, 1, "don't exist: 77, 78", "-organization", "1", "-organization", "77", "-organization", "78")
	if _, err := os.Stat(b.out); err == nil {
		t.Error("an export that failed made a folder")
	}
}

// The organizations of an earlier selection may have been deleted since.
func TestUpdateOfASelection(t *testing.T) {
	t.Parallel()
	b := newFixture(t, seeded)
	b.mustExport(t, "-organization", "1", "-organization", "2")
	b.DeleteOrganization(2)
	b.AddOrganization(sandbox.Organization{Name: "Not selected"})
	mustContain(t, b.mustExport(t, "-update"), "Added 0 organizations and 0 files", "no longer on the platform", "organization 2 (")
}

func TestExportWithoutAdminRights(t *testing.T) {
	t.Parallel()
	b := newFixture(t, seeded)
	b.asUser()
	b.mustFail(t, 1, "requires administrator rights")
	b.mustFail(t, 1, "-organization 42")
	mustContain(t, b.mustExport(t, "-organization", "1", "-organization", "2", "-verify"), "Exported 2 organizations and 1 file", verified(3))
}

// A failed call's message ends with what to do next.
func TestErrorsNameARemedy(t *testing.T) {
	t.Parallel()
	b := newFixture(t, seeded)
	b.mustFail(t, 1, "Nothing accepts connections at that address. Check host", "-host", "http://127.0.0.1:1", "-max-retries", "0")
	b.environ = append(b.environ, "GUARDAI_API_KEY=wrong")
	b.mustFail(t, 1, "The platform doesn't accept the API key. Check api_key_id and api_key (GUARDAI_API_KEY_ID")
}

func TestUsage(t *testing.T) {
	t.Parallel()
	b := newFixture(t)
	b.environ = append(b.environ, "GUARDAI_API_KEY=")
	mustContain(t, b.mustExport(t, "-help"), "Usage: terraform-provider-guardai export -out FOLDER", "-name-regex")
	b.mustFail(t, 2, "An API key id is set without the key. Set GUARDAI_API_KEY_ID and GUARDAI_API_KEY, GUARDAI_TOKEN, or -config-file")
	for says, args := range map[string][]string{
		"unexpected argument \"x\"":         {"x"},
		"-layout is \"x\"":                  {"-layout", "x"},
		"not an id":                         {"-organization", "x"},
		"missing closing )":                 {"-name-regex", "("},
		"flag provided but not defined: -x": {"-x"},
		"flag -max-retries is x":            {"-max-retries", "x"},
		"flag -request-timeout is \"1\"":    {"-request-timeout", "1"},
		"set by the flag -host":             {"-host", "nowhere"},
		"Set -host, the environment":        {"-host", "nowhere"},
		"Set -ca-certificate or":            {"-ca-certificate", "missing.pem"},
		"-out is missing":                   {"-out", ""},
	} {
		b.mustFail(t, 2, says, args...)
	}
}

// A failed download doesn't end the export.
func TestFailedDownloads(t *testing.T) {
	t.Parallel()
	b := newFixture(t, seeded)
	for range 2 {
		b.Inject(sandbox.Fault{Operation: "download_organization_file", Kind: sandbox.FaultStatus, Status: 403})
	}
	b.Inject(sandbox.Fault{Operation: "download_organization_file", Kind: sandbox.FaultHTML})
	output := b.mustExport(t, "-verify")
	mustContain(t, output, "Exported 5 organizations and 0 files", "HTML page", "403", verified(5))
	mustContain(t, b.read(t, "README.md"), "## What was not exported", "HTML page", "403")
	mustContain(t, b.mustExport(t, "-update", "-verify"), "Added 0 organizations and 3 files", "8 to import, 0 to add, 0 to change")
}

func TestProviderBlockHasFlags(t *testing.T) {
	t.Parallel()
	b := newFixture(t, seeded)
	b.mustExport(t, "-max-retries", "2", "-request-timeout", "10s", "-insecure-skip-verify", "-verify")
	text := strings.Join(strings.Fields(b.read(t, "provider.tf")), " ")
	mustContain(t, text, "max_retries = 2", `request_timeout = "10s"`, "insecure_skip_verify = true")
}
