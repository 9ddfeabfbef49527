package repository

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"
)

// goreleaserConfig is the part of GoReleaser's configuration that these tests check. make snapshot validates the
// rest.
type goreleaserConfig struct {
	Builds []struct {
		Binary       string
		Env, Flags   []string
		Ldflags      []string
		ModTimestamp string `yaml:"mod_timestamp"`
		Goos, Goarch []string
		Ignore       []struct{ Goos, Goarch string }
	}
	Archives []struct {
		ID           string `yaml:"id"`
		Formats      []string
		NameTemplate string `yaml:"name_template"`
	}
	Checksum struct {
		NameTemplate string       `yaml:"name_template"`
		Algorithm    string       `yaml:"algorithm"`
		IDs          []string     `yaml:"ids"`
		ExtraFiles   []extraFiles `yaml:"extra_files"`
	}
	SBOMs []struct {
		ID, Artifacts string
		Documents     []string
	} `yaml:"sboms"`
	Signs   []struct{ Artifacts string }
	Release struct {
		ExtraFiles []extraFiles `yaml:"extra_files"`
	}
}

type extraFiles struct {
	Glob         string
	NameTemplate string `yaml:"name_template"`
}

// linkerVariable matches a linker flag that sets a variable of main.
var linkerVariable = regexp.MustCompile(`-X main\.(\w+)=`)

// The linker ignores variables that don't exist.
func TestLinkerFlagsSetTheVariablesOfMain(t *testing.T) {
	t.Parallel()
	want := mainVariables(t)
	for _, name := range []string{".goreleaser.yml", "GNUmakefile"} {
		var names []string
		for _, found := range linkerVariable.FindAllStringSubmatch(read(t, name), -1) {
			names = append(names, found[1])
		}
		if diff := cmp.Diff(want, names); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// mainVariables returns the names of main's variables in order.
func mainVariables(t *testing.T) []string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "main.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, declaration := range file.Decls {
		block, ok := declaration.(*ast.GenDecl)
		if !ok || block.Tok != token.VAR {
			continue
		}
		for _, spec := range block.Specs {
			if variable, ok := spec.(*ast.ValueSpec); ok {
				names = append(names, variable.Names[0].Name)
			}
		}
	}
	return names
}

// The Registry requires these names and formats.
func TestReleaseMeetsRegistryRequirements(t *testing.T) {
	t.Parallel()
	var config goreleaserConfig
	load(t, ".goreleaser.yml", &config)
	manifest := []extraFiles{{"terraform-registry-manifest.json", "{{ .ProjectName }}_{{ .Version }}_manifest.json"}}
	if len(config.Builds) != 1 || len(config.Archives) != 1 || len(config.SBOMs) != 1 || len(config.Signs) != 1 {
		t.Fatalf("want one build, one archive, one SBOM and one signature: %+v", config)
	}
	build, archive, sbom := config.Builds[0], config.Archives[0], config.SBOMs[0]
	for name, pair := range map[string][2]any{
		"binary":            {"{{ .ProjectName }}_v{{ .Version }}", build.Binary},
		"environment":       {[]string{"CGO_ENABLED=0"}, build.Env},
		"flags":             {[]string{"-trimpath"}, build.Flags},
		"linker flags":      {[]string{linkerFlags(t)}, build.Ldflags},
		"time":              {"{{ .CommitTimestamp }}", build.ModTimestamp},
		"archive":           {"{{ .ProjectName }}_{{ .Version }}_{{ .Os }}_{{ .Arch }}", archive.NameTemplate},
		"format":            {[]string{"zip"}, archive.Formats},
		"sums":              {"{{ .ProjectName }}_{{ .Version }}_SHA256SUMS", config.Checksum.NameTemplate},
		"algorithm":         {"sha256", config.Checksum.Algorithm},
		"SBOM":              {[]string{archive.NameTemplate + ".cdx.json"}, sbom.Documents},
		"described":         {"binary", sbom.Artifacts},
		"summed":            {[]string{archive.ID, sbom.ID}, config.Checksum.IDs},
		"summed manifest":   {manifest, config.Checksum.ExtraFiles},
		"released manifest": {manifest, config.Release.ExtraFiles},
		"signed":            {"checksum", config.Signs[0].Artifacts},
	} {
		if diff := cmp.Diff(pair[0], pair[1]); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// linkerFlags returns the flags of make build with GoReleaser's names for the values. Only with the same flags does
// make build reproduce a release.
func linkerFlags(t *testing.T) string {
	t.Helper()
	found := regexp.MustCompile(`(?m)^LDFLAGS = (.*)$`).FindStringSubmatch(read(t, "GNUmakefile"))
	if found == nil {
		t.Fatal("GNUmakefile sets no LDFLAGS")
	}
	return strings.NewReplacer("$(VERSION)", "{{ .Version }}", "$(COMMIT)", "{{ .FullCommit }}", "$(DATE)", "{{ .CommitDate }}").Replace(found[1])
}

// Releases are built with the GoReleaser version that make snapshot uses.
func TestReleaseUsesThePinnedGoReleaser(t *testing.T) {
	t.Parallel()
	pinned := regexp.MustCompile(`goreleaser/v2 (v\S+)`).FindStringSubmatch(read(t, "internal/tools/goreleaser/go.mod"))
	used := regexp.MustCompile(`\n +version: (v\S+)`).FindStringSubmatch(read(t, ".github/workflows/release.yml"))
	if pinned == nil || used == nil || pinned[1] != used[1] {
		t.Errorf("internal/tools/goreleaser pins %q, and release.yml uses %q", pinned, used)
	}
}

// Actions run with this repository's permissions, and a tag can be moved.
func TestActionsArePinnedByCommit(t *testing.T) {
	t.Parallel()
	uses := regexp.MustCompile(`(?m)^.*\buses: (.*)$`)
	pinned := regexp.MustCompile(`^(\./\S+|[\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+)$`)
	versions := map[string]string{}
	for _, file := range filesWithActions(t) {
		for _, found := range uses.FindAllStringSubmatch(read(t, file), -1) {
			if !pinned.MatchString(found[1]) {
				t.Errorf("%s: no commit and version: %s", file, found[1])
			}
			action, version, _ := strings.Cut(found[1], "@")
			if other, known := versions[action]; known && other != version {
				t.Errorf("%s: %s is at %s, and at %s elsewhere", file, action, version, other)
			}
			versions[action] = version
		}
	}
}

// filesWithActions returns the files that name actions: the workflows of this repository and of the example, and
// guides.
func filesWithActions(t *testing.T) []string {
	t.Helper()
	var all []string
	for _, pattern := range []string{".github/workflows/*.yml", "examples/gitops/.github/workflows/*.yml", "templates/guides/authentication.md"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatalf("there is no %s: %v", pattern, err)
		}
		all = append(all, files...)
	}
	return all
}

func TestDependabotUpdatesEveryModule(t *testing.T) {
	t.Parallel()
	known := dependabotFolders(t, "gomod")
	modules, err := filepath.Glob("internal/tools/*/go.mod")
	if err != nil {
		t.Fatal(err)
	}
	for _, module := range append(modules, "go.mod") {
		folder := path.Join("/", filepath.ToSlash(filepath.Dir(module)))
		if !slices.Contains(known, folder) {
			t.Errorf("%s is not in .github/dependabot.yml", folder)
		}
	}
}

// Dependabot needs the root of a repository, or the folder of the workflows.
func TestDependabotUpdatesEveryWorkflow(t *testing.T) {
	t.Parallel()
	examples, err := filepath.Glob("examples/*/.github/workflows")
	if err != nil || len(examples) == 0 {
		t.Fatalf("no example has workflows: %v", err)
	}
	for _, folder := range append(examples, "") {
		if folder := path.Join("/", filepath.ToSlash(folder)); !slices.Contains(dependabotFolders(t, "github-actions"), folder) {
			t.Errorf("%s is not in .github/dependabot.yml", folder)
		}
	}
}

// dependabotFolders returns the folders in which Dependabot updates an ecosystem.
func dependabotFolders(t *testing.T, ecosystem string) []string {
	t.Helper()
	var config struct {
		Updates []struct {
			Ecosystem   string `yaml:"package-ecosystem"`
			Directory   string
			Directories []string
		}
	}
	load(t, ".github/dependabot.yml", &config)
	var folders []string
	for _, update := range config.Updates {
		if update.Ecosystem == ecosystem {
			folders = append(append(folders, update.Directories...), update.Directory)
		}
	}
	return folders
}

func load(t *testing.T, name string, into any) {
	t.Helper()
	if err := yaml.Unmarshal([]byte(read(t, name)), into); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

func read(t *testing.T, name string) string {
	t.Helper()
	raw, err := os.ReadFile(filepath.Clean(name))
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}
