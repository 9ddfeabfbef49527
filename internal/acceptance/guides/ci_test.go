package guides

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/guardai/terraform-provider-guardai/internal/acceptance"
)

const runningInCI = "running-in-ci.md"

// ciJob is the part of a job that the test runs.
type ciJob struct {
	BeforeScript []string `yaml:"before_script"`
	Script       []string
	Steps        []struct{ Run string }
}

// TestCIJobs follows the guide, and then runs the scripts of its jobs. The provider is installed already, so the programs
// that build it do nothing.
func TestCIJobs(t *testing.T) {
	t.Parallel()
	guide := Load(t, runningInCI)
	sandbox := guide.Sandbox(t)
	session := Run(t, acceptance.Install(t), guide, sandbox)
	programs := t.TempDir()
	for _, name := range []string{"apk", "git", "make"} {
		if err := os.WriteFile(filepath.Join(programs, name), []byte("#!/bin/sh\n"), 0o700); err != nil { //nolint:gosec // It is a program.
			t.Fatal(err)
		}
	}
	var github struct{ Jobs map[string]ciJob }
	session.readYAML(t, ".github/workflows/guardai.yml", &github)
	apply := []string{}
	for _, step := range github.Jobs["apply"].Steps {
		apply = append(apply, step.Run)
	}
	var gitlab struct{ Default, Plan, Apply ciJob }
	session.readYAML(t, ".gitlab-ci.yml", &gitlab)
	before := gitlab.Default.BeforeScript
	for name, script := range map[string][]string{
		"GitHub":       apply,
		"GitLab plan":  slices.Concat(before, gitlab.Plan.Script),
		"GitLab apply": slices.Concat(before, gitlab.Apply.Script),
	} {
		sandbox.ClearRequests()
		text := "PATH='" + programs + "':$PATH RUNNER_TEMP=/tmp\n" + strings.Join(script, "\n")
		if err := session.commands(t.Context(), text, 0); err != nil {
			t.Errorf("%s: %v:\n%s", name, err, session.output)
		}
		if sandbox.Count("get_organization") == 0 {
			t.Errorf("%s planned nothing:\n%s", name, session.output)
		}
	}
}

func (s *Session) readYAML(t *testing.T, name string, into any) {
	t.Helper()
	text, err := s.Read(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal([]byte(text), into); err != nil {
		t.Fatal(err)
	}
}
