// Package calls_test counts the API calls of plans and applies, also of several configurations of the provider.
package calls_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/guardai/terraform-provider-guardai/internal/acceptance"
	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

// maxOtherCalls is how many calls a run may make in addition to logins and transfers, and maxCallsForMany is the limit
// for runs that read many organizations.
const (
	maxOtherCalls   = 4
	maxCallsForMany = 6
)

const (
	loginCall    = "login"
	uploadCall   = "upload_organization_file"
	downloadCall = "download_organization_file"
)

// newAppliedWorkspace returns a workspace whose configuration was applied if it has resources.
func newAppliedWorkspace(t *testing.T, s *acceptance.Sandbox, configuration string) *acceptance.Workspace {
	t.Helper()
	w := acceptance.NewWorkspace(t, map[string]string{"main.tf": s.Provider() + configuration})
	if strings.Contains(configuration, "resource ") {
		w.MustRun(t, "apply", "-auto-approve")
	}
	return w
}

// otherCalls returns the number of calls, without logins and the given operation.
func otherCalls(s *acceptance.Sandbox, operation string) int {
	return s.Count() - s.Count(loginCall, operation)
}

// managedOrganizations returns resources, and readOrganizations data sources for ids from 1.
func managedOrganizations(count int) string {
	return fmt.Sprintf("resource \"guardai_organization\" \"managed\" {\n  count = %d\n  name  = \"managed ${count.index}\"\n}\n", count)
}

func readOrganizations(count int) string {
	return fmt.Sprintf("data \"guardai_organization\" \"read\" {\n  count = %d\n  id    = count.index + 1\n}\n", count)
}

// A plan reads any number of organizations from one list.
func TestPlanOfManyOrganizationsMakesFewCalls(t *testing.T) {
	t.Parallel()
	const organizationCount = 30
	for name, configuration := range map[string]string{
		"resources":    managedOrganizations(organizationCount),
		"data sources": readOrganizations(organizationCount),
		"both":         managedOrganizations(organizationCount/2) + readOrganizations(organizationCount/2),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := acceptance.NewSandbox(t)
			for i := range organizationCount {
				s.AddOrganization(sandbox.Organization{Name: fmt.Sprintf("there %d", i)})
			}
			w := newAppliedWorkspace(t, s, configuration)
			s.ClearRequests()
			w.MustRun(t, "plan", "-detailed-exitcode")
			if got := otherCalls(s, ""); got == 0 || got > maxCallsForMany {
				t.Errorf("the plan made %d calls, want %d at most: %v", got, maxCallsForMany, operations(s))
			}
		})
	}
}

const fileCount = 12

const ownerConfiguration = "resource \"guardai_organization\" \"owner\" {\n  name = \"owner\"\n}\n"

func filesConfiguration(arguments string) string {
	return fmt.Sprintf("resource \"guardai_organization_file\" \"owned\" {\n  count           = %d\n"+
		"  organization_id = guardai_organization.owner.id\n  name            = \"${count.index}.csv\"\n  content         = \"id,class\\n${count.index},car\\n\"\n  %s\n}\n",
		fileCount, arguments)
}

// The organization is read once for all of its files.
func TestPlanOfManyFilesMakesFewCalls(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		arguments string
		downloads int
	}{
		"verified":     {downloads: fileCount},
		"not verified": {arguments: "verify_content = false"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := acceptance.NewSandbox(t)
			w := newAppliedWorkspace(t, s, ownerConfiguration+filesConfiguration(test.arguments))
			s.ClearRequests()
			w.MustRun(t, "plan", "-detailed-exitcode")
			if got := s.Count(downloadCall); got != test.downloads {
				t.Errorf("the plan made %d downloads, want %d", got, test.downloads)
			}
			if got := otherCalls(s, downloadCall); got == 0 || got > maxOtherCalls {
				t.Errorf("the plan made %d other calls, want %d at most: %v", got, maxOtherCalls, operations(s))
			}
		})
	}
}

// An upload is followed by at most one read of the organization and, to verify the content, one download.
func TestApplyOfManyFilesMakesFewCalls(t *testing.T) {
	t.Parallel()
	for arguments, downloads := range map[string]int{"": fileCount, "verify_content = false": 0} {
		t.Run(arguments, func(t *testing.T) {
			t.Parallel()
			s := acceptance.NewSandbox(t)
			w := newAppliedWorkspace(t, s, ownerConfiguration)
			w.Write(t, "files.tf", filesConfiguration(arguments))
			s.ClearRequests()
			w.MustRun(t, "apply", "-auto-approve")
			if uploads, got := s.Count(uploadCall), s.Count(downloadCall); uploads != fileCount || got != downloads {
				t.Errorf("the apply made %d uploads and %d downloads, want %d and %d", uploads, got, fileCount, downloads)
			}
			if got := s.Count() - s.Count(loginCall, uploadCall, downloadCall); got == 0 || got > maxOtherCalls+fileCount {
				t.Errorf("the apply made %d other calls, want %d at most: %v", got, maxOtherCalls+fileCount, operations(s))
			}
		})
	}
}

// operations returns the number of calls of each operation.
func operations(s *acceptance.Sandbox) map[string]int {
	counts := map[string]int{}
	for _, request := range s.Requests() {
		counts[request.Operation]++
	}
	return counts
}
