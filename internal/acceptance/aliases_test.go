package acceptance_test

import (
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/guardai/terraform-provider-guardai/internal/acceptance"
	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

// aliases renames an organization through one configuration of the provider while another adds files to it.
const aliases = `
terraform {
  required_providers {
    guardai = {
      source = "guardai/guardai"
    }
  }
}

variable "host" {}
variable "token" {}
variable "name" {}
variable "files" {}

provider "guardai" {
  host       = var.host
  api_key_id = "%s"
  api_key    = "%s"
}

provider "guardai" {
  alias = "files"
  host  = var.host
  token = var.token
}

resource "guardai_organization" "test" {
  name = var.name
}

resource "guardai_organization_file" "test" {
  count           = var.files
  provider        = guardai.files
  organization_id = 1
  name            = "${count.index}.csv"
  content         = "id,class\n"
}
`

// A CLI runs a process for each configuration of a provider: what keeps an update through one and uploads through
// another apart must work between processes.
func TestAliasesLoseNothing(t *testing.T) {
	t.Parallel()
	const files = 5
	uploaded := make(chan struct{})
	var once sync.Once
	var token string
	s := acceptance.NewSandbox(t, func(cfg *sandbox.Config) {
		check := cfg.Middleware
		cfg.Middleware = func(api http.Handler) http.Handler {
			api = check(api)
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				response := httptest.NewRecorder()
				api.ServeHTTP(response, r)
				switch {
				case r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/file"):
					once.Do(func() { close(uploaded) })
				case r.Method == http.MethodGet && !strings.Contains(r.Header.Get("Authorization"), token):
					// Whoever reads to write back gets an old organization, if uploads can come in between.
					select {
					case <-uploaded:
					case <-time.After(500 * time.Millisecond):
					}
				}
				maps.Copy(w.Header(), response.Header())
				w.WriteHeader(response.Code)
				_, _ = w.Write(response.Body.Bytes())
			})
		}
	})
	token = s.AdminToken()
	dir := t.TempDir()
	environ := append(acceptance.Install(t).Environ(t.TempDir()), "TF_VAR_host="+s.URL, "TF_VAR_token="+token)
	must(t, "configuration", os.WriteFile(filepath.Join(dir, "main.tf"), fmt.Appendf(nil, aliases, sandbox.AdminKeyID, sandbox.AdminKey), 0o600))
	run := func(args ...string) {
		command := exec.CommandContext(t.Context(), "/usr/bin/env", append([]string{"terraform"}, args...)...) //nolint:gosec // The test names the command.
		command.Dir, command.Env = dir, environ
		if output, err := command.CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", strings.Join(args, " "), err, output)
		}
	}
	run("init")
	run("apply", "-auto-approve", "-var", "name=before", "-var", "files=0")
	run("apply", "-auto-approve", "-var", "name=after", "-var", fmt.Sprint("files=", files))
	org := s.MustOrganization(t, 1)
	if listed, _ := org.Settings["classMappingFiles"].([]any); org.Name != "after" || len(listed) != files {
		t.Errorf("%d of %d files are listed in %+v", len(listed), files, org)
	}
}
