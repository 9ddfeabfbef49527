// Package secrets_test searches logs, output and state of a real CLI run for secrets.
package secrets_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"github.com/guardai/terraform-provider-guardai/internal/acceptance"
	"github.com/guardai/terraform-provider-guardai/internal/cli"
	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

// Canaries that must not appear anywhere.
const (
	contentCanary = "canary-content"
	emailCanary   = "canary@example.com"
)

// credential matches the API key and tokens, the only JWTs, with some text before them.
var credential = regexp.MustCompile(`.{0,200}(` + sandbox.AdminKey + `|eyJ[\w-]+\.eyJ[\w-]+\.)`)

// recording is a sandbox, and a provider in a process of its own, whose log and CLI output are kept.
type recording struct {
	*acceptance.Sandbox
	*acceptance.Workspace
	process *cli.Process
	// output is the output of the CLI.
	output strings.Builder
}

func newRecording(t *testing.T, files map[string]string, change ...func(*sandbox.Config)) *recording {
	t.Helper()
	s := &recording{Sandbox: acceptance.NewSandbox(t, change...)}
	program := filepath.Join(t.TempDir(), "provider")
	acceptance.BuildProvider(t, program)
	folder := &cli.Folder{Env: append(append(os.Environ(), "TF_LOG=TRACE"), s.Environ()...)}
	provider, err := folder.StartProvider(t.Context(), program)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(provider.Stop)
	s.process, s.Workspace = provider.Process, acceptance.NewWorkspaceFor(t, provider, files)
	s.run(t, 0, "init")
	return s
}

// run runs a CLI command, which must exit with the given code.
func (s *recording) run(t *testing.T, exitCode int, args ...string) string {
	t.Helper()
	output := s.RunTo(t, exitCode, args...)
	s.output.WriteString(output.Text())
	return output.Text()
}

// check searches for canaries in the provider's log, and for credentials in the CLI's output and state.
func (s *recording) check(t *testing.T) {
	t.Helper()
	log := s.process.Log()
	if !strings.Contains(log, "GuardAI API call") {
		t.Fatalf("the provider logged no call:\n%s", log)
	}
	for _, canary := range []string{sandbox.AdminKey, contentCanary, emailCanary} {
		if at := strings.Index(log, canary); at >= 0 {
			t.Errorf("%s is in the log: %s", canary, log[max(0, at-200):at+len(canary)])
		}
	}
	results := s.output.String() + s.Read(t, "terraform.tfstate")
	for where, text := range map[string]string{"the log": log, "what the CLI shows and keeps": results} {
		if match := credential.FindString(text); match != "" {
			t.Errorf("a credential is in %s: %s", where, match)
		}
	}
}

const configuration = `
resource "guardai_organization" "test" {
  name = "org"
}
resource "guardai_organization_file" "test" {
  organization_id = guardai_organization.test.id
  name            = "a.csv"
  content         = "` + contentCanary + `"
}
`

// secondProvider gets a token, and reads with it.
const secondProvider = `
ephemeral "guardai_token" "test" {}
provider "guardai" {
  alias = "second"
  token = ephemeral.guardai_token.test.token
}
data "guardai_organization" "test" {
  provider = guardai.second
  id       = guardai_organization.test.id
}
`

// The run creates, imports, retries and fails, and gets a token. The platform repeats the request's secrets in its errors.
func TestSecretsDoNotLeak(t *testing.T) {
	t.Parallel()
	s := newRecording(t, map[string]string{"main.tf": configuration}, func(cfg *sandbox.Config) { cfg.Middleware = nil })
	echo := fmt.Sprintf(`{"message":"Authorization: %s, key %s"}`, "Bearer "+s.AdminToken(), sandbox.AdminKey)
	s.Inject(sandbox.Fault{Operation: "login", Kind: sandbox.FaultStatus, Status: 503, Body: echo})
	s.Inject(sandbox.Fault{Operation: "add_organization", Kind: sandbox.FaultStatus, Status: 429, Body: echo, RetryAfter: "0"})
	s.Inject(sandbox.Fault{Operation: "add_organization", Kind: sandbox.FaultDropAfter})
	s.run(t, 0, "plan", "-out=plan")
	s.run(t, 0, "show", "-json", "plan")
	s.run(t, 0, "apply", "plan")
	id := s.Organizations()[0].ID
	ref := s.Files(id)[0].Ref
	s.SetMembers(id, []map[string]any{{"id": 1, "email": emailCanary}})
	s.run(t, 0, "state", "rm", "guardai_organization.test", "guardai_organization_file.test")
	s.run(t, 0, "import", "guardai_organization.test", fmt.Sprint(id))
	s.run(t, 0, "import", "guardai_organization_file.test", fmt.Sprintf("%d/classmapping/%s", id, ref))
	for _, operation := range []string{"update_organization", "upload_organization_file"} {
		s.Inject(sandbox.Fault{Operation: operation, Kind: sandbox.FaultStatus, Status: 400, Body: echo})
	}
	s.Write(t, "main.tf", strings.NewReplacer(`"org"`, `"new"`, contentCanary, contentCanary+" 2").Replace(configuration))
	if failed := s.run(t, 1, "apply", "-auto-approve"); !strings.Contains(failed, "key ***") {
		t.Errorf("the platform's words are missing:\n%s", failed)
	}
	s.Write(t, "main.tf", configuration+"data \"guardai_organization_members\" \"test\" {\n  organization_id = guardai_organization.test.id\n}\n")
	s.run(t, 0, "apply", "-auto-approve")
	if reason, err := acceptance.EphemeralResources.WhyUnsupported(); reason == "" && err == nil {
		s.Write(t, "main.tf", configuration+secondProvider)
		s.run(t, 0, "plan", "-out=plan")
		s.run(t, 0, "show", "-json", "plan")
		s.run(t, 0, "apply", "plan")
	}
	s.check(t)
}

// A crash prints stacks, but no values.
func TestSecretsDoNotLeakInCrash(t *testing.T) {
	t.Parallel()
	reached, over := make(chan struct{}), make(chan struct{})
	s := newRecording(t, map[string]string{"main.tf": configuration}, func(cfg *sandbox.Config) {
		cfg.Middleware = func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if strings.HasSuffix(r.URL.Path, "/file") && r.Method == http.MethodPost {
					close(reached)
					<-over
				}
				next.ServeHTTP(w, r)
			})
		}
	})
	defer close(over)
	crashed := make(chan struct{})
	go func() {
		defer close(crashed)
		<-reached
		// The process ends like in a panic, with all stacks in its log.
		if err := s.process.Signal(syscall.SIGQUIT); err != nil {
			t.Error(err)
		}
		s.process.Wait()
	}()
	s.run(t, 1, "apply", "-auto-approve")
	<-crashed
	if !strings.Contains(s.process.Log(), "goroutine ") {
		t.Error("the log holds no stacks")
	}
	s.check(t)
}
