package examples_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/guardai/terraform-provider-guardai/internal/acceptance"
	"github.com/guardai/terraform-provider-guardai/internal/cli"
	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

// workflow is as much of a workflow of GitHub's as is run here.
type workflow struct {
	Jobs map[string]struct {
		Steps []struct {
			Name string            `yaml:"name"`
			Run  string            `yaml:"run"`
			Env  map[string]string `yaml:"env"`
		} `yaml:"steps"`
	} `yaml:"jobs"`
}

// runner runs the commands of a workflow's steps, as GitHub would.
type runner struct {
	*acceptance.Workspace
	workflow workflow
	// log is a file with the calls of gh, open one with the number of an open issue,
	// comment one with the number of a comment, output one with what steps put out.
	log, open, comment, output string
}

// fakeGH writes down how it is called and knows at most one open issue and one
// comment.
const fakeGH = `#!/bin/sh
echo "$*" >>"$GH_LOG"
if [ "$1 $2" = "issue list" ]; then cat "$GH_OPEN"; fi
if [ "$1 $2" = "api --paginate" ]; then cat "$GH_COMMENT"; fi
`

const workflowFile = ".github/workflows/guardai.yml"

func newRunner(t *testing.T, install *acceptance.Installation, c *acceptance.Workspace) *runner {
	t.Helper()
	files := t.TempDir()
	r := &runner{
		log: filepath.Join(files, "log"), open: filepath.Join(files, "open"),
		comment: filepath.Join(files, "comment"), output: filepath.Join(files, "output"),
	}
	if err := yaml.Unmarshal([]byte(c.Read(t, workflowFile)), &r.workflow); err != nil {
		t.Fatalf("%s: %v", workflowFile, err)
	}
	bin := t.TempDir()
	if err := os.WriteFile(filepath.Join(bin, "gh"), []byte(fakeGH), 0o700); err != nil { //nolint:gosec // It is a program.
		t.Fatal(err)
	}
	// Of a variable that is set twice, the last counts.
	r.Workspace = &acceptance.Workspace{Folder: c.In("environments/production").With("TF_IN_AUTOMATION=1", "TF_INPUT=0",
		"GH_TOKEN=x", "GH_REPO=example/organizations", "PULL_REQUEST=7", "MARKER=<!-- plan -->", "RUN_URL=https://example.com/run",
		"GITHUB_OUTPUT="+r.output, "GITHUB_STEP_SUMMARY="+filepath.Join(t.TempDir(), "summary"), "GH_LOG="+r.log, "GH_OPEN="+r.open, "GH_COMMENT="+r.comment,
		"PATH="+bin+string(os.PathListSeparator)+install.Path())}
	r.writeTo(t, r.open, "")
	r.writeTo(t, r.comment, "")
	return r
}

func (r *runner) writeTo(t *testing.T, file, content string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

// step runs a step by its job and name, such as "apply: Plan".
func (r *runner) step(t *testing.T, exitCode int, name string) {
	t.Helper()
	job, name, _ := strings.Cut(name, ": ")
	r.writeTo(t, r.output, "")
	r.writeTo(t, r.log, "")
	for _, step := range r.workflow.Jobs[job].Steps {
		if step.Name == name {
			r.mustHave(t, step.Env)
			output, err := cli.Capture(r.withSecrets(step.Env).Program(t.Context(), "bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step.Run))
			if err != nil || output.ExitCode != exitCode {
				t.Fatalf("%s ended with %d, want %d: %v\n%s", name, output.ExitCode, exitCode, err, output.Text())
			}
			return
		}
	}
	t.Fatalf("the job %q has no step %q", job, name)
}

// withSecrets is the folder of a step: it has the API key only where the step asks for
// it.
func (r *runner) withSecrets(variables map[string]string) *cli.Folder {
	return &cli.Folder{Dir: r.Dir, Env: slices.DeleteFunc(slices.Clone(r.Env), func(variable string) bool {
		name, _, _ := strings.Cut(variable, "=")
		_, asked := variables[name]
		return strings.HasPrefix(name, "GUARDAI_API_KEY") && !asked
	})}
}

// mustHave fails a test that doesn't give a step the variables that it asks for.
func (r *runner) mustHave(t *testing.T, variables map[string]string) {
	t.Helper()
	for name := range variables {
		if !slices.ContainsFunc(r.Env, func(variable string) bool { return strings.HasPrefix(variable, name+"=") }) {
			t.Fatalf("the test doesn't set %s", name)
		}
	}
}

// wrote returns what steps have put out, or the calls of gh.
func (r *runner) wrote(t *testing.T, file string) string {
	t.Helper()
	content, err := os.ReadFile(file) //nolint:gosec // The test names the file.
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

func testGitOps(t *testing.T, install *acceptance.Installation) {
	t.Helper()
	// What asks for it, versions.tf, stays.
	acceptance.S3LockFile.Need(t)
	s := seeded(t)
	c := newWorkspace(t, install, s)
	// As the README says, but for the backend.
	copyExample(t, c, "gitops", ".")
	copyExample(t, c, "modules", "modules")
	c.Write(t, "environments/production/backend_override.tf", "terraform {\n  backend \"local\" {}\n}\n")
	r := newRunner(t, install, c)
	r.MustRun(t, "init")

	applyMerged(t, r, s)
	proposeChange(t, r, s)
	findDrift(t, r, s)
}

func applyMerged(t *testing.T, r *runner, s *acceptance.Sandbox) {
	t.Helper()
	for _, step := range []string{"apply: Initialize", "apply: Plan", "apply: Apply"} {
		r.step(t, 0, step)
	}
	checkPerception(t, s, 50000)
	named(t, s, "Driver Monitoring")
	r.step(t, 0, "drift: Plan")
	mustContain(t, r.wrote(t, r.output), "code=0")

	// What is empty in a file is as if it weren't there.
	r.Write(t, "organizations/empty.yaml", "max_item_count:\nfiles:\n")
	r.Write(t, "organizations/nothing.yaml", "---\n")
	mustContain(t, r.MustRun(t, "plan").Text(), "Plan: 2 to add, 0 to change, 0 to destroy.")
	r.Remove(t, "organizations/empty.yaml")
	r.Remove(t, "organizations/nothing.yaml")

	// What is misspelled is an error, named as it stands in the file.
	const file = "organizations/perception.yaml"
	r.Replace(t, file, "max_item_count:", "max_item_coutn:")
	mustContain(t, r.RunTo(t, 1, "plan").Text(), "Organization perception has unsupported attributes: max_item_coutn.")
	r.Replace(t, file, "max_item_coutn:", "max_item_count:")
}

// A pull request shows what it would change, and changes nothing.
func proposeChange(t *testing.T, r *runner, s *acceptance.Sandbox) {
	t.Helper()
	const file = "organizations/perception.yaml"
	r.Replace(t, file, "max_item_count: 50000", "max_item_count: 60000")
	s.ClearRequests()
	for _, step := range []string{"plan: Initialize", "plan: Check", "plan: Plan", "plan: Show"} {
		r.step(t, 0, step)
	}
	mustContain(t, r.wrote(t, r.log), "pr comment 7 --body-file plan.md")
	mustContain(t, r.Read(t, "plan.md"), "<!-- plan --> ### Plan for production")
	mustContain(t, r.Read(t, "plan.md"), "50000 -> 60000")
	mustContain(t, r.Read(t, "plan.md"), "Plan: 0 to add, 1 to change, 0 to destroy.")
	r.writeTo(t, r.comment, "34\n")
	r.step(t, 0, "plan: Show")
	mustContain(t, r.wrote(t, r.log), "api --method PATCH repos/example/organizations/issues/comments/34 --field body=@plan.md")
	if strings.Contains(r.wrote(t, r.log), "pr comment") {
		t.Error("a second push makes a second comment")
	}
	if got := s.Count("update_organization"); got != 0 {
		t.Errorf("a pull request changed the platform %d times", got)
	}
	r.Replace(t, file, "max_item_count: 60000", "max_item_count: 50000")
}

func findDrift(t *testing.T, r *runner, s *acceptance.Sandbox) {
	t.Helper()
	s.UpdateOrganization(named(t, s, "Perception").ID, func(org *sandbox.Organization) { org.Settings["maxItemCount"] = 7 })
	r.step(t, 0, "drift: Plan")
	mustContain(t, r.wrote(t, r.output), "code=2")
	r.step(t, 0, "drift: Report")
	mustContain(t, r.wrote(t, r.log), "issue create --title Drift in production --label drift --body-file drift.md")
	mustContain(t, r.Read(t, "drift.md"), `- module.organizations.guardai_organization.this["perception"] will be updated in-place`)
	if issue := r.Read(t, "drift.md"); strings.Contains(issue, "max_item_count") {
		t.Errorf("the issue tells what is configured:\n%s", issue)
	}
	r.writeTo(t, r.open, "12\n")
	r.step(t, 0, "drift: Report")
	mustContain(t, r.wrote(t, r.log), "issue comment 12 --body-file drift.md")

	// A plan that fails is no drift.
	r.Folder = r.With("GUARDAI_API_KEY=wrong")
	r.step(t, 1, "drift: Plan")
	mustContain(t, r.wrote(t, r.output), "code=1")
}
