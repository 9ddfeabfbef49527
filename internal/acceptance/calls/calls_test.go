// Package calls_test counts the calls that plans and applies of many objects make.
package calls_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/guardai/terraform-provider-guardai/internal/acceptance"
	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

// mostReads is how many calls a run may make in addition to logins and transfers, and
// mostForMany where it reads more than a few organizations.
const (
	mostReads   = 4
	mostForMany = 6
)

// The operations that the tests count one by one.
const (
	loginCall    = "login"
	uploadCall   = "upload_organization_file"
	downloadCall = "download_organization_file"
)

// newCounted makes a workspace with a configuration for a sandbox, and applies it
// where it holds resources.
func newCounted(t *testing.T, s *acceptance.Sandbox, configuration string) *acceptance.Workspace {
	t.Helper()
	w := acceptance.NewWorkspace(t, map[string]string{"main.tf": s.Provider() + configuration})
	if strings.Contains(configuration, "resource ") {
		w.MustRun(t, "apply", "-auto-approve")
	}
	return w
}

// others is how many calls there were but logins and those of an operation.
func others(s *acceptance.Sandbox, operation string) int {
	return s.Count() - s.Count(loginCall, operation)
}

// managedOrganizations and readOrganizations are blocks for a number of
// organizations, the second for those with the ids from 1 on.
func managedOrganizations(count int) string {
	return fmt.Sprintf("resource \"guardai_organization\" \"managed\" {\n  count = %d\n  name  = \"managed ${count.index}\"\n}\n", count)
}

func readOrganizations(count int) string {
	return fmt.Sprintf("data \"guardai_organization\" \"read\" {\n  count = %d\n  id    = count.index + 1\n}\n", count)
}

// However many organizations a plan reads, it takes them from one list.
func TestPlanOfManyOrganizationsMakesFewCalls(t *testing.T) {
	t.Parallel()
	const many = 30
	for name, configuration := range map[string]string{
		"resources":    managedOrganizations(many),
		"data sources": readOrganizations(many),
		"both":         managedOrganizations(many/2) + readOrganizations(many/2),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := acceptance.NewSandbox(t)
			for i := range many {
				s.AddOrganization(sandbox.Organization{Name: fmt.Sprintf("there %d", i)})
			}
			w := newCounted(t, s, configuration)
			s.ClearRequests()
			w.MustRun(t, "plan", "-detailed-exitcode")
			if got := others(s, ""); got == 0 || got > mostForMany {
				t.Errorf("the plan made %d calls, want %d at most: %v", got, mostForMany, operations(s))
			}
		})
	}
}

// manyFiles is how many files the organization of the tests has.
const manyFiles = 12

const filesOwner = "resource \"guardai_organization\" \"owner\" {\n  name = \"owner\"\n}\n"

func ownedFiles(arguments string) string {
	return fmt.Sprintf("resource \"guardai_organization_file\" \"owned\" {\n  count           = %d\n"+
		"  organization_id = guardai_organization.owner.id\n  name            = \"${count.index}.csv\"\n  content         = \"id,class\\n${count.index},car\\n\"\n  %s\n}\n",
		manyFiles, arguments)
}

// What is read of an organization is read once for all of its files.
func TestPlanOfManyFilesMakesFewCalls(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		arguments string
		downloads int
	}{
		"verified":     {downloads: manyFiles},
		"not verified": {arguments: "verify_content = false"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := acceptance.NewSandbox(t)
			w := newCounted(t, s, filesOwner+ownedFiles(test.arguments))
			s.ClearRequests()
			w.MustRun(t, "plan", "-detailed-exitcode")
			if got := s.Count(downloadCall); got != test.downloads {
				t.Errorf("the plan made %d downloads, want %d", got, test.downloads)
			}
			if got := others(s, downloadCall); got == 0 || got > mostReads {
				t.Errorf("the plan made %d other calls, want %d at most: %v", got, mostReads, operations(s))
			}
		})
	}
}

func TestApplyOfManyFilesMakesFewCalls(t *testing.T) {
	t.Parallel()
	s := acceptance.NewSandbox(t)
	w := newCounted(t, s, filesOwner)
	w.Write(t, "files.tf", ownedFiles(""))
	s.ClearRequests()
	w.MustRun(t, "apply", "-auto-approve")
	if got := s.Count(uploadCall); got != manyFiles {
		t.Errorf("the apply made %d uploads, want %d", got, manyFiles)
	}
	if got := others(s, uploadCall); got == 0 || got > mostReads {
		t.Errorf("the apply made %d other calls, want %d at most: %v", got, mostReads, operations(s))
	}
}

// operations counts the calls of each operation.
func operations(s *acceptance.Sandbox) map[string]int {
	counts := map[string]int{}
	for _, request := range s.Requests() {
		counts[request.Operation]++
	}
	return counts
}
