package main

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"

	"github.com/guardai/terraform-provider-guardai/internal/cmd/internal/cli"
	"github.com/guardai/terraform-provider-guardai/internal/cmd/internal/install"
	"github.com/guardai/terraform-provider-guardai/internal/cmd/internal/run"
	"github.com/guardai/terraform-provider-guardai/internal/cmd/internal/tool"
	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

// configuration creates organizations with a file each.
//
//go:embed main.tf
var configuration string

// orphansConfiguration finds what is on the platform and in no state. The guide on
// reliability shows it.
//
//go:embed orphans.tf
var orphansConfiguration string

// providerName is the name of the provider's program.
const providerName = "terraform-provider-guardai"

// workspace is a temporary folder with the provider, and the CLI that takes it from
// there.
type workspace struct {
	dir, cli, cliConfig string
	folders             int
}

func newWorkspace(ctx context.Context, path string, stderr io.Writer) (*workspace, error) {
	root, err := tool.Root()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "guardai-reliability-")
	if err != nil {
		return nil, err
	}
	w := &workspace{dir: dir, cli: path, cliConfig: filepath.Join(dir, "cli.tfrc")}
	if err := w.build(ctx, root, stderr); err != nil {
		return nil, errors.Join(err, w.remove())
	}
	return w, nil
}

func (w *workspace) build(ctx context.Context, root string, stderr io.Writer) error {
	if err := install.Build(ctx, root, ".", w.provider(), stderr); err != nil {
		return err
	}
	if err := os.Mkdir(w.mirror(), 0o700); err != nil {
		return err
	}
	// The override spares an init. The mirror is for when there is one all the same.
	return install.WriteOverride(w.cliConfig, filepath.Dir(w.provider()), w.mirror())
}

// provider is the path of the provider's program.
func (w *workspace) provider() string { return filepath.Join(w.dir, "provider", providerName) }

// mirror is a folder from which the CLI installs providers.
func (w *workspace) mirror() string { return filepath.Join(w.dir, "mirror") }

func (w *workspace) remove() error { return os.RemoveAll(w.dir) }

// folder is one with the configuration, for one state.
type folder struct {
	workspace *workspace
	dir       string
	environ   []string
}

// folder makes a new one for a platform.
func (w *workspace) folder(p *platform, organizations int) (*folder, error) {
	w.folders++
	f := &folder{workspace: w, dir: filepath.Join(w.dir, strconv.Itoa(w.folders))}
	f.environ = append(cli.CleanEnviron(), "TF_CLI_CONFIG_FILE="+w.cliConfig, "TF_IN_AUTOMATION=1", "TF_CLI_ARGS=-no-color",
		"TF_VAR_organizations="+strconv.Itoa(organizations),
		"GUARDAI_HOST="+p.url, "GUARDAI_API_KEY_ID="+sandbox.AdminKeyID, "GUARDAI_API_KEY="+sandbox.AdminKey)
	if err := os.Mkdir(f.dir, 0o700); err != nil {
		return nil, err
	}
	if err := f.write("main.tf", configuration); err != nil {
		return nil, err
	}
	return f, nil
}

func (f *folder) write(name, content string) error {
	return os.WriteFile(filepath.Join(f.dir, name), []byte(content), 0o600)
}

func (f *folder) remove() error { return os.RemoveAll(f.dir) }

// command prepares a command of the CLI. What it writes goes to output.
func (f *folder) command(ctx context.Context, output io.Writer, args ...string) *exec.Cmd {
	command := run.Command(ctx, f.workspace.cli, args...)
	command.Dir, command.Env, command.Stdout, command.Stderr = f.dir, f.environ, output, output
	return command
}

// terraform runs a command of the CLI that must succeed.
func (f *folder) terraform(ctx context.Context, args ...string) error {
	output := &lastWords{}
	command := f.command(ctx, output, args...)
	err := command.Run()
	run.Sweep(command)
	if err != nil {
		return fmt.Errorf("%s %s: %w\n%s", filepath.Base(f.workspace.cli), args[0], err, output)
	}
	return nil
}

// lastWords keeps the end of what a program writes.
type lastWords struct{ text []byte }

const lastWordsLimit = 1 << 13

func (l *lastWords) Write(p []byte) (int, error) {
	l.text = append(l.text, p...)
	l.text = l.text[max(0, len(l.text)-lastWordsLimit):]
	return len(p), nil
}

// String returns what was kept.
func (l *lastWords) String() string { return string(l.text) }

// stateFile is where the CLI keeps the state.
const stateFile = "terraform.tfstate"

// errCutOff is a state file that its CLI didn't live to write to the end: Terraform
// and OpenTofu empty the file and then write it anew.
var errCutOff = errors.New("the state file is cut off")

// state is as much of a state file as matters here.
type state struct {
	Outputs struct {
		Orphans struct {
			Value struct {
				Organizations []int64  `json:"organizations"`
				Files         []string `json:"files"`
			} `json:"value"`
		} `json:"orphans"`
	} `json:"outputs"`
	Resources []struct {
		Mode      string `json:"mode"`
		Instances []struct {
			Attributes struct {
				ID json.RawMessage `json:"id"`
			} `json:"attributes"`
		} `json:"instances"`
	} `json:"resources"`
}

func (f *folder) state() (*state, error) {
	raw, err := os.ReadFile(filepath.Join(f.dir, stateFile))
	if errors.Is(err, fs.ErrNotExist) {
		return &state{}, nil
	}
	if err != nil {
		return nil, err
	}
	return parseState(raw)
}

func parseState(raw []byte) (*state, error) {
	var s state
	if err := json.Unmarshal(raw, &s); err != nil {
		return nil, errors.Join(errCutOff, err)
	}
	return &s, nil
}

// managed returns the import ids of what is in state.
func (s *state) managed() map[string]bool {
	ids := map[string]bool{}
	for _, resource := range s.Resources {
		for _, instance := range resource.Instances {
			if resource.Mode == "managed" {
				ids[importID(instance.Attributes.ID)] = true
			}
		}
	}
	return ids
}

// orphans returns the import ids that the configuration for it has found.
func (s *state) orphans() map[string]bool {
	ids := map[string]bool{}
	for _, id := range s.Outputs.Orphans.Value.Organizations {
		ids[strconv.FormatInt(id, 10)] = true
	}
	for _, id := range s.Outputs.Orphans.Value.Files {
		ids[id] = true
	}
	return ids
}

// importID takes an id that is a number or a string.
func importID(id json.RawMessage) string {
	var text string
	if json.Unmarshal(id, &text) != nil {
		return string(id)
	}
	return text
}
