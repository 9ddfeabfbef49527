package organizationfile_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"sync/atomic"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/guardai/terraform-provider-guardai/internal/acceptance"
	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

// A platform that changes a name is an error, and state has the platform's name.
func TestPlatformChangesTheName(t *testing.T) {
	for stored, sent := range map[string]string{"road.csv": "Road.csv", "roadusers.csv": "road users.csv", "gr\u00c3\u00b6e.csv": "gröe.csv"} {
		t.Run(sent, func(t *testing.T) {
			b := newFixture(t, acceptance.Storing(stored, sent))
			lines := func(name string) string { return b.file(fmt.Sprintf("name = %q", name), `content = "x"`) }
			notAccepted := regexp.MustCompile(`(?s)The platform did not accept a value.*name = .*the\s+platform\s+has\s+"` + stored)
			acceptance.Run(t,
				resource.TestStep{Config: lines(sent), ExpectError: notAccepted},
				resource.TestStep{Config: lines("other.csv"), Check: b.hasFile("other.csv", "x")},
				resource.TestStep{Config: lines(sent), ConfigPlanChecks: planned(plancheck.ResourceActionUpdate), ExpectError: notAccepted},
				resource.TestStep{
					Config: lines(stored), ConfigPlanChecks: emptyPlan(),
					ConfigStateChecks: []statecheck.StateCheck{attribute("name", knownvalue.StringExact(stored))},
				},
			)
		})
	}
}

// A platform that changes a content is an error, and state has the platform's hash. Without verify_content, nothing is
// compared.
func TestPlatformChangesTheContent(t *testing.T) {
	b := newFixture(t, acceptance.Storing("one\ntwo", "one\r\ntwo"))
	lines := func(content string, more ...string) string {
		return b.file(append(more, `name = "a.csv"`, fmt.Sprintf("content = %q", content))...)
	}
	notAccepted := regexp.MustCompile(`(?s)The platform did not accept a value.*content = .*8\s+bytes.*the\s+platform\s+has\s+a\s+content\s+of\s+7\s+bytes.*` + sha256Hex("one\ntwo"))
	acceptance.Run(t,
		resource.TestStep{Config: lines("first")},
		resource.TestStep{Config: lines("one\r\ntwo"), ExpectError: notAccepted},
		resource.TestStep{Config: lines("one\r\ntwo"), ConfigPlanChecks: planned(plancheck.ResourceActionUpdate), ExpectError: notAccepted},
		resource.TestStep{Config: lines("one\ntwo"), ConfigStateChecks: []statecheck.StateCheck{attribute("size", knownvalue.Int64Exact(7))}},
		resource.TestStep{Config: lines("one\ntwo", "verify_content = false")},
		resource.TestStep{Config: lines("one\r\ntwo", "verify_content = false")},
		resource.TestStep{Config: lines("one\r\ntwo", "verify_content = false"), ConfigPlanChecks: emptyPlan()},
	)
}

// A platform may list a new file, and deliver its content, only after a moment.
func TestPlatformIsSlowToListAFile(t *testing.T) {
	t.Parallel()
	var stale atomic.Int64
	b := newFixture(t, acceptance.ReadingLate(&stale))
	config := b.file(`name = "a.csv"`, `content = "x"`)
	w := acceptance.NewWorkspace(t, map[string]string{"main.tf": config})
	w.MustRun(t, "init")
	w.MustRun(t, "plan", "-out=plan")
	b.Inject(sandbox.Fault{Operation: "download_organization_file", Kind: sandbox.FaultStatus, Status: 404})
	stale.Store(2) // One for the plan within the apply.
	w.MustRun(t, "apply", "plan")
	w.MustRun(t, "plan", "-detailed-exitcode")
	if stale.Load() != 0 || b.Count("download_organization_file") != 3 {
		t.Errorf("%d stale responses are left after %d downloads", stale.Load(), b.Count("download_organization_file"))
	}
}

// If the platform can't be asked after a write, the file isn't tainted.
func TestUploadThatCannotBeChecked(t *testing.T) {
	t.Parallel()
	b := newFixture(t)
	w := acceptance.NewWorkspace(t, map[string]string{"main.tf": b.file(`name = "a.csv"`, `content = "x"`)})
	w.MustRun(t, "init")
	b.Inject(sandbox.Fault{Operation: "download_organization_file", Kind: sandbox.FaultStatus, Status: 400})
	output := w.MustRun(t, "apply", "-auto-approve").Stdout
	if !regexp.MustCompile(`(?s)Warning: Unable to check file .* after the write.*400`).MatchString(output) {
		t.Errorf("the apply:\n%s", output)
	}
	w.MustRun(t, "plan", "-detailed-exitcode")
}

// A stored gzip file that the platform labels as compressed is downloaded as it is.
func TestCompressedFile(t *testing.T) {
	b := newFixture(t, acceptance.LabelingDownloads("gzip"))
	var compressed bytes.Buffer
	writer := gzip.NewWriter(&compressed)
	_, _ = writer.Write([]byte("id,class\n"))
	_ = writer.Close()
	source := filepath.Join(t.TempDir(), "map.csv.gz")
	if err := os.WriteFile(source, compressed.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	config := b.file(fmt.Sprintf("source = %q", source))
	acceptance.Run(t,
		resource.TestStep{Config: config, ConfigStateChecks: []statecheck.StateCheck{attribute("content_type", knownvalue.StringExact("application/gzip"))}},
		resource.TestStep{Config: config, ConfigPlanChecks: emptyPlan(), Check: b.uploads(1)},
	)
}
