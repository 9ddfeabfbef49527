package acceptance

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/go-plugin"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"

	"github.com/guardai/terraform-provider-guardai/internal/provider"
)

// hostVariable tells terraform-plugin-testing at which host to pretend that the
// provider is.
const hostVariable = "TF_ACC_PROVIDER_HOST"

// impliedProvider is how a CLI shows the provider that ImpliedSource is for it.
var impliedProvider = regexp.MustCompile(`provider\[(.+)/` + ImpliedSource + `\]`)

var hostOnce sync.Once

// useImpliedHost has terraform-plugin-testing serve the provider where the CLI
// looks for it: Terraform and OpenTofu have different default hosts.
func useImpliedHost(t *testing.T) {
	t.Helper()
	hostOnce.Do(func() {
		w := newWorkspace(t, "{}", map[string]string{"main.tf": "provider \"guardai\" {}\n"})
		found := impliedProvider.FindStringSubmatch(w.MustRun(t, "providers").Stdout)
		if found == nil {
			t.Fatal("the CLI doesn't tell where it looks for providers")
		}
		// It is the same for every test of the process, so that no test sets it back.
		if err := os.Setenv(hostVariable, found[1]); err != nil { //nolint:usetesting // As said.
			t.Fatal(err)
		}
	})
}

// ImpliedSource is where a CLI looks for a provider that a configuration doesn't
// say the source of. Workspaces serve the provider as that: their configurations
// need no terraform block, and every version of every CLI agrees on it.
const ImpliedSource = "hashicorp/guardai"

// cliVariable names the CLI to test with, as terraform-plugin-testing calls it.
const cliVariable = "TF_ACC_TERRAFORM_PATH"

// Workspace is a folder in which a test runs commands of the CLI as a user
// would, for what terraform-plugin-testing has no step for.
type Workspace struct {
	Dir      string
	cli      string
	reattach string
}

// Output is what a command of the CLI wrote and how it ended.
type Output struct {
	Stdout, Stderr string
	ExitCode       int
}

// NewWorkspace makes a workspace that holds files and serves the provider to it
// from this process.
func NewWorkspace(t *testing.T, files map[string]string) *Workspace {
	t.Helper()
	return newWorkspace(t, serve(t), files)
}

func newWorkspace(t testing.TB, reattach string, files map[string]string) *Workspace {
	t.Helper()
	w := &Workspace{Dir: t.TempDir(), cli: CLIPath(t), reattach: reattach}
	for name, content := range files {
		w.Write(t, name, content)
	}
	return w
}

// CLIPath is the CLI to test with.
func CLIPath(t testing.TB) string {
	t.Helper()
	cli, err := findCLI()
	if err != nil {
		t.Fatal(err)
	}
	return cli
}

func findCLI() (string, error) {
	if cli := os.Getenv(cliVariable); cli != "" {
		return cli, nil
	}
	found, err := exec.LookPath("terraform")
	if err != nil {
		return "", fmt.Errorf("%s isn't set and there is no terraform on the PATH; run make test", cliVariable)
	}
	return found, nil
}

// Write puts a file into the workspace.
func (w *Workspace) Write(t testing.TB, name, content string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(w.Dir, name), []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

// Read returns a file of the workspace.
func (w *Workspace) Read(t testing.TB, name string) string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(w.Dir, name)) //nolint:gosec // The test names the file.
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// Run runs a command of the CLI and returns how it ended, whatever that is.
func (w *Workspace) Run(t testing.TB, args ...string) Output {
	t.Helper()
	var stdout, stderr bytes.Buffer
	command := exec.CommandContext(t.Context(), w.cli, args...) //nolint:gosec // The test names the command.
	command.Dir, command.Stdout, command.Stderr = w.Dir, &stdout, &stderr
	command.Env = append(os.Environ(), "TF_REATTACH_PROVIDERS="+w.reattach, "TF_CLI_CONFIG_FILE="+os.DevNull,
		"CHECKPOINT_DISABLE=1", "TF_IN_AUTOMATION=1", "NO_COLOR=1", "TF_CLI_ARGS=-no-color")
	err := command.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatalf("%s: %v", strings.Join(args, " "), err)
	}
	return Output{Stdout: stdout.String(), Stderr: stderr.String(), ExitCode: command.ProcessState.ExitCode()}
}

// MustRun is Run for a command that must succeed.
func (w *Workspace) MustRun(t testing.TB, args ...string) Output {
	t.Helper()
	output := w.Run(t, args...)
	if output.ExitCode != 0 {
		t.Fatalf("%s ended with %d:\n%s\n%s", strings.Join(args, " "), output.ExitCode, output.Stdout, output.Stderr)
	}
	return output
}

// serve runs the provider in this process and returns what the CLI needs to
// attach to it.
func serve(t *testing.T) string {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	attached, closed := make(chan *plugin.ReattachConfig), make(chan struct{})
	go func() {
		_ = tf6server.Serve("guardai/guardai", provider.NewServer(Version),
			tf6server.WithDebug(ctx, attached, closed),
			tf6server.WithGoPluginLogger(hclog.New(&hclog.LoggerOptions{Output: io.Discard})),
			tf6server.WithLoggingSink(t),
			tf6server.WithoutLogStderrOverride())
	}()
	config := <-attached
	t.Cleanup(func() {
		cancel()
		<-closed
	})
	raw, err := json.Marshal(map[string]any{ImpliedSource: map[string]any{
		"Protocol": string(config.Protocol), "ProtocolVersion": config.ProtocolVersion, "Pid": config.Pid, "Test": config.Test,
		"Addr": map[string]string{"Network": config.Addr.Network(), "String": config.Addr.String()},
	}})
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}
