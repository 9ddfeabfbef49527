package provider

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/guardai/terraform-provider-guardai/internal/guardai"
)

// ConfigFromEnvironment returns the client's configuration for a program without a provider block: from flags,
// environment variables and the configuration file, in this order of precedence. flags is keyed by provider argument,
// such as ca_certificate for -ca-certificate.
func ConfigFromEnvironment(flags map[string]string) (guardai.Config, error) {
	getenv := func(variable string) string {
		return cmp.Or(flags[argumentName(variable)], os.Getenv(variable))
	}
	block := model{}
	if flags["insecure_skip_verify"] == "true" {
		block.InsecureSkipVerify = types.BoolValue(true)
	}
	r := newResolver(getenv)
	cfg := r.config(block)
	if !r.diags.HasError() {
		if _, err := guardai.New(cfg); err != nil {
			r.reportConfigError(err)
		}
	}
	var problems []error
	for _, d := range r.diags.Errors() {
		problems = append(problems, fmt.Errorf("%s: %s", d.Summary(), nameFlags(d.Detail(), flags)))
	}
	return cfg, errors.Join(problems...)
}

func argumentName(variable string) string {
	return strings.ToLower(strings.TrimPrefix(variable, "GUARDAI_"))
}

// nameFlags makes a message name a flag in place of the environment variable that it overrides.
func nameFlags(detail string, flags map[string]string) string {
	for argument := range flags {
		detail = strings.ReplaceAll(detail, "environment variable GUARDAI_"+strings.ToUpper(argument)+" ", "flag -"+strings.ReplaceAll(argument, "_", "-")+" ")
		detail = strings.ReplaceAll(detail, "environment variable GUARDAI_"+strings.ToUpper(argument)+")", "flag -"+strings.ReplaceAll(argument, "_", "-")+")")
	}
	return detail
}
