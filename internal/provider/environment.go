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

// ConfigFromEnvironment makes a client's configuration for a program that reads no provider block: from flags, the
// environment and the configuration file, in this order. flags holds the values of flags by the name of the argument
// whose place they take, such as host for -host.
func ConfigFromEnvironment(flags map[string]string) (guardai.Config, error) {
	getenv := func(variable string) string {
		return cmp.Or(flags[argumentOf(variable)], os.Getenv(variable))
	}
	block := model{}
	if flags["insecure_skip_verify"] == "true" {
		block.InsecureSkipVerify = types.BoolValue(true)
	}
	r := newResolver(getenv)
	cfg := r.config(block)
	if !r.diags.HasError() {
		if _, err := guardai.New(cfg); err != nil {
			r.refused(err)
		}
	}
	var problems []error
	for _, d := range r.diags.Errors() {
		problems = append(problems, fmt.Errorf("%s: %s", d.Summary(), namingFlags(d.Detail(), flags)))
	}
	return cfg, errors.Join(problems...)
}

func argumentOf(variable string) string {
	return strings.ToLower(strings.TrimPrefix(variable, "GUARDAI_"))
}

// namingFlags has a message blame a flag where it blames the variable whose place the flag takes.
func namingFlags(detail string, flags map[string]string) string {
	for argument := range flags {
		detail = strings.ReplaceAll(detail, "environment variable GUARDAI_"+strings.ToUpper(argument)+" ", "flag -"+strings.ReplaceAll(argument, "_", "-")+" ")
		detail = strings.ReplaceAll(detail, "environment variable GUARDAI_"+strings.ToUpper(argument)+")", "flag -"+strings.ReplaceAll(argument, "_", "-")+")")
	}
	return detail
}
