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

// installedVersion is the version of the provider that Install offers. The version
// constraints of the documentation accept it.
const installedVersion = "0.1.0"

// Installation is the provider as a program, where the CLI's init finds it, for tests
// that do everything as a user does.
type Installation struct {
	// bin is a folder with a program called terraform, whatever the CLI is.
	bin       string
	cliConfig string
}

// Install builds the provider into a mirror from which the CLI installs it. It lasts as long as the test.
func Install(t testing.TB) *Installation {
	t.Helper()
	host, err := registryHost()
	if err != nil {
		t.Fatal(err)
	}
	dir := &cli.Folder{Dir: t.TempDir()}
	BuildProvider(t, dir.Path(strings.Join([]string{
		"mirror", host, "guardai/guardai", installedVersion, runtime.GOOS + "_" + runtime.GOARCH, "terraform-provider-guardai_v" + installedVersion,
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

// Path is a PATH on which terraform is the CLI to test with.
func (i *Installation) Path() string { return i.bin + string(os.PathListSeparator) + os.Getenv("PATH") }

// Environ is an environment in which terraform is the CLI to test with and installs this provider. Of what the user
// of this machine has set it holds the PATH alone; home is a folder for what programs keep.
func (i *Installation) Environ(home string) []string {
	return []string{
		"PATH=" + i.Path(), "HOME=" + home,
		"TF_CLI_CONFIG_FILE=" + i.cliConfig, "CHECKPOINT_DISABLE=1", "NO_COLOR=1", "TF_CLI_ARGS=-no-color",
	}
}

// Workspace makes a workspace whose CLI installs this provider, with settings such as Sandbox.Environ.
func (i *Installation) Workspace(t testing.TB, settings ...string) *Workspace {
	t.Helper()
	return &Workspace{&cli.Folder{Dir: t.TempDir(), CLI: CLIPath(t), Env: append(i.Environ(t.TempDir()), settings...)}}
}

// BuildProvider builds the provider into a file.
func BuildProvider(t testing.TB, file string) {
	t.Helper()
	var log bytes.Buffer
	if err := cli.Build(t.Context(), ".", "github.com/guardai/terraform-provider-guardai", file, &log); err != nil {
		t.Fatalf("%v\n%s", err, &log)
	}
}
