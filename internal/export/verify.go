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
)

// noColor is the environment variable that makes a CLI write plain text.
const noColor = "TF_CLI_ARGS=-no-color"

// localState is the default state file.
const localState = "terraform.tfstate"

// providerProgram is the name that a CLI expects of the provider's program.
const providerProgram = "terraform-provider-guardai"

// verification runs the CLI in an exported folder. This program serves as the provider, and the user's CLI settings
// don't apply.
type verification struct {
	cli, dir, temp string
	environ        []string
}

// verify plans the configuration. After a first export, it also applies the plan to a temporary state and plans again.
// It returns a summary of the plan.
func verify(ctx context.Context, opts options, done *result) (string, error) {
	v, err := newVerification(opts, done)
	if err != nil {
		return "", err
	}
	defer func() { _ = os.RemoveAll(v.temp) }()
	initialized := exists(filepath.Join(v.dir, ".terraform"))
	if !initialized {
		v.environ = append(v.environ, "TF_DATA_DIR="+filepath.Join(v.temp, "data"))
		if _, err := v.run(ctx, "get"); err != nil {
			return "", err
		}
	}
	if opts.update || initialized || exists(filepath.Join(v.dir, localState)) {
		return v.checkPlan(ctx)
	}
	return v.checkFirst(ctx, done.organizations+done.files)
}

// checkPlan expects a plan that only imports. Some objects may already be in state.
func (v *verification) checkPlan(ctx context.Context) (string, error) {
	changes, err := v.plan(ctx)
	if err == nil {
		err = v.compare(changes, planned{Import: changes.Import})
	}
	return v.summary(changes) + ".", err
}

// checkFirst expects a plan with this number of imports, and no changes after it is applied.
func (v *verification) checkFirst(ctx context.Context, imports int) (string, error) {
	state := "-state=" + filepath.Join(v.temp, localState)
	saved := filepath.Join(v.temp, "tfplan")
	changes, err := v.plan(ctx, state, "-out="+saved)
	if err == nil {
		err = v.compare(changes, planned{Import: imports})
	}
	if err != nil {
		return "", err
	}
	if _, err := v.run(ctx, "apply", "-input=false", "-lock=false", state, saved); err != nil {
		return "", err
	}
	after, err := v.plan(ctx, state)
	if err == nil {
		err = v.compare(after, planned{})
	}
	return v.summary(changes) + ", and after it no changes.", err
}

func (v *verification) summary(changes planned) string {
	return fmt.Sprintf("Verified with %s: the plan says %s", filepath.Base(v.cli), changes)
}

func (v *verification) compare(changes, want planned) error {
	if changes == want {
		return nil
	}
	return fmt.Errorf("the plan should say %s, and says %s. Run plan in %s to see why", want, changes, v.dir)
}

func exists(name string) bool {
	_, err := os.Stat(name) //nolint:gosec // The user names the file.
	return err == nil
}

func findCLI() (string, error) {
	for _, name := range []string{"terraform", "tofu"} {
		if found, err := exec.LookPath(name); err == nil {
			return found, nil
		}
	}
	return "", errors.New("there is no terraform or tofu on the PATH")
}

func newVerification(opts options, done *result) (*verification, error) {
	cli, err := findCLI()
	if err != nil {
		return nil, fmt.Errorf("the export is done, but not verified: %w", err)
	}
	dir, err := filepath.Abs(done.root)
	if err != nil {
		return nil, err
	}
	temp, err := os.MkdirTemp("", "guardai-export-")
	if err != nil {
		return nil, err
	}
	v := &verification{cli: cli, dir: dir, temp: temp}
	config, err := v.useThisProgram()
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(temp))
	}
	v.environ, err = cliEnvironment(opts, config)
	return v, err
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
	name := filepath.Join(folder, providerProgram)
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
	environ = append(environ, "TF_CLI_CONFIG_FILE="+cliConfig, "TF_IN_AUTOMATION=1", noColor)
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
	Type       string  `json:"type"`
	Changes    planned `json:"changes"`
	Diagnostic struct {
		Severity string `json:"severity"`
		Summary  string `json:"summary"`
		Detail   string `json:"detail"`
	} `json:"diagnostic"`
}

func (v *verification) plan(ctx context.Context, args ...string) (planned, error) {
	output, runErr := v.run(ctx, append([]string{"plan", "-input=false", "-lock=false", "-json"}, args...)...)
	var changes planned
	var problems []error
	for decoder := json.NewDecoder(bytes.NewReader(output)); ; {
		var line message
		if err := decoder.Decode(&line); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return changes, errors.Join(runErr, err)
		}
		switch {
		case line.Type == "change_summary":
			changes = line.Changes
		case line.Type == "diagnostic" && line.Diagnostic.Severity == "error":
			problems = append(problems, fmt.Errorf("the plan failed: %s: %s", line.Diagnostic.Summary, line.Diagnostic.Detail))
		}
	}
	if len(problems) > 0 {
		return changes, errors.Join(problems[:min(len(problems), 3)]...)
	}
	return changes, runErr
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
