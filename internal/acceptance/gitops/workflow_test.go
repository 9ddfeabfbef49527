//go:build slow

package gitops_test

import (
	"encoding/json"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/guardai/terraform-provider-guardai/internal/acceptance"
	"github.com/guardai/terraform-provider-guardai/internal/cli"
)

// workflow is the part of a GitHub workflow that the test runs.
type workflow struct {
	Env      map[string]string
	Defaults struct {
		Run struct {
			WorkingDirectory string `yaml:"working-directory"`
		}
	}
	Jobs map[string]struct{ Steps []step }
}

type step struct {
	Name, ID, If, Uses, Run string
	Env                     map[string]string
}

// repository is a clone of the example with what GitHub and its runners provide.
type repository struct {
	*acceptance.Workspace
	github *github
	// actions are the environment variables that each action sets for later steps.
	actions map[string][]string
	// values are the values of expressions.
	values map[string]string
}

// jobRun is the state of a running job.
type jobRun struct {
	*repository
	environ []string
	// outputs are the outputs of steps with an id.
	outputs map[string]map[string]string
	// failed is the name of the first failed step.
	failed string
	log    strings.Builder
}

// run runs a job as GitHub does: its steps in order, up to the first that fails.
func (r *repository) run(t *testing.T, file, job string) *jobRun {
	t.Helper()
	var w workflow
	if err := yaml.Unmarshal([]byte(r.Read(t, file)), &w); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	steps := w.Jobs[job].Steps
	if len(steps) == 0 {
		t.Fatalf("%s has no job %q", file, job)
	}
	run := &jobRun{repository: r, outputs: map[string]map[string]string{}}
	run.environ = run.variables(t, w.Env)
	for _, s := range steps {
		switch {
		case !run.shouldRun(t, s.If):
		case s.Uses != "":
			run.use(t, s)
		default:
			run.shell(t, s, w.Defaults.Run.WorkingDirectory)
		}
	}
	return run
}

// mustRun is run for a job that must succeed.
func (r *repository) mustRun(t *testing.T, file, job string) {
	t.Helper()
	if run := r.run(t, file, job); run.failed != "" {
		t.Fatalf("%s failed at %q:\n%s", job, run.failed, run.log.String())
	}
}

// mustFail is run for a production job that must fail at a step.
func (r *repository) mustFail(t *testing.T, job, step string) *jobRun {
	t.Helper()
	run := r.run(t, productionWorkflow, job)
	if run.failed != step {
		t.Fatalf("%s failed at %q, want %q:\n%s", job, run.failed, step, run.log.String())
	}
	return run
}

func (run *jobRun) use(t *testing.T, s step) {
	t.Helper()
	action, _, _ := strings.Cut(s.Uses, "@")
	added, known := run.actions[action]
	if !known {
		t.Fatalf("the test doesn't know the action %s", action)
	}
	run.environ = append(run.environ, added...)
	if s.ID != "" {
		// Every cache hits.
		run.outputs[s.ID] = map[string]string{"cache-hit": "true"}
	}
}

func (run *jobRun) shell(t *testing.T, s step, directory string) {
	t.Helper()
	files := &cli.Folder{Dir: t.TempDir()}
	for name, content := range map[string]string{"script": s.Run, "output": ""} {
		if err := files.Write(name, content); err != nil {
			t.Fatal(err)
		}
	}
	folder := run.Subfolder(directory).WithEnv(slices.Concat(run.environ, run.github.environ(), run.variables(t, s.Env),
		[]string{"GITHUB_OUTPUT=" + files.Path("output"), "GITHUB_STEP_SUMMARY=" + files.Path("summary"), "RUNNER_TEMP=" + files.Dir})...)
	output, err := cli.Capture(folder.Program(t.Context(), "bash", "--noprofile", "--norc", "-eo", "pipefail", files.Path("script")))
	if err != nil {
		t.Fatal(err)
	}
	run.log.WriteString(output.Text())
	if output.ExitCode != 0 {
		run.failed = s.Name
	}
	run.outputs[s.ID] = parseOutputs(t, files)
}

// parseOutputs parses a step's outputs, NAME=VALUE.
func parseOutputs(t *testing.T, files *cli.Folder) map[string]string {
	t.Helper()
	content, err := files.Read("output")
	if err != nil {
		t.Fatal(err)
	}
	outputs := map[string]string{}
	for line := range strings.Lines(content) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), "=")
		outputs[name] = value
	}
	return outputs
}

// outputCondition matches the conditions that the workflow uses.
var outputCondition = regexp.MustCompile(`^steps\.(\w+)\.outputs\.([\w-]+) (==|!=) '(.*)'$`)

// shouldRun reports whether a step runs. No step runs after a failed one.
func (run *jobRun) shouldRun(t *testing.T, condition string) bool {
	t.Helper()
	match := outputCondition.FindStringSubmatch(condition)
	switch {
	case condition == "":
		return run.failed == ""
	case match == nil:
		t.Fatalf("the test doesn't know the condition %q", condition)
	}
	equal := run.outputs[match[1]][match[2]] == match[4]
	return run.failed == "" && equal == (match[3] == "==")
}

var expression = regexp.MustCompile(`\$\{\{ (.*?) \}\}`)

// variables returns environment variables with their expressions evaluated.
func (run *jobRun) variables(t *testing.T, variables map[string]string) []string {
	t.Helper()
	var environ []string
	for _, name := range slices.Sorted(maps.Keys(variables)) {
		environ = append(environ, name+"="+expression.ReplaceAllStringFunc(variables[name], func(text string) string {
			name := expression.FindStringSubmatch(text)[1]
			value, known := run.values[name]
			if !known {
				t.Fatalf("the test doesn't know the value of %s", text)
			}
			return value
		}))
	}
	return environ
}

// github fakes the gh command and the tools on a runner. It logs calls of gh and filters responses as gh does.
type github struct{ *acceptance.Workspace }

const fakeGH = `#!/bin/sh
echo "$*" >>"$GH_DIR/log"
case "$*" in
"issue list"*) response=issues ;;
"api "*/comments*--jq*) response=comments ;;
"api "*/commits/*/pulls*--jq*) response=pulls ;;
"api "*/pulls/*--jq*) response=pull ;;
*) exit ;;
esac
for filter; do :; done
exec jq -r "($filter) // empty" "$GH_DIR/$response"
`

func newGitHub(t *testing.T) *github {
	t.Helper()
	g := &github{&acceptance.Workspace{Folder: &cli.Folder{Dir: t.TempDir()}}}
	for name, content := range map[string]string{"log": "", "issues": "[]", "comments": "[]", "bin/gh": fakeGH, "bin/git": "#!/bin/sh\n", "bin/make": "#!/bin/sh\n", "home/go/bin/README": ""} {
		g.Write(t, name, content)
	}
	g.label(t)
	// The provider is installed already: git and make do nothing.
	for _, program := range []string{"gh", "git", "make"} {
		if err := os.Chmod(g.Path("bin/"+program), 0o700); err != nil { //nolint:gosec // It is a program.
			t.Fatal(err)
		}
	}
	for name, program := range map[string]string{"bin/jq": "gojq", "home/go/bin/conftest": "conftest", "home/go/bin/jv": "jv"} {
		if err := os.Symlink(toolPath(t, program), g.Path(name)); err != nil {
			t.Fatal(err)
		}
	}
	return g
}

// label sets the labels of the pull request.
func (g *github) label(t *testing.T, names ...string) {
	t.Helper()
	labels := make([]map[string]string, 0, len(names))
	for _, name := range names {
		labels = append(labels, map[string]string{"name": name})
	}
	pull := map[string]any{"labels": labels}
	for name, response := range map[string]any{"pull": pull, "pulls": []any{pull}} {
		content, err := json.Marshal(response)
		if err != nil {
			t.Fatal(err)
		}
		g.Write(t, name, string(content))
	}
}

func (g *github) environ() []string { return []string{"GH_DIR=" + g.Dir} }

// calls returns the calls of gh since the last time.
func (g *github) calls(t *testing.T) string {
	t.Helper()
	calls := g.Read(t, "log")
	g.Write(t, "log", "")
	return calls
}
