package provider

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/guardai/terraform-provider-guardai/internal/guardai"
)

// maxMaxRetries keeps a slip of the keyboard from being an endless wait.
const maxMaxRetries = 100

// resolver finds the value of each argument: the block beats the environment,
// which beats the file, which beats the default. A value that isn't known yet is
// the block's all the same, and nothing takes its place.
type resolver struct {
	// getenv is os.Getenv: an empty variable counts as none.
	getenv  func(string) string
	file    connection
	unknown []string
	diags   diag.Diagnostics
}

// resolve makes the client's configuration. Where unknown is not empty, it names
// the arguments without which the configuration isn't complete yet.
func resolve(block model, getenv func(string) string) (guardai.Config, []string, diag.Diagnostics) {
	r := &resolver{getenv: getenv}
	r.readFile(block)
	cfg := guardai.Config{
		Host:               r.host(block),
		MaxRetries:         r.maxRetries(block),
		RequestTimeout:     r.requestTimeout(block),
		CACertificate:      r.caCertificate(block),
		InsecureSkipVerify: r.insecureSkipVerify(block),
	}
	r.credentials(block, &cfg)
	return cfg, r.unknown, r.diags
}

// text returns an argument's value and what to call its origin, both empty where
// nobody sets it or it isn't known yet.
func (r *resolver) text(name string, block types.String, variable, inFile string) (value, origin string) {
	switch {
	case r.isUnknown(name, block):
		return "", ""
	case !block.IsNull():
		return block.ValueString(), "argument " + name
	case r.getenv(variable) != "":
		return r.getenv(variable), "environment variable " + variable
	case inFile != "":
		return inFile, "configuration file"
	}
	return "", ""
}

func (r *resolver) isUnknown(name string, value attr.Value) bool {
	if value.IsUnknown() {
		r.unknown = append(r.unknown, name)
	}
	return value.IsUnknown()
}

// fail reports a value that can't be used.
func (r *resolver) fail(name, format string, args ...any) {
	r.diags.AddAttributeError(path.Root(name), "Invalid provider argument "+name, fmt.Sprintf(format, args...))
}

func (r *resolver) readFile(block model) {
	name, origin := r.text("config_file", block.ConfigFile, "GUARDAI_CONFIG_FILE", "")
	if name == "" {
		return
	}
	file, err := readConfigFile(name)
	if err != nil {
		r.fail("config_file", "The configuration file %q (set by the %s) can't be used: %s. "+
			"Set config_file or GUARDAI_CONFIG_FILE to the path of a file of GuardAI's Python client, or to nothing.", name, origin, err)
		return
	}
	r.file = file
}

func (r *resolver) host(block model) string {
	host, origin := r.text("host", block.Host, "GUARDAI_HOST", r.file.Host)
	if _, err := guardai.ParseHost(host); err != nil {
		problem := strings.TrimPrefix(err.Error(), "Host: ")
		r.fail("host", "The platform's address (set by the %s) can't be used: %s. Set host or GUARDAI_HOST to a base URL such as https://guardai.navinfo.cloud.", origin, problem)
	}
	return host
}

func (r *resolver) maxRetries(block model) int {
	const variable = "GUARDAI_MAX_RETRIES"
	switch {
	case r.isUnknown("max_retries", block.MaxRetries):
		return 0
	case !block.MaxRetries.IsNull():
		return int(block.MaxRetries.ValueInt64())
	case r.getenv(variable) == "":
		return guardai.DefaultMaxRetries
	}
	retries, err := strconv.Atoi(r.getenv(variable))
	if err != nil || retries < 0 || retries > maxMaxRetries {
		r.fail("max_retries", "The environment variable %s is %q. It must be a whole number from 0 to %d.", variable, r.getenv(variable), maxMaxRetries)
	}
	return retries
}

func (r *resolver) requestTimeout(block model) time.Duration {
	value, origin := r.text("request_timeout", block.RequestTimeout.StringValue, "GUARDAI_REQUEST_TIMEOUT", "")
	if value == "" {
		return guardai.DefaultRequestTimeout
	}
	timeout, err := time.ParseDuration(value)
	if err != nil || timeout <= 0 {
		r.fail("request_timeout", "The %s is %q. It must be a duration above zero, such as 30s or 2m.", origin, value)
	}
	return timeout
}

func (r *resolver) caCertificate(block model) []byte {
	value, origin := r.text("ca_certificate", block.CACertificate, "GUARDAI_CA_CERTIFICATE", "")
	if value == "" || strings.Contains(value, "-----BEGIN") {
		return []byte(value)
	}
	pem, err := os.ReadFile(value) //nolint:gosec // The user names the file.
	if err != nil {
		r.fail("ca_certificate", "The file that the %s names can't be read: %s. Set ca_certificate or GUARDAI_CA_CERTIFICATE to PEM text or to the path of a file with it.", origin, err)
	} else if len(pem) == 0 {
		r.fail("ca_certificate", "The file that the %s names is empty. Set ca_certificate or GUARDAI_CA_CERTIFICATE to PEM text or to the path of a file with it.", origin)
	}
	return pem
}

func (r *resolver) insecureSkipVerify(block model) bool {
	if r.isUnknown("insecure_skip_verify", block.InsecureSkipVerify) || !block.InsecureSkipVerify.ValueBool() {
		return false
	}
	r.diags.AddAttributeWarning(path.Root("insecure_skip_verify"), "Certificates are not verified",
		"With insecure_skip_verify = true anyone on the way to the platform can read and change what is sent, the credentials included. "+
			"To trust a private certificate authority, set ca_certificate instead.")
	return true
}
