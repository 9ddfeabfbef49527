package acceptance_test

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/guardai/terraform-provider-guardai/internal/acceptance"
	"github.com/guardai/terraform-provider-guardai/internal/guardai"
	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

// newClient returns a client with an administrator's API key and short waits.
func newClient(t *testing.T, s *acceptance.Sandbox) *guardai.Client {
	t.Helper()
	client, err := guardai.New(guardai.Config{
		Host: s.URL, APIKeyID: sandbox.AdminKeyID, APIKey: sandbox.AdminKey, MaxRetries: 2, RetryWait: time.Nanosecond,
	})
	must(t, "client", err)
	return client
}

func TestAmbiguousOrganizationsAreReported(t *testing.T) {
	t.Parallel()
	var s *acceptance.Sandbox
	var twin sandbox.Organization
	s = acceptance.NewSandbox(t, func(cfg *sandbox.Config) {
		check := cfg.Middleware
		cfg.Middleware = func(next http.Handler) http.Handler {
			return check(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.Method == http.MethodPost && !strings.HasSuffix(r.URL.Path, "/login") {
					// Somebody else creates an organization with the same name at the same time.
					twin = s.AddOrganization(sandbox.Organization{Name: "new"})
				}
				next.ServeHTTP(w, r)
			}))
		}
	})
	s.Inject(sandbox.Fault{Operation: "add_organization", Kind: sandbox.FaultDropAfter})
	_, err := newClient(t, s).CreateOrganization(t.Context(), "new", nil)
	var unknown *guardai.UnknownOutcomeError
	if !errors.As(err, &unknown) || len(unknown.Candidates) != 2 || !slices.Contains(unknown.Candidates, fmt.Sprint(twin.ID)) {
		t.Errorf("got %v with %+v", err, unknown)
	}
	if got := s.Count("add_organization"); got != 1 {
		t.Errorf("it was sent %d times", got)
	}
}

// Ten concurrent creates, every third of which loses its response: with equal, different or partly equal names and
// settings.
func TestConcurrentCreatesWithLostResponses(t *testing.T) {
	t.Parallel()
	const creates = 10
	numbered := func(i int) *guardai.Settings {
		return &guardai.Settings{MaxItemCount: new(int64(i + 1))}
	}
	for name, want := range map[string]func(int) (string, *guardai.Settings){
		"equal":              func(int) (string, *guardai.Settings) { return "same", nil },
		"different names":    func(i int) (string, *guardai.Settings) { return fmt.Sprint("org ", i), nil },
		"different settings": func(i int) (string, *guardai.Settings) { return "same", numbered(i) },
		"some settings": func(i int) (string, *guardai.Settings) {
			if i%2 == 0 {
				return "same", nil
			}
			return "same", numbered(i)
		},
	} {
		for kind, done := range map[sandbox.FaultKind]bool{sandbox.FaultDropAfter: true, sandbox.FaultDropBefore: false} {
			t.Run(fmt.Sprintf("%s/%s", name, kind), func(t *testing.T) {
				t.Parallel()
				s := acceptance.NewSandbox(t)
				s.Inject(sandbox.Fault{Operation: "add_organization", Kind: kind, Times: -1, Every: 3})
				client := newClient(t, s)
				created := make([]*guardai.Created, creates)
				var group sync.WaitGroup
				for i := range creates {
					group.Go(func() {
						name, settings := want(i)
						// Another test checks the error.
						created[i], _ = client.CreateOrganization(t.Context(), name, settings)
					})
				}
				group.Wait()
				checkCreatedOrganizations(t, s, created, done)
			})
		}
	}
}

// checkCreatedOrganizations compares the organizations that the client returned with those in the sandbox.
func checkCreatedOrganizations(t *testing.T, s *acceptance.Sandbox, created []*guardai.Created, all bool) {
	t.Helper()
	ids := map[int64]bool{}
	for i, org := range created {
		switch {
		case org == nil && all:
			t.Errorf("create %d failed", i)
		case org != nil && ids[org.ID]:
			t.Errorf("organization %d was returned twice", org.ID)
		case org != nil:
			ids[org.ID] = true
		}
	}
	for _, org := range s.Organizations() {
		if !ids[org.ID] {
			t.Errorf("organization %d is an orphan", org.ID)
		}
	}
	if got := s.Count("add_organization"); got != len(created) {
		t.Errorf("%d creates were sent %d times", len(created), got)
	}
}

// newUpload returns the upload of a new file.
func newUpload(organizationID int64, name, content string) guardai.Upload {
	sum := sha256.Sum256([]byte(content))
	return guardai.Upload{
		FileKey: guardai.FileKey{OrganizationID: organizationID, Type: "classmapping"},
		Name:    name, ContentType: "text/csv", Size: int64(len(content)), SHA256: hex.EncodeToString(sum[:]),
		Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(content)), nil },
	}
}

func TestConcurrentUploadsWithLostResponses(t *testing.T) {
	t.Parallel()
	const uploads = 10
	for name, want := range map[string]func(int) (name, content string){
		"equal":              func(int) (string, string) { return "a.csv", "same" },
		"different names":    func(i int) (string, string) { return fmt.Sprint(i, ".csv"), "same" },
		"different contents": func(i int) (string, string) { return "a.csv", fmt.Sprint(i) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := acceptance.NewSandbox(t)
			org := s.AddOrganization(sandbox.Organization{Name: "org"})
			s.Inject(sandbox.Fault{Operation: "upload_organization_file", Kind: sandbox.FaultDropAfter, Times: -1, Every: 3})
			client := newClient(t, s)
			refs := make([]string, uploads)
			var group sync.WaitGroup
			for i := range uploads {
				group.Go(func() {
					name, content := want(i)
					uploaded, err := client.UploadFile(t.Context(), newUpload(org.ID, name, content))
					if err != nil {
						t.Errorf("upload %d: %v", i, err)
					}
					refs[i] = uploaded.Ref
				})
			}
			group.Wait()
			slices.Sort(refs)
			if distinct := len(slices.Compact(refs)); distinct != uploads || len(s.Files(org.ID)) != uploads {
				t.Errorf("%d references, %d files", distinct, len(s.Files(org.ID)))
			}
		})
	}
}

func TestAmbiguousFilesAreReported(t *testing.T) {
	t.Parallel()
	s := acceptance.NewSandbox(t)
	org := s.AddOrganization(sandbox.Organization{Name: "org"})
	_, err := newClient(t, s).UploadFile(t.Context(), newUpload(org.ID, "a.csv", "content"))
	must(t, "upload of a twin", err)
	s.Inject(sandbox.Fault{Operation: "get_organization", Kind: sandbox.FaultStatus, Status: 403})
	s.Inject(sandbox.Fault{Operation: "upload_organization_file", Kind: sandbox.FaultDropAfter})
	_, err = newClient(t, s).UploadFile(t.Context(), newUpload(org.ID, "a.csv", "content"))
	// Without an earlier listing, each of the two may be the new one.
	if unknown, ok := errors.AsType[*guardai.UnknownOutcomeError](err); !ok || len(unknown.Candidates) != 2 {
		t.Errorf("got %v", err)
	}
	other := newUpload(org.ID, "a.csv", "content")
	other.Type = "model"
	s.Inject(sandbox.Fault{Operation: "upload_organization_file", Kind: sandbox.FaultDropAfter})
	_, err = newClient(t, s).UploadFile(t.Context(), other)
	if unknown, ok := errors.AsType[*guardai.UnknownOutcomeError](err); !ok || unknown.LookupErr == nil {
		t.Errorf("got %v", err)
	}
}
