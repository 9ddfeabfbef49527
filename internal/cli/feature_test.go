package cli

import (
	"testing"

	"github.com/hashicorp/go-version"
)

func TestWhyUnsupported(t *testing.T) {
	t.Parallel()
	terraformBeta := Product{terraform, version.Must(version.NewVersion("1.14.0-beta1"))}
	oldOpenTofu := Product{openTofu, version.Must(version.NewVersion("1.10.9"))}
	for text, want := range map[string]struct{ terraform, openTofu bool }{
		"Terraform 1.14":                {terraform: true},
		"Terraform 1.15":                {},
		"OpenTofu 1.10":                 {openTofu: true},
		"Terraform 1.9, OpenTofu 1.11":  {terraform: true},
		"OpenTofu 1.8, Terraform 1.5.7": {terraform: true, openTofu: true},
	} {
		feature, err := ParseFeature(text)
		if err != nil {
			t.Fatal(err)
		}
		if reason := terraformBeta.WhyUnsupported(feature); (reason == "") != want.terraform {
			t.Errorf("%s, and %s: %q", text, terraformBeta, reason)
		}
		if reason := oldOpenTofu.WhyUnsupported(feature); (reason == "") != want.openTofu {
			t.Errorf("%s, and %s: %q", text, oldOpenTofu, reason)
		}
	}
}

func TestParseFeatureErrors(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "Terraform", "1.14", "Terraform new", "Terraform 1.14 OpenTofu 1.11", "Pulumi 3.1", "Terraform 1.14, "} {
		if feature, err := ParseFeature(text); err == nil {
			t.Errorf("%q is read as %+v", text, feature)
		}
	}
}
