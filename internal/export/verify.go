package export

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
	"runtime"
	"slices"
	"strings"

	"github.com/guardai/terraform-provider-guardai/internal/component"
)

// verification runs the CLI in an exported folder. This program serves as the provider, and the user's CLI settings
// don't apply.
type verification struct {
	cli, dir, temp string
	environ        []string
}

// verify expects that Git keeps the exported folder as it is, expects a plan that only imports, applies it to a temporary
// state, and expects a plan without changes. It returns a summary.
func verify(ctx context.Context, f *folder, p *platform, opts options, log io.Writer) (string, error) {
	v, err := newVerification(filepath.Join(f.path, p.layout.root), opts)
	if err != nil {
		return "", err
	}
	defer func() { _ = os.RemoveAll(v.temp) }()
	clone, err := verifyClone(ctx, f, p.layout, v.temp)
	if err != nil {
		return "", err
	}
	name := filepath.Base(v.cli)
	fmt.Fprintf(log, "Verifying the configuration with %s.\n", name)
	state, saved := "-state="+filepath.Join(v.temp, "terraform.tfstate"), filepath.Join(v.temp, "tfplan")
	want := planned{Import: p.imports()}
	if _, err := v.run(ctx, "get"); err != nil {
		return "", err
	}
	if err := v.expect(ctx, want, state, "-out="+saved); err != nil {
		return "", err
	}
	if _, err := v.run(ctx, "apply", "-input=false", "-lock=false", state, saved); err != nil {
		return "", err
	}
	if err := v.expect(ctx, planned{}, state); err != nil {
		return "", fmt.Errorf("after an apply, %w", err)
	}
	return fmt.Sprintf("Verified with %s: the plan says %s, and after it no changes. %s", name, want, clone), nil
}

func exists(name string) bool {
	_, err := os.Stat(name) //nolint:gosec // The user names the file.
	return err == nil
}

func findCLI() (string, error) {
	for _, name := range []string{"terraform", "tofu"} {
		if file, err := exec.LookPath(name); err == nil {
			return file, nil
		}
	}
	return "", errors.New("-verify needs a CLI, and there is no terraform or tofu on the PATH")
}

func newVerification(dir string, opts options) (*verification, error) {
	cli, err := findCLI()
	if err != nil {
		return nil, err
	}
	temp, err := os.MkdirTemp("", "guardai-export-")
	if err != nil {
		return nil, err
	}
	v := &verification{cli: cli, dir: dir, temp: temp}
	config, err := v.useThisProgram()
	if err == nil {
		v.environ, err = cliEnvironment(opts, config)
	}
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(temp))
	}
	v.environ = append(v.environ, "TF_DATA_DIR="+filepath.Join(temp, "data"))
	return v, nil
}

// useThisProgram writes a CLI configuration that makes the CLI use this program as the provider, and returns its path.
func (v *verification) useThisProgram() (string, error) {
	program, err := os.Executable()
	if err != nil {
		return "", err
	}
	folder := filepath.Join(v.temp, "provider")
	if err := os.Mkdir(folder, 0o700); err != nil {
		return "", err
	}
	name := filepath.Join(folder, "terraform-provider-guardai")
	if runtime.GOOS == "windows" {
		name += ".exe"
	}
	if err := linkOrCopy(program, name); err != nil {
		return "", err
	}
	config := filepath.Join(v.temp, "cli.tfrc")
	text := fmt.Sprintf("provider_installation {\n  dev_overrides {\n    \"guardai/guardai\" = %q\n  }\n  direct {}\n}\n", filepath.ToSlash(folder))
	return config, os.WriteFile(config, []byte(text), 0o600)
}

// linkOrCopy copies the program if it can't create a symbolic link.
func linkOrCopy(from, to string) error {
	if os.Symlink(from, to) == nil {
		return nil
	}
	program, err := os.ReadFile(from) //nolint:gosec // It is this program.
	if err != nil {
		return err
	}
	return os.WriteFile(to, program, 0o700) //nolint:gosec // A program must be executable.
}

// cliEnvironment returns the environment of the CLI. It passes flags as variables, and makes paths absolute.
func cliEnvironment(opts options, cliConfig string) ([]string, error) {
	environ := slices.DeleteFunc(os.Environ(), func(variable string) bool {
		name, _, _ := strings.Cut(variable, "=")
		return strings.HasPrefix(name, "TF_CLI_ARGS") || slices.Contains([]string{"TF_DATA_DIR", "TF_WORKSPACE", "TF_REATTACH_PROVIDERS", "TF_LOG"}, name)
	})
	environ = append(environ, "TF_CLI_CONFIG_FILE="+cliConfig, "TF_IN_AUTOMATION=1", "TF_CLI_ARGS=-no-color")
	for name, value := range opts.arguments {
		environ = append(environ, "GUARDAI_"+strings.ToUpper(name)+"="+value)
	}
	for _, name := range []string{"config_file", "ca_certificate"} {
		variable := "GUARDAI_" + strings.ToUpper(name)
		value := opts.arguments[name]
		if value == "" {
			value = os.Getenv(variable)
		}
		if !exists(value) {
			continue
		}
		absolute, err := filepath.Abs(value)
		if err != nil {
			return nil, err
		}
		environ = append(environ, variable+"="+absolute)
	}
	return environ, nil
}

// planned is the number of objects that a plan imports, adds, changes and destroys.
type planned struct {
	Import int `json:"import"`
	Add    int `json:"add"`
	Change int `json:"change"`
	Remove int `json:"remove"`
}

func (p planned) String() string {
	return fmt.Sprintf("%d to import, %d to add, %d to change, %d to destroy", p.Import, p.Add, p.Change, p.Remove)
}

// message is a line of the CLI's -json output.
type message struct {
	Type    string  `json:"type"`
	Message string  `json:"@message"`
	Changes planned `json:"changes"`
	Change  struct {
		Action string `json:"action"`
	} `json:"change"`
	Diagnostic struct {
		Severity string `json:"severity"`
		Summary  string `json:"summary"`
		Detail   string `json:"detail"`
	} `json:"diagnostic"`
}

// expect runs a plan, and returns an error if it fails or isn't the expected one.
func (v *verification) expect(ctx context.Context, want planned, args ...string) error {
	output, runErr := v.run(ctx, append([]string{"plan", "-input=false", "-lock=false", "-json"}, args...)...)
	changes, changed, problems, err := readPlan(output)
	const remedy = "To find out why, export without -verify, and run a plan in the folder"
	switch {
	case len(problems) > 0:
		return fmt.Errorf("the plan failed: %s\n%s", component.JoinLimited(problems, "\n"), remedy)
	case runErr != nil || err != nil:
		return errors.Join(runErr, err)
	case changes != want:
		return fmt.Errorf("the plan should say %s, and says %s:\n%s\n%s", want, changes, component.JoinLimited(changed, "\n"), remedy)
	}
	return nil
}

// readPlan returns what the -json output of a plan says: the counts, a line for each change, and the errors.
func readPlan(output []byte) (changes planned, changed, problems []string, err error) {
	for decoder := json.NewDecoder(bytes.NewReader(output)); ; {
		var line message
		if err := decoder.Decode(&line); errors.Is(err, io.EOF) {
			return changes, changed, problems, nil
		} else if err != nil {
			return changes, changed, problems, err
		}
		switch {
		case line.Type == "change_summary":
			changes = line.Changes
		case line.Type == "planned_change" && line.Change.Action != "noop" && line.Change.Action != "import":
			changed = append(changed, line.Message)
		case line.Type == "diagnostic" && line.Diagnostic.Severity == "error":
			problems = append(problems, line.Diagnostic.Summary+": "+line.Diagnostic.Detail)
		}
	}
}

func (v *verification) run(ctx context.Context, args ...string) ([]byte, error) {
	command := exec.CommandContext(ctx, v.cli, args...) //nolint:gosec // The user's own CLI.
	var stdout, stderr bytes.Buffer
	command.Dir, command.Env, command.Stdout, command.Stderr = v.dir, v.environ, &stdout, &stderr
	command.Cancel = func() error { return command.Process.Signal(os.Interrupt) }
	if err := command.Run(); err != nil {
		return stdout.Bytes(), fmt.Errorf("%s %s: %w\n%s", filepath.Base(v.cli), args[0], err, strings.TrimSpace(stderr.String()))
	}
	return stdout.Bytes(), nil
}
