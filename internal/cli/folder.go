package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	tfjson "github.com/hashicorp/terraform-json"
)

// Folder is a folder in which a CLI runs.
type Folder struct {
	Dir string
	// CLI is the CLI's path.
	CLI string
	// Env is the whole environment of what runs here. Of a variable that it holds twice, the last counts.
	Env []string
}

// NewFolder makes a folder of that path, with settings in addition to Environ.
func NewFolder(dir, cli string, settings ...string) (*Folder, error) {
	return &Folder{Dir: dir, CLI: cli, Env: append(Environ(), settings...)}, os.MkdirAll(dir, 0o700)
}

// Environ returns the environment without what changes how a CLI or the provider behaves, so that a run doesn't
// depend on what the user happens to have set. A CLI doesn't look for updates in it, and writes plain text.
func Environ() []string {
	environ := slices.DeleteFunc(os.Environ(), func(entry string) bool {
		return strings.HasPrefix(entry, "TF_") || strings.HasPrefix(entry, "GUARDAI_") || strings.HasPrefix(entry, "CHECKPOINT_DISABLE=")
	})
	return append(environ, "CHECKPOINT_DISABLE=1", "NO_COLOR=1", "TF_CLI_ARGS=-no-color")
}

// With is the same folder with more variables.
func (f *Folder) With(settings ...string) *Folder {
	return &Folder{Dir: f.Dir, CLI: f.CLI, Env: append(slices.Clone(f.Env), settings...)}
}

// In is a folder below with the same environment.
func (f *Folder) In(name string) *Folder {
	return &Folder{Dir: f.Path(name), CLI: f.CLI, Env: f.Env}
}

// Path is the path of a file, whose name has slashes.
func (f *Folder) Path(name string) string { return filepath.Join(f.Dir, filepath.FromSlash(name)) }

// Write writes a file, and makes the folders that it is in.
func (f *Folder) Write(name, content string) error {
	if err := os.MkdirAll(filepath.Dir(f.Path(name)), 0o700); err != nil {
		return err
	}
	return os.WriteFile(f.Path(name), []byte(content), 0o600)
}

// Read returns a file's content.
func (f *Folder) Read(name string) (string, error) {
	content, err := os.ReadFile(f.Path(name))
	return string(content), err
}

// Replace replaces a text that a file must hold exactly once.
func (f *Folder) Replace(name, old, by string) error {
	content, err := f.Read(name)
	if err != nil {
		return err
	}
	if n := strings.Count(content, old); n != 1 {
		return fmt.Errorf("%s holds %q %d times, not once", name, old, n)
	}
	return f.Write(name, strings.Replace(content, old, by, 1))
}

// Program prepares a program to run here.
func (f *Folder) Program(ctx context.Context, name string, args ...string) *exec.Cmd {
	command := Command(ctx, name, args...)
	command.Dir, command.Env = f.Dir, f.Env
	return command
}

// Command prepares a command of the CLI.
func (f *Folder) Command(ctx context.Context, args ...string) *exec.Cmd {
	return f.Program(ctx, f.CLI, args...)
}

// Run runs a command of the CLI, and returns how it ended.
func (f *Folder) Run(ctx context.Context, args ...string) (Output, error) {
	output, err := Capture(f.Command(ctx, args...))
	if err != nil {
		err = fmt.Errorf("%s: %w", strings.Join(args, " "), err)
	}
	return output, err
}

// MustRun is Run for a command that must succeed.
func (f *Folder) MustRun(ctx context.Context, args ...string) (Output, error) {
	return Succeed(f.Command(ctx, args...))
}

// State asks the CLI what is in state.
func (f *Folder) State(ctx context.Context) (*tfjson.State, error) {
	output, err := f.MustRun(ctx, "show", "-json")
	if err != nil {
		return nil, err
	}
	state := &tfjson.State{}
	state.UseJSONNumber(true)
	if err := json.Unmarshal([]byte(output.Stdout), state); err != nil {
		return nil, fmt.Errorf("reading the state: %w", err)
	}
	return state, nil
}

// ManagedIDs returns the ids of the resources in a state's root module.
func ManagedIDs(state *tfjson.State) []string {
	var ids []string
	if state.Values == nil || state.Values.RootModule == nil {
		return nil
	}
	for _, resource := range state.Values.RootModule.Resources {
		if resource.Mode == tfjson.ManagedResourceMode {
			ids = append(ids, fmt.Sprint(resource.AttributeValues["id"]))
		}
	}
	return ids
}

// frame are the characters with which a CLI draws around errors.
const frame = "╷│╵ "

// Lines returns the lines of a CLI's output that aren't blank, without what differs
// between terminals: white space, and the frame around errors.
func Lines(text string) []string {
	var lines []string
	for line := range strings.Lines(text) {
		if fields := strings.Fields(strings.TrimLeft(line, frame)); len(fields) > 0 {
			lines = append(lines, strings.Join(fields, " "))
		}
	}
	return lines
}
