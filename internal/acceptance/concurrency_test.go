package acceptance_test

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/guardai/terraform-provider-guardai/internal/acceptance"
	"github.com/guardai/terraform-provider-guardai/internal/guardai"
	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

// The sandbox replaces settings as a whole: an update during an upload would lose the upload's entry. Two clients stand
// for two provider configurations.
func TestUpdatesDuringUploadsLoseNothing(t *testing.T) {
	t.Parallel()
	for name, clients := range map[string]int{"one client": 1, "two clients": 2} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			const rounds, files = 20, 30
			s := acceptance.NewSandbox(t)
			updating := newClient(t, s)
			uploading := updating
			if clients == 2 {
				uploading = newClient(t, s)
			}
			for round := range rounds {
				org := s.AddOrganization(sandbox.Organization{Name: "org", Settings: map[string]any{"retentionDays": 30}})
				var group sync.WaitGroup
				for i := range files {
					group.Go(func() { upload(t, uploading, org.ID, fmt.Sprintf("%d.csv", i)) })
					if i%10 == 0 {
						group.Go(func() { setMaxItemCount(t, updating, org.ID, int64(i)) })
					}
				}
				group.Wait()
				checkListedFiles(t, s.MustOrganization(t, org.ID), round, files)
			}
		})
	}
}

// newClient returns a client with an administrator's API key and short waits.
func newClient(t *testing.T, s *acceptance.Sandbox) *guardai.Client {
	t.Helper()
	client, err := guardai.New(guardai.Config{
		Host: s.URL, APIKeyID: sandbox.AdminKeyID, APIKey: sandbox.AdminKey, MaxRetries: 2, RetryWait: time.Nanosecond,
	})
	must(t, "client", err)
	return client
}

func upload(t *testing.T, client *guardai.Client, organizationID int64, name string) {
	t.Helper()
	_, err := client.UploadFile(t.Context(), guardai.Upload{
		FileKey: guardai.FileKey{OrganizationID: organizationID, Type: "classmapping"},
		Name:    name, ContentType: "text/csv", Size: 1,
		Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader("x")), nil },
	})
	if err != nil {
		t.Errorf("upload: %v", err)
	}
}

func setMaxItemCount(t *testing.T, client *guardai.Client, id, items int64) {
	t.Helper()
	_, err := client.UpdateOrganization(t.Context(), id, guardai.OrganizationChange{
		Name: "org", Settings: guardai.Settings{MaxItemCount: new(items)},
	})
	if err != nil {
		t.Errorf("update: %v", err)
	}
}

func checkListedFiles(t *testing.T, org sandbox.Organization, round, files int) {
	t.Helper()
	names := map[string]bool{}
	entries, _ := org.Settings["classMappingFiles"].([]any)
	for _, entry := range entries {
		fields, _ := entry.(map[string]any)
		names[fmt.Sprint(fields["fileName"])] = true
	}
	if len(names) != files {
		t.Errorf("round %d: %d of %d files are listed", round, len(names), files)
	}
	if fmt.Sprint(org.Settings["retentionDays"]) != "30" {
		t.Errorf("round %d: a setting was lost: %v", round, org.Settings)
	}
}
