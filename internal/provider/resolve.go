package provider

import (
	"errors"
	"fmt"
	"math"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/guardai/terraform-provider-guardai/internal/guardai"
	"github.com/guardai/terraform-provider-guardai/internal/guardai/rest"
)

// minRequestsPerSecond prevents a mistyped limit from making a run wait for hours between two requests.
const minRequestsPerSecond = 0.001

// maxMaxRetries prevents a mistyped number from making a run retry endlessly.
const maxMaxRetries = 100

// resolver finds the value of each argument. In order of precedence, it comes from the provider block or a flag, the
// environment, the configuration file, or the default. An unknown value in the block is not replaced by another.
type resolver struct {
	// getenv is os.Getenv. An empty variable counts as unset.
	getenv func(string) string
	// flags are the flags of a command without a provider block, by argument. It is nil with a provider block.
	flags map[string]string
	file  connection
	// origins describes, by argument, where its value comes from.
	origins map[string]string
	// unknown lists the arguments that aren't known yet.
	unknown []string
	diags   diag.Diagnostics
}

func newResolver(getenv func(string) string) *resolver {
	return &resolver{getenv: getenv, origins: map[string]string{}}
}

func (r *resolver) config(block model) guardai.Config {
	r.readFile(block)
	cfg := guardai.Config{
		Host:                 r.text("host", block.Host, "GUARDAI_HOST", r.file.Host),
		MaxRetries:           r.maxRetries(block),
		MaxRequestsPerSecond: r.maxRequestsPerSecond(block),
		RequestTimeout:       r.requestTimeout(block),
		CACertificate:        r.caCertificate(block),
		InsecureSkipVerify:   r.insecureSkipVerify(block),
	}
	r.credentials(block, &cfg)
	return cfg
}

// client returns a client, or nil if an argument is unknown or invalid.
func (r *resolver) client(block model, userAgent string) *guardai.Client {
	cfg := r.config(block)
	cfg.UserAgent = userAgent
	if r.diags.HasError() || len(r.unknown) > 0 {
		return nil
	}
	client, err := guardai.New(cfg)
	if err != nil {
		r.reportConfigError(err)
		return nil
	}
	return client
}

// text returns an argument's value. It is empty if the argument is unset or unknown.
func (r *resolver) text(name string, block types.String, variable, fromFile string) string {
	switch {
	case r.isUnknown(name, block):
		return ""
	case !block.IsNull():
		r.origins[name] = "argument " + name
		return block.ValueString()
	case r.flags[name] != "":
		r.origins[name] = "flag " + r.display(name)
		return r.flags[name]
	case r.getenv(variable) != "":
		r.origins[name] = "environment variable " + variable
		return r.getenv(variable)
	case fromFile != "":
		r.origins[name] = "configuration file"
	}
	return fromFile
}

// display returns how users set an argument: its name in a provider block, or the flag of a command.
func (r *resolver) display(name string) string {
	if r.flags == nil {
		return name
	}
	return "-" + strings.ReplaceAll(name, "_", "-")
}

func (r *resolver) isUnknown(name string, value attr.Value) bool {
	if value.IsUnknown() {
		r.unknown = append(r.unknown, name)
	}
	return value.IsUnknown()
}

func (r *resolver) invalid(name, format string, args ...any) {
	r.diags.AddAttributeError(path.Root(name), "Invalid provider argument "+name, fmt.Sprintf(format, args...))
}

// reportConfigError reports an error of guardai.New on the argument that caused it.
func (r *resolver) reportConfigError(err error) {
	where := "Set api_key_id and api_key (GUARDAI_API_KEY_ID and GUARDAI_API_KEY), token (GUARDAI_TOKEN), or config_file (GUARDAI_CONFIG_FILE)."
	if r.flags != nil {
		// Credentials have no flags.
		where = "Set GUARDAI_API_KEY_ID and GUARDAI_API_KEY, GUARDAI_TOKEN, or -config-file (GUARDAI_CONFIG_FILE)."
	}
	arguments := map[string]struct{ name, remedy string }{
		"Host": {"host", fmt.Sprintf("Set %s, the environment variable GUARDAI_HOST, or connection.host in the file of %s (GUARDAI_CONFIG_FILE) to the platform's base URL, "+
			"such as https://guardai.navinfo.cloud.", r.display("host"), r.display("config_file"))},
		"APIKeyID":      {"api_key_id", where},
		"APIKey":        {"api_key", where},
		"Token":         {"token", where},
		"CACertificate": {"ca_certificate", r.certificateRemedy()},
	}
	wrong, ok := errors.AsType[*rest.ConfigError](err)
	if !ok {
		r.diags.AddError("Unable to set up the GuardAI client", err.Error())
		return
	}
	if wrong.Field == "Credentials" {
		r.diags.AddError("No credentials for GuardAI", where)
		return
	}
	argument := arguments[wrong.Field]
	if origin := r.origins[argument.name]; origin != "" {
		r.invalid(argument.name, "The value of %s (set by the %s) can't be used: %s. %s", argument.name, origin, wrong.Problem, argument.remedy)
		return
	}
	r.diags.AddAttributeError(path.Root(argument.name), "Missing provider argument "+argument.name,
		strings.ToUpper(wrong.Problem[:1])+wrong.Problem[1:]+". "+argument.remedy)
}

func (r *resolver) readFile(block model) {
	name := r.text("config_file", block.ConfigFile, "GUARDAI_CONFIG_FILE", "")
	if name == "" {
		return
	}
	file, err := readConfigFile(name)
	if err != nil {
		r.invalid("config_file", "The configuration file %q (set by the %s) can't be used: %s. "+
			"Set %s or GUARDAI_CONFIG_FILE to the path of a file of GuardAI's Python client, or to nothing.", name, r.origins["config_file"], err, r.display("config_file"))
		return
	}
	r.file = file
}

func (r *resolver) maxRetries(block model) int {
	value, origin := r.number("max_retries", block.MaxRetries, "GUARDAI_MAX_RETRIES")
	if origin == "" {
		return rest.DefaultMaxRetries
	}
	retries, err := strconv.Atoi(value)
	if err != nil || retries < 0 || retries > maxMaxRetries {
		r.invalid("max_retries", "The %s is %s. It must be a whole number from 0 to %d.", origin, value, maxMaxRetries)
	}
	return retries
}

func (r *resolver) maxRequestsPerSecond(block model) float64 {
	value, origin := r.number("max_requests_per_second", block.MaxRequestsPerSecond, "GUARDAI_MAX_REQUESTS_PER_SECOND")
	if origin == "" {
		return 0
	}
	limit, err := strconv.ParseFloat(value, 64)
	if err != nil || math.IsNaN(limit) || limit < minRequestsPerSecond || math.IsInf(limit, 0) {
		r.invalid("max_requests_per_second", "The %s is %s. It must be a number above 0, such as 10 or 0.5, and at least %g.", origin, value, minRequestsPerSecond)
	}
	return limit
}

// number returns an argument's value as written, and its origin. Both are empty if the argument is unset or unknown.
func (r *resolver) number(name string, block types.Number, variable string) (value, origin string) {
	text := types.StringNull()
	if !block.IsNull() && !block.IsUnknown() {
		text = types.StringValue(block.ValueBigFloat().Text('f', -1))
	}
	if r.isUnknown(name, block) {
		return "", ""
	}
	return r.text(name, text, variable, ""), r.origins[name]
}

func (r *resolver) requestTimeout(block model) time.Duration {
	value := r.text("request_timeout", block.RequestTimeout, "GUARDAI_REQUEST_TIMEOUT", "")
	if r.origins["request_timeout"] == "" {
		return rest.DefaultRequestTimeout
	}
	timeout, err := time.ParseDuration(value)
	if err != nil || timeout <= 0 {
		r.invalid("request_timeout", "The %s is %q. It must be a duration above zero with its unit, such as 30s or 2m.", r.origins["request_timeout"], value)
	}
	return timeout
}

func (r *resolver) caCertificate(block model) []byte {
	value := r.text("ca_certificate", block.CACertificate, "GUARDAI_CA_CERTIFICATE", "")
	if value == "" || strings.Contains(value, "-----BEGIN") {
		return []byte(value)
	}
	pem, err := os.ReadFile(value) //nolint:gosec // The user names the file.
	if err != nil {
		r.invalid("ca_certificate", "The file that the %s names can't be read: %s. %s", r.origins["ca_certificate"], err, r.certificateRemedy())
	} else if len(pem) == 0 {
		r.invalid("ca_certificate", "The file that the %s names is empty. %s", r.origins["ca_certificate"], r.certificateRemedy())
	}
	return pem
}

func (r *resolver) certificateRemedy() string {
	return fmt.Sprintf("Set %s or GUARDAI_CA_CERTIFICATE to PEM text or to the path of a file with it.", r.display("ca_certificate"))
}

func (r *resolver) insecureSkipVerify(block model) bool {
	if r.isUnknown("insecure_skip_verify", block.InsecureSkipVerify) || !block.InsecureSkipVerify.ValueBool() {
		return false
	}
	r.diags.AddAttributeWarning(path.Root("insecure_skip_verify"), "Certificates are not verified",
		"With insecure_skip_verify = true anyone who can intercept the connection can read and change what is sent, including the credentials. "+
			"To trust a private certificate authority, set ca_certificate instead.")
	return true
}

// credentials chooses between an API key and a token. The provider block decides if it sets either. Otherwise a token
// in the environment takes precedence over an API key. guardai.New checks that they are complete.
func (r *resolver) credentials(block model, cfg *guardai.Config) {
	if block.APIKeyID.IsNull() && block.APIKey.IsNull() {
		before := len(r.unknown)
		cfg.Token = r.text("token", block.Token, "GUARDAI_TOKEN", "")
		if cfg.Token != "" || len(r.unknown) > before {
			return
		}
	}
	cfg.APIKeyID = r.text("api_key_id", block.APIKeyID, "GUARDAI_API_KEY_ID", r.file.APIKeyID)
	cfg.APIKey = r.text("api_key", block.APIKey, "GUARDAI_API_KEY", r.file.APIKey)
}
