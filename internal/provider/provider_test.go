package provider_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/guardai/terraform-provider-guardai/internal/acceptance"
	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

const organization = "resource \"guardai_organization\" \"test\" {\n name = \"x\"\n}\n"

func block(lines ...string) string {
	return "provider \"guardai\" {\n" + strings.Join(lines, "\n") + "\n}\n" + organization
}

func TestProviderBlockErrors(t *testing.T) {
	s := acceptance.NewSandbox(t)
	host := fmt.Sprintf("host = %q", s.URL)
	for name, test := range map[string]struct {
		config, want string
	}{
		"no credentials":  {block(host), `(?s)provider argument api_key.*no credentials`},
		"half a key":      {block(host, `api_key_id = "x"`), `(?s)provider argument api_key.*without\s+the\s+key`},
		"other half":      {block(host, `api_key = "x"`), `(?s)provider argument api_key_id.*without\s+its\s+id`},
		"blank key":       {block(host, `api_key_id = "x"`, `api_key = ""`), `(?s)api_key must not be blank`},
		"key and token":   {block(host, `api_key_id = "x"`, `api_key = "y"`, `token = "z"`), `(?s)"api_key".*cannot be specified when "token"`},
		"malformed host":  {block(`host = "localhost:8082"`, `token = "x"`), `(?s)provider argument host.*http://`},
		"no such file":    {block(host, `config_file = "no-such.yml"`), `(?s)provider argument config_file.*no-such.yml`},
		"bad timeout":     {block(host, `token = "x"`, `request_timeout = "soon"`), `(?s)The argument\s+request_timeout is "soon".*duration above zero`},
		"no unit":         {block(host, `token = "x"`, `request_timeout = "30"`), `(?s)The argument\s+request_timeout is "30".*such as 30s`},
		"half a retry":    {block(host, `token = "x"`, `max_retries = 1.5`), `(?s)argument\s+max_retries is 1.5.*whole\s+number`},
		"no requests":     {block(host, `token = "x"`, `max_requests_per_second = 0`), `(?s)argument\s+max_requests_per_second\s+is\s+0.*above\s+0`},
		"no host":         {block(`token = "x"`), `(?s)Missing provider argument host.*GUARDAI_HOST.*config_file`},
		"path of the API": {block(fmt.Sprintf("host = %q", s.URL+"/api/v1"), `token = "x"`), `(?s)provider argument host.*/api/v1.*leave\s+that\s+out`},
		"key with a line": {block(host, `api_key_id = "x"`, `api_key = "canary\n"`), `(?s)provider argument api_key.*trimspace\(\)`},
		"bad retries":     {block(host, `token = "x"`, `max_retries = -1`), `(?s)max_retries is -1.*from 0\s+to\s+100`},
		"bad CA":          {block(host, `token = "x"`, `ca_certificate = "-----BEGIN nothing"`), `(?s)provider argument ca_certificate.*PEM`},
		"wrong key":       {block(host, `api_key_id = "x"`, `api_key = "canary"`), `(?s)Unable to list the organizations.*POST\s+\S+/api/v1/login\s+returned\s+401.*api_key_id`},
		"wrong token":     {block(host, `token = "canary"`), `(?s)Unable to list the organizations.*returned\s+401.*token`},
		"nobody there":    {block(`host = "http://127.0.0.1:1"`, `token = "x"`, `max_retries = 0`), `(?s)connection\s+refused.*host`},
	} {
		t.Run(name, func(t *testing.T) {
			acceptance.Run(t, resource.TestStep{Config: test.config, ExpectError: regexp.MustCompile(test.want)})
		})
	}
}

func TestConfiguredToken(t *testing.T) {
	s := acceptance.NewSandbox(t)
	acceptance.Run(t, resource.TestStep{Config: block(fmt.Sprintf("host = %q\ntoken = %q", s.URL+"/", s.AdminToken()))})
	if got := s.Count("login"); got != 0 {
		t.Errorf("got %d logins with a ready token", got)
	}
}

func TestUserAgent(t *testing.T) {
	s := acceptance.NewSandbox(t)
	acceptance.Run(t, resource.TestStep{Config: s.Provider() + organization})
	for _, request := range s.Requests() {
		if !regexp.MustCompile(`^terraform-provider-guardai/test terraform/\d+\.\d+\.\d+`).MatchString(request.UserAgent) {
			t.Errorf("%s came from %q", request.Operation, request.UserAgent)
		}
	}
}

// The host is unknown during the plan.
func TestUnknownProviderValues(t *testing.T) {
	s := acceptance.NewSandbox(t)
	acceptance.Run(t, resource.TestStep{
		Config: fmt.Sprintf("resource \"terraform_data\" \"in\" { input = %q }\n", s.URL) + block(
			"host = terraform_data.in.output", fmt.Sprintf("api_key_id = %q\napi_key = %q", sandbox.AdminKeyID, sandbox.AdminKey)),
	})
	if got := s.Count("add_organization"); got != 1 {
		t.Errorf("got %d creates, want 1", got)
	}
}

func TestDataSourceWithUnknownProviderValues(t *testing.T) {
	acceptance.Run(t, resource.TestStep{
		Config: "resource \"terraform_data\" \"in\" { input = \"x\" }\nprovider \"guardai\" {\n token = terraform_data.in.output\n}\n" +
			"data \"guardai_organization\" \"test\" {\n id = 1\n}\n",
		ExpectError: regexp.MustCompile(`(?s)not known yet.*token`),
	})
}

func TestInsecureSkipVerifyWarns(t *testing.T) {
	t.Parallel()
	s := acceptance.NewSandbox(t)
	w := acceptance.NewWorkspace(t, map[string]string{
		"main.tf": s.Provider("insecure_skip_verify = true") + organization,
	})
	w.MustRun(t, "init")
	if output := w.MustRun(t, "plan"); !strings.Contains(output.Stdout, "Certificates are not verified") {
		t.Errorf("no warning in:\n%s", output.Stdout)
	}
}
