package acceptance

import (
	"testing"

	"github.com/hashicorp/go-version"
)

func TestFeaturesOfCLIs(t *testing.T) {
	t.Parallel()
	terraform := product{version: version.Must(version.NewVersion("1.14.0-beta1"))}
	openTofu := product{openTofu: true, version: version.Must(version.NewVersion("1.10.9"))}
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
		if reason := feature.missingFrom(terraform); (reason == "") != want.terraform {
			t.Errorf("%s, and %s: %q", text, terraform, reason)
		}
		if reason := feature.missingFrom(openTofu); (reason == "") != want.openTofu {
			t.Errorf("%s, and %s: %q", text, openTofu, reason)
		}
	}
}

func TestFeaturesThatNameNoVersion(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "Terraform", "1.14", "Terraform new", "Terraform 1.14 OpenTofu 1.11", "Pulumi 3.1", "Terraform 1.14, "} {
		if feature, err := ParseFeature(text); err == nil {
			t.Errorf("%q is taken for %+v", text, feature)
		}
	}
}
