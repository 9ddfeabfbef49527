//go:build slow

// Package gitops_test runs the GitOps example as its users would: the workflow's steps run unchanged, with a real CLI,
// a state on a real S3 server, and a sandbox as the platform.
package gitops_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/guardai/terraform-provider-guardai/internal/acceptance"
	"github.com/guardai/terraform-provider-guardai/internal/cli"
	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

const (
	production         = "environments/production"
	productionWorkflow = ".github/workflows/guardai.yml"
	perception         = production + "/organizations/perception.yaml"
	monitoring         = production + "/organizations/monitoring.yaml"
	stateKey           = "guardai/production.tfstate"
)

// All cases are subtests of one test, so the provider and the S3 server are built only once.
func TestGitOps(t *testing.T) {
	t.Parallel()
	// The example's versions.tf requires it.
	acceptance.S3LockFile.Need(t)
	install, server := acceptance.Install(t), toolPath(t, "versitygw")
	for name, test := range map[string]func(*testing.T, *repository, *acceptance.Sandbox, *bucket){
		"pull request to drift": testPullRequestToDrift,
		"second environment":    testSecondEnvironment,
		"policy":                testPolicy,
		"long reports":          testLongReports,
		"lock":                  testLock,
		"state versions":        testStateVersions,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := acceptance.NewSeededSandbox(t)
			b := newBucket(t, server)
			test(t, newRepository(t, install, s, b), s, b)
		})
	}
}

// newRepository follows the example's README: it copies the folder and runs init, which writes the lock file to commit.
func newRepository(t *testing.T, install *acceptance.Installation, s *acceptance.Sandbox, b *bucket) *repository {
	t.Helper()
	root, err := cli.RepositoryRoot()
	if err != nil {
		t.Fatal(err)
	}
	home := install.Workspace(t)
	r := &repository{
		github: newGitHub(t),
		actions: map[string][]string{
			"actions/checkout": nil, "actions/cache": nil, "hashicorp/setup-terraform": nil, "aws-actions/configure-aws-credentials": b.environ(),
		},
		values: map[string]string{
			"github.token": "x", "github.repository": "example/organizations", "github.event.number": "7",
			"github.server_url": "https://example.com", "github.run_id": "1", "github.sha": "0123abc",
		},
	}
	r.setPlatform("", s)
	r.Workspace = &acceptance.Workspace{Folder: home.WithEnv(
		"PATH="+r.github.Path("bin")+string(os.PathListSeparator)+install.Path(), "HOME="+r.github.Path("home"))}
	if err := os.CopyFS(r.Path("."), os.DirFS(filepath.Join(root, "examples", "gitops"))); err != nil {
		t.Fatal(err)
	}
	initialize(t, r, production, b)
	return r
}

// setPlatform sets an environment's variables and secrets.
func (r *repository) setPlatform(prefix string, s *acceptance.Sandbox) {
	for _, variable := range s.Environ() {
		name, value, _ := strings.Cut(variable, "=")
		kind := "secrets"
		if name == "GUARDAI_HOST" {
			kind = "vars"
		}
		r.values[kind+"."+prefix+name] = value
	}
}

// initialize runs init manually. A CLI that was built without the S3 backend crashes.
func initialize(t *testing.T, r *repository, environment string, b *bucket) {
	t.Helper()
	output := r.manualWorkspace(environment, b).Run(t, "init")
	if strings.Contains(output.Text(), "panic:") && strings.Contains(output.Text(), "initBackend") {
		t.Skip("this build of the CLI has no S3 backend")
	}
	if output.ExitCode != 0 {
		t.Fatal(output.Text())
	}
}

// manualWorkspace returns an environment's folder with the bucket's credentials.
func (r *repository) manualWorkspace(environment string, b *bucket) *acceptance.Workspace {
	var platform []string
	for _, name := range []string{"GUARDAI_HOST", "GUARDAI_API_KEY_ID", "GUARDAI_API_KEY"} {
		kind := "secrets."
		if name == "GUARDAI_HOST" {
			kind = "vars."
		}
		platform = append(platform, name+"="+r.values[kind+name])
	}
	return &acceptance.Workspace{Folder: r.Subfolder(environment).WithEnv(append(b.environ(), platform...)...)}
}

func testPullRequestToDrift(t *testing.T, r *repository, s *acceptance.Sandbox, b *bucket) {
	t.Helper()
	testApply(t, r, s)
	testMistakes(t, r, b)
	testPullRequest(t, r, s)
	testDrift(t, r, s)
}

func testApply(t *testing.T, r *repository, s *acceptance.Sandbox) {
	t.Helper()
	r.mustRun(t, productionWorkflow, "apply")
	checkQuota(t, s, 50000)
	s.MustOrganizationNamed(t, "Driver Monitoring")
	r.mustRun(t, productionWorkflow, "drift")
	if calls := r.github.calls(t); strings.Contains(calls, "issue") {
		t.Errorf("drift right after an apply: %s", calls)
	}
}

func testMistakes(t *testing.T, r *repository, b *bucket) {
	t.Helper()
	hand := r.manualWorkspace(production, b)
	// Empty YAML values and files count as absent.
	for name, content := range map[string]string{"values": "max_item_count:\nfiles:\n", "document": "---\n", "comment": "# Nothing.\n", "nothing": ""} {
		hand.Write(t, "organizations/"+name+".yaml", content)
	}
	r.mustRun(t, productionWorkflow, "plan")
	acceptance.MustContain(t, r.Read(t, production+"/plan.md"), "**0 to import, 4 to add, 0 to change, 0 to destroy**")
	for _, name := range []string{"values", "document", "comment", "nothing"} {
		hand.Remove(t, "organizations/"+name+".yaml")
	}
	r.github.calls(t)

	// The schema finds what Terraform can't.
	const quota = "max_item_count: 50000"
	for mistake, failure := range map[string][2]string{
		"max_item_coutn: 50000":               {"Check", "perception.yaml: max_item_coutn isn't supported"},
		"max_item_count: 5\n" + quota:         {"Schema", `mapping key "max_item_count" already defined`},
		"members: [2024-01-01]\n" + quota:     {"Schema", "at '/members/0'"},
		"members: [\"mei.tanaka\"]\n" + quota: {"Schema", "at '/members/0'"},
	} {
		r.Replace(t, perception, quota, mistake)
		acceptance.MustContain(t, r.mustFail(t, "plan", failure[0]).log.String(), failure[1])
		r.Replace(t, perception, mistake, quota)
	}
}

// A pull request shows its changes and applies none.
func testPullRequest(t *testing.T, r *repository, s *acceptance.Sandbox) {
	t.Helper()
	r.Replace(t, perception, "max_item_count: 50000", "max_item_count: 60000")
	s.ClearRequests()
	r.mustRun(t, productionWorkflow, "plan")
	acceptance.MustContain(t, r.github.calls(t), "pr comment 7 --body-file plan.md")
	comment := r.Read(t, production+"/plan.md")
	acceptance.MustContain(t, comment, "<!-- guardai plan for production --> ### Plan for production **0 to import, 0 to add, 1 to change, 0 to destroy**")
	acceptance.MustContain(t, comment, "50000 -> 60000")
	acceptance.MustContain(t, comment, "Plan: 0 to add, 1 to change, 0 to destroy.")

	r.github.Write(t, "comments", `[
		{"id": 34, "user": {"login": "github-actions[bot]"}, "body": "<!-- guardai plan for production -->\n"},
		{"id": 35, "user": {"login": "github-actions[bot]"}, "body": "<!-- guardai plan for staging -->\n"},
		{"id": 36, "user": {"login": "somebody"}, "body": "<!-- guardai plan for production -->\n"}]`)
	r.mustRun(t, productionWorkflow, "plan")
	calls := r.github.calls(t)
	acceptance.MustContain(t, calls, "api --method PATCH repos/example/organizations/issues/comments/34 --field body=@plan.md")
	if strings.Contains(calls, "pr comment") {
		t.Error("a second push makes a second comment")
	}
	if got := s.Count("update_organization"); got != 0 {
		t.Errorf("a pull request changed the platform %d times", got)
	}
	r.Replace(t, perception, "max_item_count: 60000", "max_item_count: 50000")
}

func testDrift(t *testing.T, r *repository, s *acceptance.Sandbox) {
	t.Helper()
	s.UpdateOrganization(s.MustOrganizationNamed(t, "Perception").ID, func(org *sandbox.Organization) { org.Settings["maxItemCount"] = 7 })
	r.mustRun(t, productionWorkflow, "drift")
	acceptance.MustContain(t, r.github.calls(t), "issue create --title Drift in production --label drift-production --body-file drift.md")
	issue := r.Read(t, production+"/drift.md")
	acceptance.MustContain(t, issue, `- module.organization["perception"].guardai_organization.this will be updated in-place`)
	if strings.Contains(issue, "max_item_count") {
		t.Errorf("the issue says what is configured:\n%s", issue)
	}
	r.github.Write(t, "issues", `[{"number": 12}]`)
	r.mustRun(t, productionWorkflow, "drift")
	acceptance.MustContain(t, r.github.calls(t), "issue comment 12 --body-file drift.md")

	// A failed plan isn't reported as drift.
	r.values["secrets.GUARDAI_API_KEY"] = "wrong"
	r.mustFail(t, "drift", "Plan")
	if calls := r.github.calls(t); calls != "" {
		t.Errorf("a failed plan is reported as drift: %s", calls)
	}
}

// A plan that violates the policy is shown, and can't be applied.
func testPolicy(t *testing.T, r *repository, s *acceptance.Sandbox, _ *bucket) {
	t.Helper()
	r.mustRun(t, productionWorkflow, "apply")
	original := r.Read(t, perception)
	propose := func(file string) {
		t.Helper()
		r.Write(t, perception, file)
		r.github.calls(t)
	}

	propose(strings.Replace(original, "50000", "20000", 1))
	s.ClearRequests()
	for _, job := range []string{"plan", "apply"} {
		run := r.mustFail(t, job, "Policy")
		acceptance.MustContain(t, run.log.String(), `max_item_count would fall by more than half in module.organization["perception"].guardai_organization.this, from 50000 to 20000.`)
	}
	acceptance.MustContain(t, r.github.calls(t), "pr comment 7")
	if got := s.Count("update_organization"); got != 0 {
		t.Errorf("a plan that the policy forbids was applied: %d", got)
	}

	propose(strings.Replace(original, "[ADV_CRAFTING]", "[]", 1))
	run := r.mustFail(t, "plan", "Policy")
	acceptance.MustContain(t, run.log.String(), "ADV_CRAFTING would be enabled again")
	r.github.label(t, "enable-features")
	r.mustRun(t, productionWorkflow, "plan")
	r.mustRun(t, productionWorkflow, "apply")
	propose(original)
	r.mustRun(t, productionWorkflow, "apply")
	r.github.label(t)

	// A removed attribute keeps its value on the platform, so there is nothing to review, even if others change.
	propose(strings.Replace(original, "disabled_features: [ADV_CRAFTING]\n", "", 1))
	r.Replace(t, monitoring, "name: Driver Monitoring\nmax_item_count: 2000\n", "name: Monitoring\n")
	r.mustRun(t, productionWorkflow, "plan")
	acceptance.MustContain(t, r.Read(t, production+"/plan.md"), "1 to change")
	testPolicyForDestroys(t, r)
}

func testPolicyForDestroys(t *testing.T, r *repository) {
	t.Helper()
	r.Remove(t, monitoring)
	r.mustRun(t, productionWorkflow, "plan")
	acceptance.MustContain(t, r.Read(t, production+"/plan.md"),
		"**0 to import, 0 to add, 0 to change, 1 to destroy** Destroyed: ````text module.organization[\"monitoring\"].guardai_organization.this ````")
	r.Remove(t, perception)
	run := r.mustFail(t, "plan", "Policy")
	acceptance.MustContain(t, run.log.String(), `module.organization["perception"].guardai_organization.this would be destroyed with its files and members.`)
	acceptance.MustContain(t, r.Read(t, production+"/plan.md"), "**0 to import, 0 to add, 0 to change, 3 to destroy**")
}

// GitHub accepts at most 65,536 characters. Longer reports are cut, and say so.
func testLongReports(t *testing.T, r *repository, _ *acceptance.Sandbox, _ *bucket) {
	t.Helper()
	const (
		limit = 1 << 16
		count = 1001
	)
	var file strings.Builder
	file.WriteString("files:\n")
	for i := range count {
		fmt.Fprintf(&file, "  a-file-of-many-%d.csv: {content: x}\n", i)
	}
	r.Write(t, perception, file.String())
	check := func(name string, headings ...string) {
		t.Helper()
		text := r.Read(t, production+"/"+name)
		if len(text) >= limit || len(text) < limit/2 {
			t.Errorf("%s has %d characters", name, len(text))
		}
		for _, heading := range headings {
			acceptance.MustContain(t, text, heading)
		}
	}
	r.mustRun(t, productionWorkflow, "plan")
	check("plan.md", "1003 to add", "more lines, which are in the log of this run ```` </details>")
	r.mustRun(t, productionWorkflow, "drift")
	check("drift.md", "See https://example.com/example/organizations/actions/runs/1 for the plan.")
	drift := r.Read(t, production+"/drift.md")
	more := regexp.MustCompile(`\n\.\.\. and (\d+) more lines, which are in the log of this run\n$`).FindStringSubmatch(drift)
	if more == nil {
		t.Fatalf("the report doesn't say that it was cut:\n%s", drift)
	}
	if left, err := strconv.Atoi(more[1]); err != nil || left+strings.Count(drift, "\n- ") != count+2 {
		t.Errorf("the report lists %d objects and leaves out %d, %v", strings.Count(drift, "\n- "), left, err)
	}

	r.mustRun(t, productionWorkflow, "apply")
	r.Write(t, perception, "")
	r.mustRun(t, productionWorkflow, "plan")
	check("plan.md", "1001 to destroy", "more lines, which are in the log of this run ```` <details>", "more lines, which are in the log of this run ```` </details>")
}

func TestPolicy(t *testing.T) {
	t.Parallel()
	root, err := cli.RepositoryRoot()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := cli.RequireSuccess(cli.Command(t.Context(), toolPath(t, "conftest"), "verify", "--policy", filepath.Join(root, "examples", "gitops", "policy"))); err != nil {
		t.Fatal(err)
	}
}

// The README's commands create another environment with its own platform and state.
func testSecondEnvironment(t *testing.T, r *repository, s *acceptance.Sandbox, b *bucket) {
	t.Helper()
	r.mustRun(t, productionWorkflow, "apply")
	r.runREADMECommands(t, "cp -R environments/production")
	staging := acceptance.NewSeededSandbox(t)
	r.setPlatform("STAGING_", staging)
	const (
		environment = "environments/staging"
		flow        = ".github/workflows/guardai-staging.yml"
	)
	r.Replace(t, environment+"/organizations/perception.yaml", "50000", "40000")
	r.mustRun(t, flow, "apply")
	checkQuota(t, staging, 40000)
	checkQuota(t, s, 50000)
	for _, key := range []string{stateKey, "guardai/staging.tfstate"} {
		if len(b.versions(t, key)) == 0 {
			t.Errorf("there is no state %s", key)
		}
	}
	r.mustRun(t, flow, "drift")
	r.mustRun(t, productionWorkflow, "drift")
}

// runREADMECommands runs the README's code block that begins with the given text.
func (r *repository) runREADMECommands(t *testing.T, begin string) {
	t.Helper()
	for _, block := range regexp.MustCompile("(?s)```shell\n(.*?)```").FindAllStringSubmatch(r.Read(t, "README.md"), -1) {
		if strings.HasPrefix(block[1], begin) {
			if _, err := cli.RequireSuccess(r.Program(t.Context(), "sh", "-e", "-c", block[1])); err != nil {
				t.Fatal(err)
			}
			return
		}
	}
	t.Fatalf("the README has no commands that begin with %q", begin)
}

var (
	waitsForApproval = regexp.MustCompile(`Only 'yes' will be accepted`)
	waitsForLock     = regexp.MustCompile(`Acquiring state lock. This may take a few moments`)
	lockID           = regexp.MustCompile(`\sID: +(\S+)`)
)

func testLock(t *testing.T, r *repository, s *acceptance.Sandbox, b *bucket) {
	t.Helper()
	hand := r.manualWorkspace(production, b)

	// An apply that waits for approval holds the lock. Another apply names the holder.
	holder, approve := startApply(t, hand)
	acceptance.MustContain(t, hand.RunTo(t, 1, "apply", "-auto-approve").Text(), "Error acquiring the state lock")

	// With a timeout, a plan waits until the lock is released.
	waiting, err := cli.Start(hand.Command(t.Context(), "plan", "-detailed-exitcode", "-lock-timeout=10m"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(waiting.KillGroup)
	if _, err := waiting.AwaitOutput(t.Context(), waitsForLock); err != nil {
		t.Fatal(err)
	}
	if got := s.Count("create_organization"); got != 0 {
		t.Errorf("%d organizations were created before the approval", got)
	}
	approve("yes\n")
	if holder.Wait() != 0 || waiting.Wait() != 0 {
		t.Fatalf("the apply:\n%s\nthe plan after it:\n%s", holder.Log(), waiting.Log())
	}

	// A killed run leaves its lock. The README explains how to remove it.
	r.Replace(t, perception, "max_item_count: 50000", "max_item_count: 60000")
	killed, _ := startApply(t, hand)
	killed.KillGroup()
	failed := hand.RunTo(t, 1, "apply", "-auto-approve").Text()
	id := lockID.FindStringSubmatch(failed)
	if id == nil {
		t.Fatalf("the error doesn't name the lock:\n%s", failed)
	}
	acceptance.MustContain(t, r.Read(t, "README.md"), "terraform force-unlock ID")
	hand.MustRun(t, "force-unlock", "-force", id[1])
	r.mustRun(t, productionWorkflow, "apply")
	checkQuota(t, s, 60000)
}

// startApply starts an apply and waits until it asks for approval. input writes the answer.
func startApply(t *testing.T, w *acceptance.Workspace) (apply *cli.Process, input func(string)) {
	t.Helper()
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	command := w.Command(t.Context(), "apply")
	command.Stdin = read
	apply, err = cli.Start(command)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		apply.KillGroup()
		for _, end := range []*os.File{read, write} {
			if err := end.Close(); err != nil {
				t.Error(err)
			}
		}
	})
	if _, err := apply.AwaitOutput(t.Context(), waitsForApproval); err != nil {
		t.Fatal(err)
	}
	return apply, func(text string) {
		if _, err := write.WriteString(text); err != nil {
			t.Fatal(err)
		}
	}
}

// The bucket keeps the previous states, and the README explains how to restore one.
func testStateVersions(t *testing.T, r *repository, s *acceptance.Sandbox, b *bucket) {
	t.Helper()
	r.mustRun(t, productionWorkflow, "apply")
	good := b.versions(t, stateKey)[0]

	// Somebody removes an organization from state. The next apply would create it again.
	hand := r.manualWorkspace(production, b)
	hand.MustRun(t, "state", "rm", "module.organization[\"perception\"].guardai_organization.this")
	r.mustRun(t, productionWorkflow, "drift")
	acceptance.MustContain(t, r.Read(t, production+"/drift.md"), `module.organization["perception"].guardai_organization.this will be created`)

	hand.Write(t, "old.tfstate", b.get(t, stateKey, good))
	acceptance.MustContain(t, r.Read(t, "README.md"), "terraform state push -force old.tfstate")
	hand.MustRun(t, "state", "push", "-force", "old.tfstate")
	hand.Remove(t, "old.tfstate")
	r.github.calls(t)
	before := len(s.Organizations())
	r.mustRun(t, productionWorkflow, "drift")
	if calls := r.github.calls(t); strings.Contains(calls, "issue") || before != len(s.Organizations()) {
		t.Errorf("the old state differs: %s", calls)
	}
}

// checkQuota checks the organization of the example, and its file.
func checkQuota(t *testing.T, s *acceptance.Sandbox, items int) {
	t.Helper()
	org := s.MustOrganizationNamed(t, "Perception")
	if got := fmt.Sprint(org.Settings["maxItemCount"]); got != strconv.Itoa(items) {
		t.Errorf("the quota is %s, want %d", got, items)
	}
	for _, file := range s.Files(org.ID) {
		if file.Name == "road-users.csv" && strings.HasPrefix(string(file.Content), "source,target\nCar,vehicle\n") {
			return
		}
	}
	t.Errorf("the mapping file isn't there: %v", s.Files(org.ID))
}
