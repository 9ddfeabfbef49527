package provider_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/guardai/terraform-provider-guardai/internal/acceptance"
	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

const organization = "resource \"guardai_organization\" \"test\" {\n name = \"x\"\n}\n"

func block(lines ...string) string {
	return "provider \"guardai\" {\n" + strings.Join(lines, "\n") + "\n}\n" + organization
}

// TestResolveErrors has the other errors.
func TestProviderBlockErrors(t *testing.T) {
	t.Parallel()
	s := acceptance.NewSandbox(t)
	host := fmt.Sprintf("host = %q", s.URL)
	for _, test := range []struct{ config, want string }{
		{block(host, `api_key_id = "x"`, `api_key = ""`), `api_key is blank`},
		{block(host, `api_key_id = "x"`, `api_key = "y"`, `token = "z"`), `"api_key".*cannot be specified when "token"`},
		{block(host, `token = "x"`, `request_timeout = "soon"`), `The argument request_timeout is "soon".*duration above zero`},
		{block(host, `token = "x"`, `max_retries = 1.5`), `argument max_retries is 1.5.*whole number`},
		{block(`token = "x"`), `Missing provider argument host.*GUARDAI_HOST.*config_file`},
		{block(host, `api_key_id = "x"`, `api_key = "canary"`), `Unable to list the organizations.*POST \S+/api/v1/login returned 401.*api_key_id`},
		{block(host, `token = "canary"`), `Unable to list the organizations.*returned 401.*token`},
		{block(`host = "http://127.0.0.1:1"`, `token = "x"`, `max_retries = 0`), `connection refused.*host`},
	} {
		acceptance.NewDirect(t).Plan(test.config).MustFail(test.want)
	}
}

func TestConfiguredToken(t *testing.T) {
	t.Parallel()
	s := acceptance.NewSandbox(t)
	acceptance.NewDirect(t).Apply(block(fmt.Sprintf("host = %q\ntoken = %q", s.URL+"/", s.AdminToken()))).Must("create")
	if got := s.Count("login"); got != 0 {
		t.Errorf("got %d logins with a ready token", got)
	}
}

func TestInsecureSkipVerifyWarns(t *testing.T) {
	t.Parallel()
	s := acceptance.NewSandbox(t)
	acceptance.MustContain(t, acceptance.NewDirect(t).Plan(s.Provider("insecure_skip_verify = true")+organization).Must("create").Text, "Certificates are not verified")
}

// The real CLI sends its version, and may know the host only after the plan.
func TestRealCLI(t *testing.T) {
	t.Parallel()
	s := acceptance.NewSandbox(t)
	w := acceptance.NewWorkspace(t, map[string]string{
		"main.tf": fmt.Sprintf("resource \"terraform_data\" \"in\" { input = %q }\n", s.URL) + block(
			"host = terraform_data.in.output", fmt.Sprintf("api_key_id = %q\napi_key = %q", sandbox.AdminKeyID, sandbox.AdminKey)),
	})
	w.MustRun(t, "init")
	w.MustRun(t, "apply", "-auto-approve")
	if got := s.Count("add_organization"); got != 1 {
		t.Errorf("got %d creates, want 1", got)
	}
	for _, request := range s.Requests() {
		if !regexp.MustCompile(`^terraform-provider-guardai/test terraform/\d+\.\d+\.\d+`).MatchString(request.UserAgent) {
			t.Errorf("%s came from %q", request.Operation, request.UserAgent)
		}
	}
}

func TestDataSourceWithUnknownProviderValues(t *testing.T) {
	t.Parallel()
	acceptance.NewDirect(t).Read("provider \"guardai\" {\n token = unknown\n}\ndata \"guardai_organization\" \"test\" {\n id = 1\n}\n").MustFail(`not known yet.*token`)
}
