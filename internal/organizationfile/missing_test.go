package organizationfile_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/guardai/terraform-provider-guardai/internal/acceptance"
	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

// A 404 for the content of a file that its organization lists is an error, and state stays.
func TestListedFileWithoutContent(t *testing.T) {
	b := newFixture(t)
	config := b.file(`name = "a.csv"`, `content = "x"`)
	acceptance.Run(t,
		resource.TestStep{Config: config},
		resource.TestStep{
			PreConfig: func() {
				b.Inject(sandbox.Fault{Operation: "download_organization_file", Kind: sandbox.FaultStatus, Status: 404})
			},
			Config: config, ExpectError: regexp.MustCompile(`(?s)Unable to read file.*still\s+lists\s+the\s+file`),
		},
		resource.TestStep{Config: config, ConfigPlanChecks: emptyPlan(), Check: b.uploads(1)},
	)
}

// Only the platform's own 404 says that a file is gone, even if nothing lists it.
func TestOtherNotFound(t *testing.T) {
	b := newFixture(t)
	config := b.file(`type = "other"`, `name = "a.csv"`, `content = "x"`)
	acceptance.Run(t,
		resource.TestStep{Config: config},
		resource.TestStep{
			PreConfig: func() {
				b.Inject(sandbox.Fault{Operation: "download_organization_file", Kind: sandbox.FaultStatus, Status: 404, Body: `{"message":"no Route matched with those values"}`})
			},
			Config: config, ExpectError: regexp.MustCompile(`(?s)Unable to read file.*no\s+Route\s+matched`),
		},
		resource.TestStep{Config: config, ConfigPlanChecks: emptyPlan(), Check: b.uploads(1)},
	)
}

// A plan warns of a file that is gone, and creates it again.
func TestWarningAboutAMissingFile(t *testing.T) {
	t.Parallel()
	b := newFixture(t)
	w := acceptance.NewWorkspace(t, map[string]string{"main.tf": b.file(`name = "a.csv"`, `content = "x"`)})
	w.MustRun(t, "init")
	w.MustRun(t, "apply", "-auto-approve")
	b.DeleteFile(b.organization, mappedType, b.Files(b.organization)[0].Ref)
	output := w.MustRun(t, "plan").Stdout
	if !strings.Contains(output, "Warning: The file no longer exists") || !strings.Contains(output, "1 to add, 0 to change") {
		t.Errorf("the plan:\n%s", output)
	}
}
