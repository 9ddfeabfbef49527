package provider

import (
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/guardai/terraform-provider-guardai/internal/guardai"
	"github.com/guardai/terraform-provider-guardai/internal/guardai/rest"
)

const exampleFile = `
version: 1
connection:
  host: "https://file.example"
  api-key-id: "file-id"
  api-key: "file-key"
`

func text(value string) types.String { return types.StringValue(value) }

func writeFile(t *testing.T, content string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "guardai-sdk-config.yml")
	if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// configWith returns a configuration with credentials and defaults, changed by change.
func configWith(change func(*guardai.Config)) guardai.Config {
	cfg := guardai.Config{
		APIKeyID: "id", APIKey: "key", MaxRetries: rest.DefaultMaxRetries,
		RequestTimeout: rest.DefaultRequestTimeout, CACertificate: []byte{},
	}
	change(&cfg)
	return cfg
}

type resolveTest struct {
	block       model
	environment map[string]string
	want        guardai.Config
	unknown     []string
}

func resolveTests(t *testing.T) map[string]resolveTest {
	t.Helper()
	file := writeFile(t, exampleFile)
	key := map[string]string{"GUARDAI_API_KEY_ID": "id", "GUARDAI_API_KEY": "key"}
	and := func(more map[string]string) map[string]string {
		for name, value := range key {
			if _, ok := more[name]; !ok {
				more[name] = value
			}
		}
		return more
	}
	return map[string]resolveTest{
		"environment": {environment: and(map[string]string{
			"GUARDAI_HOST": "https://env.example", "GUARDAI_MAX_RETRIES": "0", "GUARDAI_REQUEST_TIMEOUT": "2m", "GUARDAI_CA_CERTIFICATE": "-----BEGIN x",
			"GUARDAI_MAX_REQUESTS_PER_SECOND": "20",
		}), want: configWith(func(c *guardai.Config) {
			c.MaxRequestsPerSecond = 20
			c.Host, c.MaxRetries, c.RequestTimeout, c.CACertificate = "https://env.example", 0, 2*time.Minute, []byte("-----BEGIN x")
		})},
		"block before environment": {
			block: model{
				Host: text("https://block.example"), APIKeyID: text("b-id"), APIKey: text("b-key"), MaxRetries: types.NumberValue(big.NewFloat(7)), MaxRequestsPerSecond: types.NumberValue(big.NewFloat(0.5)),
				RequestTimeout: text("1s"), CACertificate: text("-----BEGIN y"), InsecureSkipVerify: types.BoolValue(true),
			},
			environment: and(map[string]string{"GUARDAI_HOST": "https://env.example", "GUARDAI_MAX_RETRIES": "1", "GUARDAI_TOKEN": "env-token"}),
			want: configWith(func(c *guardai.Config) {
				c.Host, c.APIKeyID, c.APIKey, c.MaxRetries = "https://block.example", "b-id", "b-key", 7
				c.RequestTimeout, c.CACertificate, c.InsecureSkipVerify = time.Second, []byte("-----BEGIN y"), true
				c.MaxRequestsPerSecond = 0.5
			}),
		},
		"file": {
			block: model{ConfigFile: text(file)},
			want:  configWith(func(c *guardai.Config) { c.Host, c.APIKeyID, c.APIKey = "https://file.example", "file-id", "file-key" }),
		},
		"file by environment, environment before file": {
			environment: map[string]string{"GUARDAI_CONFIG_FILE": file, "GUARDAI_API_KEY": "env-key"},
			want:        configWith(func(c *guardai.Config) { c.Host, c.APIKeyID, c.APIKey = "https://file.example", "file-id", "env-key" }),
		},
		"id in the block, key in the environment": {
			block: model{APIKeyID: text("b-id")}, environment: map[string]string{"GUARDAI_API_KEY": "env-key", "GUARDAI_TOKEN": "env-token"},
			want: configWith(func(c *guardai.Config) { c.APIKeyID, c.APIKey = "b-id", "env-key" }),
		},
		"token in the block": {
			block: model{Token: text("b-token")}, environment: and(map[string]string{"GUARDAI_TOKEN": "env-token"}),
			want: configWith(func(c *guardai.Config) { c.APIKeyID, c.APIKey, c.Token = "", "", "b-token" }),
		},
		"token before key in the environment": {
			environment: and(map[string]string{"GUARDAI_TOKEN": "env-token"}),
			want:        configWith(func(c *guardai.Config) { c.APIKeyID, c.APIKey, c.Token = "", "", "env-token" }),
		},
		"unknown values have nothing take their place": {
			block:       model{Host: types.StringUnknown(), APIKey: types.StringUnknown()},
			environment: and(map[string]string{"GUARDAI_HOST": "https://env.example", "GUARDAI_TOKEN": "env-token"}),
			want:        configWith(func(c *guardai.Config) { c.APIKey = "" }),
			unknown:     []string{"host", "api_key"},
		},
		"unknown file": {
			block: model{ConfigFile: types.StringUnknown()},
			want:  configWith(func(c *guardai.Config) { c.APIKeyID, c.APIKey = "", "" }), unknown: []string{"config_file"},
		},
		"unknown token": {
			block: model{Token: types.StringUnknown()}, environment: and(map[string]string{}),
			want: configWith(func(c *guardai.Config) { c.APIKeyID, c.APIKey = "", "" }), unknown: []string{"token"},
		},
	}
}

func TestResolve(t *testing.T) {
	t.Parallel()
	for name, test := range resolveTests(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newResolver(func(name string) string { return test.environment[name] })
			got := r.config(test.block)
			if r.diags.HasError() {
				t.Fatal(r.diags)
			}
			if got.CACertificate == nil {
				got.CACertificate = []byte{}
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(test.unknown, r.unknown); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestResolveErrors(t *testing.T) {
	t.Parallel()
	key := func(name, value string) map[string]string {
		environment := map[string]string{"GUARDAI_HOST": "https://env.example", "GUARDAI_API_KEY_ID": "id", "GUARDAI_API_KEY": "canary-key"}
		environment[name] = value
		return environment
	}
	tests := map[string]struct {
		environment map[string]string
		argument    string
		words       []string
	}{
		"nothing":             {nil, "host", []string{"Missing provider argument", "GUARDAI_HOST", "config_file"}},
		"no credentials":      {map[string]string{"GUARDAI_HOST": "https://env.example"}, "api_key", []string{"No credentials for GuardAI", "api_key_id", "GUARDAI_TOKEN", "config_file"}},
		"id alone":            {key("GUARDAI_API_KEY", ""), "api_key", []string{"GUARDAI_API_KEY"}},
		"key alone":           {key("GUARDAI_API_KEY_ID", ""), "api_key_id", []string{"GUARDAI_API_KEY_ID"}},
		"id with a newline":   {key("GUARDAI_API_KEY_ID", "id\n"), "api_key_id", []string{"GUARDAI_API_KEY_ID", "trimspace()"}},
		"key with a newline":  {key("GUARDAI_API_KEY", "canary-key\n"), "api_key", []string{"GUARDAI_API_KEY", "trimspace()"}},
		"token with a line":   {key("GUARDAI_TOKEN", "canary\n"), "token", []string{"GUARDAI_TOKEN", "trimspace()"}},
		"path of the API":     {key("GUARDAI_HOST", "https://env.example/x/api/v1/"), "host", []string{"GUARDAI_HOST", "/api/v1", "adds itself"}},
		"not a certificate":   {key("GUARDAI_CA_CERTIFICATE", "-----BEGIN x"), "ca_certificate", []string{"GUARDAI_CA_CERTIFICATE", "PEM"}},
		"retries and a half":  {key("GUARDAI_MAX_RETRIES", "1.5"), "max_retries", []string{"GUARDAI_MAX_RETRIES", "whole number"}},
		"no requests":         {key("GUARDAI_MAX_REQUESTS_PER_SECOND", "0"), "max_requests_per_second", []string{"GUARDAI_MAX_REQUESTS_PER_SECOND", "above 0"}},
		"hardly any requests": {key("GUARDAI_MAX_REQUESTS_PER_SECOND", "1e-300"), "max_requests_per_second", []string{"GUARDAI_MAX_REQUESTS_PER_SECOND", "at least 0.001"}},
		"not a number":        {key("GUARDAI_MAX_REQUESTS_PER_SECOND", "NaN"), "max_requests_per_second", []string{"GUARDAI_MAX_REQUESTS_PER_SECOND", "above 0"}},
		"host":                {key("GUARDAI_HOST", "localhost:8082"), "host", []string{"GUARDAI_HOST", "http://"}},
		"retries":             {key("GUARDAI_MAX_RETRIES", "many"), "max_retries", []string{"GUARDAI_MAX_RETRIES", "many"}},
		"negative retries":    {key("GUARDAI_MAX_RETRIES", "-1"), "max_retries", []string{"from 0 to"}},
		"timeout":             {key("GUARDAI_REQUEST_TIMEOUT", "30"), "request_timeout", []string{"GUARDAI_REQUEST_TIMEOUT", "30s"}},
		"no timeout":          {key("GUARDAI_REQUEST_TIMEOUT", "0s"), "request_timeout", []string{"above zero"}},
		"no such certificate": {key("GUARDAI_CA_CERTIFICATE", "no-such-file.pem"), "ca_certificate", []string{"no-such-file.pem", "no such file"}},
		"empty certificate":   {key("GUARDAI_CA_CERTIFICATE", writeFile(t, "")), "ca_certificate", []string{"empty"}},
		"no such file":        {key("GUARDAI_CONFIG_FILE", "no-such-file.yml"), "config_file", []string{"no-such-file.yml", "no such file"}},
		"folder":              {key("GUARDAI_CONFIG_FILE", t.TempDir()), "config_file", []string{"folder"}},
		"not YAML":            {key("GUARDAI_CONFIG_FILE", writeFile(t, "{ canary")), "config_file", []string{"not YAML"}},
		"other YAML":          {key("GUARDAI_CONFIG_FILE", writeFile(t, "- canary")), "config_file", []string{"not YAML"}},
		"other version":       {key("GUARDAI_CONFIG_FILE", writeFile(t, "version: 2")), "config_file", []string{"version is 2"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newResolver(func(name string) string { return test.environment[name] })
			if client := r.client(model{}, ""); client != nil || r.diags.ErrorsCount() != 1 {
				t.Fatalf("got %d errors, want 1: %v", r.diags.ErrorsCount(), r.diags)
			}
			shown := r.diags[0].Summary() + " " + r.diags[0].Detail()
			for _, word := range append(test.words, test.argument) {
				if !strings.Contains(shown, word) {
					t.Errorf("%q is not in: %s", word, shown)
				}
			}
			if strings.Contains(shown, "canary") {
				t.Errorf("a secret is in: %s", shown)
			}
		})
	}
}
