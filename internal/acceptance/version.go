package acceptance

import (
	"encoding/json"
	"testing"

	"github.com/hashicorp/go-version"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"
)

// The first versions with what not every CLI has. OpenTofu knows neither queries
// nor actions; it has no version as high as that of Terraform with them.
var (
	// IdentityVersion is that, of Terraform and of OpenTofu alike, with resource identity.
	IdentityVersion = tfversion.Version1_12_0
	// EphemeralVersion is that of Terraform with ephemeral resources; OpenTofu's is 1.11.
	EphemeralVersion = tfversion.Version1_10_0
	// QueryVersion is that of Terraform with queries and actions.
	QueryVersion = tfversion.Version1_14_0
)

// RunFrom is Run for steps that take a CLI of at least a version.
func RunFrom(t *testing.T, oldest *version.Version, steps ...resource.TestStep) {
	t.Helper()
	t.Parallel()
	Test(t, resource.TestCase{TerraformVersionChecks: []tfversion.TerraformVersionCheck{tfversion.SkipBelow(oldest)}, Steps: steps})
}

// SkipBelow skips a test whose CLI is older than a version.
func (w *Workspace) SkipBelow(t testing.TB, oldest *version.Version) {
	t.Helper()
	var told struct {
		Version string `json:"terraform_version"`
	}
	if err := json.Unmarshal([]byte(w.MustRun(t, "version", "-json").Stdout), &told); err != nil {
		t.Fatal(err)
	}
	current, err := version.NewVersion(told.Version)
	if err != nil {
		t.Fatal(err)
	}
	if current.LessThan(oldest) {
		t.Skipf("the CLI's version is %s, and this needs %s", current, oldest)
	}
}
