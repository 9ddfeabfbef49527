package main

import (
	"os"
	"testing"
)

func TestLimitLogs(t *testing.T) {
	for name, test := range map[string]struct {
		environment map[string]string
		// sdk, framework and proto are the levels that follow.
		sdk, framework, proto string
	}{
		"no log":                 {nil, "OFF", "OFF", "OFF"},
		"log":                    {map[string]string{"TF_LOG": "debug"}, "debug", "debug", "debug"},
		"log of providers":       {map[string]string{"TF_LOG": "TRACE", "TF_LOG_PROVIDER": "WARN"}, "WARN", "WARN", "WARN"},
		"log of all in JSON":     {map[string]string{"TF_LOG": "JSON"}, "JSON", "JSON", "JSON"},
		"level of the framework": {map[string]string{"TF_LOG": "INFO", "TF_LOG_SDK_FRAMEWORK": "TRACE"}, "INFO", "TRACE", "INFO"},
		"level of the SDK":       {map[string]string{"TF_LOG": "INFO", "TF_LOG_SDK": "ERROR"}, "ERROR", "ERROR", "ERROR"},
	} {
		t.Run(name, func(t *testing.T) {
			for _, variable := range []string{"TF_LOG", "TF_LOG_PROVIDER", "TF_LOG_SDK", "TF_LOG_SDK_FRAMEWORK", "TF_LOG_SDK_PROTO"} {
				t.Setenv(variable, test.environment[variable])
			}
			limitLogs()
			for variable, want := range map[string]string{"TF_LOG_SDK": test.sdk, "TF_LOG_SDK_FRAMEWORK": test.framework, "TF_LOG_SDK_PROTO": test.proto} {
				if got := os.Getenv(variable); got != want {
					t.Errorf("%s is %q, want %q", variable, got, want)
				}
			}
		})
	}
}
