package acceptance

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"testing"
)

// installedVersion is the version of the provider that Install offers. It is one
// that the version constraints of the documentation accept.
const installedVersion = "0.1.0"

// Installation is the provider as a program, where the CLI's init finds it, for
// tests that do everything as a user does.
type Installation struct {
	// bin is a folder with a program called terraform, whatever the CLI is.
	bin       string
	cliConfig string
}

// requiredProvider is how a CLI shows where it looks for guardai/guardai.
var requiredProvider = regexp.MustCompile(`provider\[(.+)/guardai/guardai\]`)

// Install builds the provider into a mirror from which the CLI installs it. It
// lasts as long as the test.
func Install(t testing.TB) *Installation {
	t.Helper()
	dir := t.TempDir()
	mirror := filepath.Join(dir, "mirror")
	platform := filepath.Join(mirror, registryHost(t), "guardai", "guardai", installedVersion, runtime.GOOS+"_"+runtime.GOARCH)
	buildProvider(t, filepath.Join(platform, "terraform-provider-guardai_v"+installedVersion))
	i := &Installation{bin: filepath.Join(dir, "bin"), cliConfig: filepath.Join(dir, "cli.tfrc")}
	if err := os.Mkdir(i.bin, 0o700); err != nil {
		t.Fatal(err)
	}
	wrapper := fmt.Sprintf("#!/bin/sh\nexec '%s' \"$@\"\n", CLIPath(t))
	write(t, filepath.Join(i.bin, "terraform"), wrapper, 0o700)
	write(t, i.cliConfig, fmt.Sprintf("provider_installation {\n  filesystem_mirror {\n    path = %q\n  }\n}\n", mirror), 0o600)
	return i
}

// Environ is an environment in which terraform is the CLI to test with and installs
// this provider. It holds nothing that the user of this machine has set but the
// PATH; home is a folder for what programs keep.
func (i *Installation) Environ(home string) []string {
	return []string{
		"PATH=" + i.bin + string(os.PathListSeparator) + os.Getenv("PATH"), "HOME=" + home,
		"TF_CLI_CONFIG_FILE=" + i.cliConfig, "CHECKPOINT_DISABLE=1", "NO_COLOR=1", "TF_CLI_ARGS=-no-color",
	}
}

// registryHost is where the CLI looks for a provider whose source names no host:
// Terraform and OpenTofu differ.
func registryHost(t testing.TB) string {
	t.Helper()
	const block = "terraform {\n  required_providers {\n    guardai = {\n      source = \"guardai/guardai\"\n    }\n  }\n}\n"
	w := newWorkspace(t, "{}", map[string]string{"main.tf": block})
	found := requiredProvider.FindStringSubmatch(w.MustRun(t, "providers").Stdout)
	if found == nil {
		t.Fatal("the CLI doesn't tell where it looks for guardai/guardai")
	}
	return found[1]
}

func buildProvider(t testing.TB, file string) {
	t.Helper()
	build := exec.CommandContext(t.Context(), "go", "build", "-o", file, "github.com/guardai/terraform-provider-guardai") //nolint:gosec // The test names the path.
	if output, err := build.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, output)
	}
}

func write(t testing.TB, file, content string, mode os.FileMode) {
	t.Helper()
	if err := os.WriteFile(file, []byte(content), mode); err != nil {
		t.Fatal(err)
	}
}
