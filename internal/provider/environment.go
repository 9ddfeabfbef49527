package provider

import (
	"errors"
	"os"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/guardai/terraform-provider-guardai/internal/guardai"
)

// ConfigFromEnvironment returns the client's configuration for a command without a provider block: from flags,
// environment variables and the configuration file, in this order of precedence. flags is keyed by provider argument,
// such as ca_certificate for -ca-certificate. The errors name the flags.
func ConfigFromEnvironment(flags map[string]string) (guardai.Config, error) {
	r := newResolver(os.Getenv)
	r.flags = flags
	cfg := r.config(model{InsecureSkipVerify: types.BoolValue(flags["insecure_skip_verify"] == "true")})
	if !r.diags.HasError() {
		if _, err := guardai.New(cfg); err != nil {
			r.reportConfigError(err)
		}
	}
	var problems []error
	for _, d := range r.diags.Errors() {
		problems = append(problems, errors.New(d.Detail()))
	}
	return cfg, errors.Join(problems...)
}
