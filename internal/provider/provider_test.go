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

func TestProviderBlockErrors(t *testing.T) {
	t.Parallel()
	s := acceptance.NewSandbox(t)
	host := fmt.Sprintf("host = %q", s.URL)
	for _, test := range []struct{ config, want string }{
		{block(host), `No credentials for GuardAI.*api_key_id`},
		{block(host, `api_key_id = "x"`), `Missing provider argument api_key.*without the key`},
		{block(host, `api_key = "x"`), `Missing provider argument api_key_id.*without its id`},
		{block(host, `api_key_id = "x"`, `api_key = ""`), `api_key is blank`},
		{block(host, `api_key_id = "x"`, `api_key = "y"`, `token = "z"`), `"api_key".*cannot be specified when "token"`},
		{block(`host = "localhost:8082"`, `token = "x"`), `provider argument host.*http://`},
		{block(host, `config_file = "no-such.yml"`), `provider argument config_file.*no-such.yml`},
		{block(host, `token = "x"`, `request_timeout = "soon"`), `The argument request_timeout is "soon".*duration above zero`},
		{block(host, `token = "x"`, `request_timeout = "30"`), `The argument request_timeout is "30".*such as 30s`},
		{block(host, `token = "x"`, `max_retries = 1.5`), `argument max_retries is 1.5.*whole number`},
		{block(host, `token = "x"`, `max_requests_per_second = 0`), `argument max_requests_per_second is 0.*above 0`},
		{block(`token = "x"`), `Missing provider argument host.*GUARDAI_HOST.*config_file`},
		{block(fmt.Sprintf("host = %q", s.URL+"/api/v1"), `token = "x"`), `provider argument host.*/api/v1.*adds itself`},
		{block(host, `api_key_id = "x"`, `api_key = "canary\n"`), `provider argument api_key.*trimspace\(\)`},
		{block(host, `token = "x"`, `max_retries = -1`), `max_retries is -1.*from 0 to 100`},
		{block(host, `token = "x"`, `ca_certificate = "-----BEGIN nothing"`), `provider argument ca_certificate.*PEM`},
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
