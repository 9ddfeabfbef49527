// Package gitops_test plays the example of a GitOps repository as its users would: its
// workflow's steps run as they are written, with a real CLI, a state on a real S3
// server, and a sandbox for a platform.
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
	production     = "environments/production"
	productionFlow = ".github/workflows/guardai.yml"
	perception     = production + "/organizations/perception.yaml"
	monitoring     = production + "/organizations/monitoring.yaml"
	stateKey       = "guardai/production.tfstate"
)

// TestGitOps is one test, so that the provider and the S3 server are built only once.
func TestGitOps(t *testing.T) {
	t.Parallel()
	// What asks for it, versions.tf, stays.
	acceptance.S3LockFile.Need(t)
	install, server := acceptance.Install(t), tool(t, "versitygw")
	for name, test := range map[string]func(*testing.T, *repository, *acceptance.Sandbox, *bucket){
		"pull request to drift": testPullRequestToDrift,
		"second environment":    testSecondEnvironment,
		"policy":                testPolicy,
		"lock":                  testLock,
		"state versions":        testStateVersions,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSandbox(t)
			b := newBucket(t, server)
			test(t, newRepository(t, install, s, b), s, b)
		})
	}
}

func newSandbox(t *testing.T) *acceptance.Sandbox {
	t.Helper()
	return acceptance.NewSandbox(t, func(cfg *sandbox.Config) { cfg.Seed = true })
}

// newRepository begins as the example's README says: it copies the folder and runs
// init, which writes the lock file that is committed.
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

// setPlatform sets the variables and secrets of an environment.
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

// initialize runs init by hand. A CLI that was built without the S3 backend crashes.
func initialize(t *testing.T, r *repository, environment string, b *bucket) {
	t.Helper()
	output := r.byHand(environment, b).Run(t, "init")
	if strings.Contains(output.Text(), "panic:") && strings.Contains(output.Text(), "initBackend") {
		t.Skip("this build of the CLI has no S3 backend")
	}
	if output.ExitCode != 0 {
		t.Fatal(output.Text())
	}
}

// byHand is an environment's folder for somebody with the bucket's credentials.
func (r *repository) byHand(environment string, b *bucket) *acceptance.Workspace {
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
	applyMerged(t, r, s)
	reportMisspelled(t, r, b)
	proposeChange(t, r, s)
	findDrift(t, r, s)
}

func applyMerged(t *testing.T, r *repository, s *acceptance.Sandbox) {
	t.Helper()
	r.mustRun(t, productionFlow, "apply")
	checkQuota(t, s, 50000)
	named(t, s, "Driver Monitoring")
	r.mustRun(t, productionFlow, "drift")
	if calls := r.github.calls(t); strings.Contains(calls, "issue") {
		t.Errorf("drift right after an apply: %s", calls)
	}
}

func reportMisspelled(t *testing.T, r *repository, b *bucket) {
	t.Helper()
	hand := r.byHand(production, b)
	// What is empty in a file is as if it weren't there.
	hand.Write(t, "organizations/empty.yaml", "max_item_count:\nfiles:\n")
	hand.Write(t, "organizations/nothing.yaml", "---\n")
	mustContain(t, hand.MustRun(t, "plan").Text(), "Plan: 2 to add, 0 to change, 0 to destroy.")
	hand.Remove(t, "organizations/empty.yaml")
	hand.Remove(t, "organizations/nothing.yaml")

	// What is misspelled is an error, named as it stands in the file.
	r.Replace(t, perception, "max_item_count:", "max_item_coutn:")
	run := r.mustFail(t, "plan", "Plan")
	mustContain(t, run.log.String(), "Organization perception has unsupported attributes: max_item_coutn.")
	r.Replace(t, perception, "max_item_coutn:", "max_item_count:")
}

// A pull request shows what it would change, and changes nothing.
func proposeChange(t *testing.T, r *repository, s *acceptance.Sandbox) {
	t.Helper()
	r.Replace(t, perception, "max_item_count: 50000", "max_item_count: 60000")
	s.ClearRequests()
	r.mustRun(t, productionFlow, "plan")
	mustContain(t, r.github.calls(t), "pr comment 7 --body-file plan.md")
	comment := r.Read(t, production+"/plan.md")
	mustContain(t, comment, "<!-- guardai plan for production --> ### Plan for production **0 to add, 1 to change, 0 to destroy**")
	mustContain(t, comment, "50000 -> 60000")
	mustContain(t, comment, "Plan: 0 to add, 1 to change, 0 to destroy.")

	r.github.Write(t, "comments", `[
		{"id": 34, "user": {"login": "github-actions[bot]"}, "body": "<!-- guardai plan for production -->\n"},
		{"id": 35, "user": {"login": "github-actions[bot]"}, "body": "<!-- guardai plan for staging -->\n"},
		{"id": 36, "user": {"login": "somebody"}, "body": "<!-- guardai plan for production -->\n"}]`)
	r.mustRun(t, productionFlow, "plan")
	calls := r.github.calls(t)
	mustContain(t, calls, "api --method PATCH repos/example/organizations/issues/comments/34 --field body=@plan.md")
	if strings.Contains(calls, "pr comment") {
		t.Error("a second push makes a second comment")
	}
	if got := s.Count("update_organization"); got != 0 {
		t.Errorf("a pull request changed the platform %d times", got)
	}
	r.Replace(t, perception, "max_item_count: 60000", "max_item_count: 50000")
}

func findDrift(t *testing.T, r *repository, s *acceptance.Sandbox) {
	t.Helper()
	s.UpdateOrganization(named(t, s, "Perception").ID, func(org *sandbox.Organization) { org.Settings["maxItemCount"] = 7 })
	r.mustRun(t, productionFlow, "drift")
	mustContain(t, r.github.calls(t), "issue create --title Drift in production --label drift-production --body-file drift.md")
	issue := r.Read(t, production+"/drift.md")
	mustContain(t, issue, `- module.organizations.guardai_organization.this["perception"] will be updated in-place`)
	if strings.Contains(issue, "max_item_count") {
		t.Errorf("the issue says what is configured:\n%s", issue)
	}
	r.github.Write(t, "issues", `[{"number": 12}]`)
	r.mustRun(t, productionFlow, "drift")
	mustContain(t, r.github.calls(t), "issue comment 12 --body-file drift.md")

	// A plan that fails is no drift.
	r.values["secrets.GUARDAI_API_KEY"] = "wrong"
	r.mustFail(t, "drift", "Plan")
	if calls := r.github.calls(t); calls != "" {
		t.Errorf("a failed plan is reported as drift: %s", calls)
	}
}

// A plan that the policy forbids is shown, and fails. Nobody can apply it.
func testPolicy(t *testing.T, r *repository, s *acceptance.Sandbox, _ *bucket) {
	t.Helper()
	r.mustRun(t, productionFlow, "apply")
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
		mustContain(t, run.log.String(), `max_item_count would fall by more than half in module.organizations.guardai_organization.this["perception"], from 50000 to 20000.`)
	}
	mustContain(t, r.github.calls(t), "pr comment 7")
	if got := s.Count("update_organization"); got != 0 {
		t.Errorf("a plan that the policy forbids was applied: %d", got)
	}

	propose(strings.Replace(original, "[ADV_CRAFTING]", "[]", 1))
	run := r.mustFail(t, "plan", "Policy")
	mustContain(t, run.log.String(), "ADV_CRAFTING would be enabled again")
	r.github.label(t, "enable-features")
	r.mustRun(t, productionFlow, "plan")
	r.mustRun(t, productionFlow, "apply")
	propose(original)
	r.mustRun(t, productionFlow, "apply")
	r.github.label(t)

	// What is taken out of a file isn't known before the apply.
	propose(strings.Replace(original, "disabled_features: [ADV_CRAFTING]\n", "", 1))
	r.mustFail(t, "plan", "Policy")
	propose(original)
	r.Replace(t, monitoring, "max_time_per_task: 7200\n", "")
	run = r.mustFail(t, "plan", "Policy")
	mustContain(t, run.log.String(), "max_time_per_task of")
	testPolicyForDestroys(t, r)
}

func testPolicyForDestroys(t *testing.T, r *repository) {
	t.Helper()
	r.Remove(t, monitoring)
	r.mustRun(t, productionFlow, "plan")
	mustContain(t, r.Read(t, production+"/plan.md"),
		"**0 to add, 0 to change, 1 to destroy** Destroyed: ````text module.organizations.guardai_organization.this[\"monitoring\"] ````")
	r.Remove(t, perception)
	run := r.mustFail(t, "plan", "Policy")
	mustContain(t, run.log.String(), `guardai_organization.this["perception"] would be destroyed with its files.`)
	mustContain(t, r.Read(t, production+"/plan.md"), "**0 to add, 0 to change, 3 to destroy**")
}

func TestPolicy(t *testing.T) {
	t.Parallel()
	root, err := cli.RepositoryRoot()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := cli.RequireSuccess(cli.Command(t.Context(), tool(t, "conftest"), "verify", "--policy", filepath.Join(root, "examples", "gitops", "policy"))); err != nil {
		t.Fatal(err)
	}
}

// The README's commands make another environment, with another platform and a state of
// its own.
func testSecondEnvironment(t *testing.T, r *repository, s *acceptance.Sandbox, b *bucket) {
	t.Helper()
	r.mustRun(t, productionFlow, "apply")
	r.readme(t, "cp -R environments/production")
	staging := newSandbox(t)
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
	r.mustRun(t, productionFlow, "drift")
}

// readme runs the README's commands that begin so.
func (r *repository) readme(t *testing.T, begin string) {
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
	hand := r.byHand(production, b)

	// An apply holds the lock while it waits for its approval. Another says who holds it.
	holder, approve := startApply(t, hand)
	mustContain(t, hand.RunTo(t, 1, "apply", "-auto-approve").Text(), "Error acquiring the state lock")

	// With a timeout it waits, and goes on when the lock is released.
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

	// A run that is killed leaves its lock. The README says how to remove it.
	r.Replace(t, perception, "max_item_count: 50000", "max_item_count: 60000")
	killed, _ := startApply(t, hand)
	killed.KillGroup()
	failed := hand.RunTo(t, 1, "apply", "-auto-approve").Text()
	id := lockID.FindStringSubmatch(failed)
	if id == nil {
		t.Fatalf("the error doesn't name the lock:\n%s", failed)
	}
	mustContain(t, r.Read(t, "README.md"), "terraform force-unlock ID")
	hand.MustRun(t, "force-unlock", "-force", id[1])
	r.mustRun(t, productionFlow, "apply")
	checkQuota(t, s, 60000)
}

// startApply starts an apply and waits until it asks for approval, which is then given
// by the function.
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

// The bucket keeps the state from before each change, and the README says how to go
// back to it.
func testStateVersions(t *testing.T, r *repository, s *acceptance.Sandbox, b *bucket) {
	t.Helper()
	r.mustRun(t, productionFlow, "apply")
	good := b.versions(t, stateKey)[0]

	// Somebody takes an organization out of state. The next apply would create it again.
	hand := r.byHand(production, b)
	hand.MustRun(t, "state", "rm", "module.organizations.guardai_organization.this")
	r.mustRun(t, productionFlow, "drift")
	mustContain(t, r.Read(t, production+"/drift.md"), `guardai_organization.this["perception"] will be created`)

	hand.Write(t, "old.tfstate", b.get(t, stateKey, good))
	mustContain(t, r.Read(t, "README.md"), "terraform state push -force old.tfstate")
	hand.MustRun(t, "state", "push", "-force", "old.tfstate")
	hand.Remove(t, "old.tfstate")
	r.github.calls(t)
	before := len(s.Organizations())
	r.mustRun(t, productionFlow, "drift")
	if calls := r.github.calls(t); strings.Contains(calls, "issue") || before != len(s.Organizations()) {
		t.Errorf("the old state differs: %s", calls)
	}
}

// The module comes with the example, so that a copy of that folder works by itself.
func TestModuleIsTheOneOfTheExamples(t *testing.T) {
	t.Parallel()
	root, err := cli.RepositoryRoot()
	if err != nil {
		t.Fatal(err)
	}
	read := func(folder, pattern string) map[string]string {
		files := map[string]string{}
		names, err := filepath.Glob(filepath.Join(root, "examples", filepath.FromSlash(folder), pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			content, err := os.ReadFile(name) //nolint:gosec // It is one of the examples.
			if err != nil {
				t.Fatal(err)
			}
			files[filepath.Base(name)] = string(content)
		}
		return files
	}
	want, got := read("modules/organization", "*.tf"), read("gitops/modules/organization", "*")
	for name, content := range want {
		if got[name] != content {
			t.Errorf("%s differs: run make generate", name)
		}
	}
	if len(want) == 0 || len(got) != len(want) {
		t.Errorf("%d files are copies of %d", len(got), len(want))
	}
}

// checkQuota looks for the organization that the example begins with, and its file.
func checkQuota(t *testing.T, s *acceptance.Sandbox, items int) {
	t.Helper()
	org := named(t, s, "Perception")
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

func named(t *testing.T, s *acceptance.Sandbox, name string) sandbox.Organization {
	t.Helper()
	for _, org := range s.Organizations() {
		if org.Name == name {
			return org
		}
	}
	t.Fatalf("there is no organization %q", name)
	return sandbox.Organization{}
}

func mustContain(t *testing.T, text, part string) {
	t.Helper()
	if !strings.Contains(strings.Join(cli.Lines(text), " "), part) {
		t.Errorf("%q is missing in:\n%s", part, text)
	}
}
