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
)

// Folder is a working directory for a CLI.
type Folder struct {
	Dir string
	CLI string
	// Env is the complete environment. The last of several values of a variable counts.
	Env []string
}

// NewFolder creates a folder whose environment is Environ with more variables.
func NewFolder(dir, cli string, settings ...string) (*Folder, error) {
	return &Folder{Dir: dir, CLI: cli, Env: append(Environ(), settings...)}, os.MkdirAll(dir, 0o700)
}

// Environ returns the environment without variables that affect the CLI or the provider, so runs don't depend on the
// user's settings. It disables update checks and colored output.
func Environ() []string {
	environ := slices.DeleteFunc(os.Environ(), func(entry string) bool {
		return strings.HasPrefix(entry, "TF_") || strings.HasPrefix(entry, "GUARDAI_") || strings.HasPrefix(entry, "CHECKPOINT_DISABLE=")
	})
	return append(environ, "CHECKPOINT_DISABLE=1", "NO_COLOR=1", "TF_CLI_ARGS=-no-color")
}

// WithEnv returns the same folder with more environment variables.
func (f *Folder) WithEnv(settings ...string) *Folder {
	return &Folder{Dir: f.Dir, CLI: f.CLI, Env: append(slices.Clone(f.Env), settings...)}
}

// Subfolder returns a subfolder with the same environment.
func (f *Folder) Subfolder(name string) *Folder {
	return &Folder{Dir: f.Path(name), CLI: f.CLI, Env: f.Env}
}

// Path returns the path of a file. The name has slashes on every system.
func (f *Folder) Path(name string) string { return filepath.Join(f.Dir, filepath.FromSlash(name)) }

// Write writes a file and creates its parent folders.
func (f *Folder) Write(name, content string) error {
	if err := os.MkdirAll(filepath.Dir(f.Path(name)), 0o700); err != nil {
		return err
	}
	return os.WriteFile(f.Path(name), []byte(content), 0o600)
}

func (f *Folder) Read(name string) (string, error) {
	content, err := os.ReadFile(f.Path(name))
	return string(content), err
}

// Replace replaces a string that must occur exactly once in the file.
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

// Program returns a command that runs a program in the folder.
func (f *Folder) Program(ctx context.Context, name string, args ...string) *exec.Cmd {
	command := Command(ctx, name, args...)
	command.Dir, command.Env = f.Dir, f.Env
	return command
}

// Command returns a command that runs the CLI in the folder.
func (f *Folder) Command(ctx context.Context, args ...string) *exec.Cmd {
	return f.Program(ctx, f.CLI, args...)
}

// Run runs the CLI. A non-zero exit code is not an error.
func (f *Folder) Run(ctx context.Context, args ...string) (Output, error) {
	output, err := Capture(f.Command(ctx, args...))
	if err != nil {
		err = fmt.Errorf("%s: %w", strings.Join(args, " "), err)
	}
	return output, err
}

// RequireSuccess is Run for a command that must exit with 0.
func (f *Folder) RequireSuccess(ctx context.Context, args ...string) (Output, error) {
	return RequireSuccess(f.Command(ctx, args...))
}

// StateFile is the name of the local state.
const StateFile = "terraform.tfstate"

// State is the part of a state file that tests compare with the platform.
type State struct {
	Resources []struct {
		Mode      string `json:"mode"`
		Instances []struct {
			Attributes struct {
				ID any `json:"id"`
			} `json:"attributes"`
		} `json:"instances"`
	} `json:"resources"`
	Outputs map[string]struct {
		Value any `json:"value"`
	} `json:"outputs"`
}

// ParseState parses a state file. Reading it is much quicker than running the CLI's show command.
func ParseState(content string) (*State, error) {
	state := &State{}
	decoder := json.NewDecoder(strings.NewReader(content))
	decoder.UseNumber()
	if err := decoder.Decode(state); err != nil {
		return nil, fmt.Errorf("reading the state: %w", err)
	}
	return state, nil
}

// ManagedIDs returns the ids of the managed resources.
func (s *State) ManagedIDs() []string {
	var ids []string
	for _, resource := range s.Resources {
		for _, instance := range resource.Instances {
			if resource.Mode == "managed" {
				ids = append(ids, fmt.Sprint(instance.Attributes.ID))
			}
		}
	}
	return ids
}

// errorFrame are the characters that a CLI draws around errors.
const errorFrame = "╷│╵ "

// Lines returns the non-blank lines of a CLI's output with normalized white space and without the frame around errors.
func Lines(text string) []string {
	var lines []string
	for line := range strings.Lines(text) {
		if fields := strings.Fields(strings.TrimLeft(line, errorFrame)); len(fields) > 0 {
			lines = append(lines, strings.Join(fields, " "))
		}
	}
	return lines
}
