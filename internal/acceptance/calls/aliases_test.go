package calls_test

import (
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/guardai/terraform-provider-guardai/internal/acceptance"
	"github.com/guardai/terraform-provider-guardai/internal/cli"
	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

// aliasConfiguration renames an organization through one provider configuration while another uploads files to it.
const aliasConfiguration = cli.RequiredProviders + `
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
  host  = "${var.host}/"
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

// A CLI starts one process for each provider configuration. Updates through one and uploads through another must not
// interfere, even if they spell the host differently.
func TestProviderAliasesLoseNothing(t *testing.T) {
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
					// If uploads could run during an update, this read would be outdated.
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
	w := acceptance.Install(t).Workspace(t, "TF_VAR_host="+s.URL, "TF_VAR_token="+token)
	w.Write(t, "main.tf", fmt.Sprintf(aliasConfiguration, sandbox.AdminKeyID, sandbox.AdminKey))
	w.MustRun(t, "init")
	w.MustRun(t, "apply", "-auto-approve", "-var", "name=before", "-var", "files=0")
	w.MustRun(t, "apply", "-auto-approve", "-var", "name=after", "-var", fmt.Sprint("files=", files))
	org := s.MustOrganization(t, 1)
	if listed, _ := org.Settings["classMappingFiles"].([]any); org.Name != "after" || len(listed) != files {
		t.Errorf("%d of %d files are listed in %+v", len(listed), files, org)
	}
}
