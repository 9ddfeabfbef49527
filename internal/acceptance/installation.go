package acceptance

import (
	"bytes"
	"fmt"
	"os"
	"runtime"
	"strings"
	"testing"

	"github.com/guardai/terraform-provider-guardai/internal/cli"
)

// mirrorVersion is the version in the mirror. It must match the version constraints in the documentation.
const mirrorVersion = "0.1.0"

// Installation is a provider that the CLI's init installs from a local mirror, for tests that do everything as a user
// does.
type Installation struct {
	// bin is a folder with a program called terraform, which runs the CLI under test.
	bin       string
	cliConfig string
}

// Install builds the provider into a local mirror, which exists until the test ends.
func Install(t testing.TB) *Installation {
	t.Helper()
	host, err := registryHost()
	if err != nil {
		t.Fatal(err)
	}
	dir := &cli.Folder{Dir: t.TempDir()}
	BuildProvider(t, dir.Path(strings.Join([]string{
		"mirror", host, "guardai/guardai", mirrorVersion, runtime.GOOS + "_" + runtime.GOARCH, "terraform-provider-guardai_v" + mirrorVersion,
	}, "/")))
	i := &Installation{bin: dir.Path("bin"), cliConfig: dir.Path("cli.tfrc")}
	for name, content := range map[string]string{
		"bin/terraform": fmt.Sprintf("#!/bin/sh\nexec '%s' \"$@\"\n", CLIPath(t)),
		"cli.tfrc":      fmt.Sprintf("provider_installation {\n  filesystem_mirror {\n    path = %q\n  }\n}\n", dir.Path("mirror")),
	} {
		if err := dir.Write(name, content); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chmod(dir.Path("bin/terraform"), 0o700); err != nil { //nolint:gosec // It is a program.
		t.Fatal(err)
	}
	return i
}

// Path returns a PATH on which terraform is the CLI under test.
func (i *Installation) Path() string { return i.bin + string(os.PathListSeparator) + os.Getenv("PATH") }

// Environ returns an environment in which terraform is the CLI under test and init installs this provider. Of the
// user's environment it contains only PATH.
func (i *Installation) Environ(home string) []string {
	return []string{
		"PATH=" + i.Path(), "HOME=" + home,
		"TF_CLI_CONFIG_FILE=" + i.cliConfig, "CHECKPOINT_DISABLE=1", "NO_COLOR=1", "TF_CLI_ARGS=-no-color",
	}
}

// Workspace returns a new workspace whose CLI installs this provider, with more environment variables such as
// Sandbox.Environ.
func (i *Installation) Workspace(t testing.TB, settings ...string) *Workspace {
	t.Helper()
	return &Workspace{&cli.Folder{Dir: t.TempDir(), CLI: CLIPath(t), Env: append(i.Environ(t.TempDir()), settings...)}}
}

// NewTestbed builds the provider for a CLI that uses it without init. The testbed exists until the test ends.
func NewTestbed(t testing.TB) *cli.Testbed {
	t.Helper()
	testbed, err := cli.NewTestbed(t.Context(), CLIPath(t), t.Output())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := testbed.Remove(); err != nil {
			t.Error(err)
		}
	})
	return testbed
}

// BuildProvider builds the provider into a file.
func BuildProvider(t testing.TB, file string) {
	t.Helper()
	var log bytes.Buffer
	if err := cli.Build(t.Context(), ".", "github.com/guardai/terraform-provider-guardai", file, &log); err != nil {
		t.Fatalf("%v\n%s", err, &log)
	}
}
