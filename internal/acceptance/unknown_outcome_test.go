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

// processedFaults lose the response to a request that the platform has processed. To the client, unprocessedFaults look
// the same, but the request was not processed.
var (
	processedFaults = map[string]sandbox.Fault{
		"connection dropped": {Kind: sandbox.FaultDropAfter},
		"cut off":            {Kind: sandbox.FaultCutOff},
		"garbage":            {Kind: sandbox.FaultGarbage, AfterWork: true},
		"empty":              {Kind: sandbox.FaultEmpty, AfterWork: true},
		"HTML":               {Kind: sandbox.FaultHTML, AfterWork: true},
		"500":                {Kind: sandbox.FaultStatus, Status: 500, AfterWork: true},
		"502":                {Kind: sandbox.FaultStatus, Status: 502, AfterWork: true},
		"504 in HTML":        {Kind: sandbox.FaultHTML, Status: 504, AfterWork: true},
		"no id":              {Kind: sandbox.FaultMissingID},
	}
	unprocessedFaults = map[string]sandbox.Fault{
		"connection dropped": {Kind: sandbox.FaultDropBefore},
		"garbage":            {Kind: sandbox.FaultGarbage},
		"empty":              {Kind: sandbox.FaultEmpty},
		"HTML":               {Kind: sandbox.FaultHTML},
		"502":                {Kind: sandbox.FaultStatus, Status: 502},
		"504 in HTML":        {Kind: sandbox.FaultHTML, Status: 504},
	}
)

var longAgo = time.Date(2022, 3, 1, 12, 0, 0, 0, time.UTC)

// newClient returns a client with an administrator's API key and short waits.
func newClient(t *testing.T, s *acceptance.Sandbox) *guardai.Client {
	t.Helper()
	client, err := guardai.New(guardai.Config{
		Host: s.URL, APIKeyID: sandbox.AdminKeyID, APIKey: sandbox.AdminKey, MaxRetries: 2, RetryWait: time.Nanosecond,
	})
	must(t, "client", err)
	return client
}

func TestCreateWithLostResponseIsRecovered(t *testing.T) {
	t.Parallel()
	creates := map[string]func(*testing.T, *guardai.Client, int64) (*guardai.Created, error){
		"add_organization": func(t *testing.T, c *guardai.Client, _ int64) (*guardai.Created, error) {
			t.Helper()
			return c.CreateOrganization(t.Context(), "new", &guardai.Settings{MaxItemCount: new(int64(5))})
		},
		"copy_organization": func(t *testing.T, c *guardai.Client, source int64) (*guardai.Created, error) {
			t.Helper()
			return c.CopyOrganization(t.Context(), source, "new")
		},
	}
	for operation, create := range creates {
		for name, fault := range processedFaults {
			t.Run(operation+"/"+name, func(t *testing.T) {
				t.Parallel()
				s := acceptance.NewSandbox(t)
				source := s.AddOrganization(sandbox.Organization{Name: "source"})
				fault.Operation = operation
				s.Inject(fault)
				created, err := create(t, newClient(t, s), source.ID)
				if err != nil || created.RecoveredFrom == nil {
					t.Fatalf("got %+v, %v", created, err)
				}
				if all := s.Organizations(); len(all) != 2 || s.MustOrganization(t, created.ID).Name != "new" {
					t.Errorf("got organization %d of %+v", created.ID, all)
				}
				if got := s.Count(operation); got != 1 {
					t.Errorf("it was sent %d times", got)
				}
			})
		}
	}
}

func TestCreateThatWasNotProcessedFails(t *testing.T) {
	t.Parallel()
	for name, fault := range unprocessedFaults {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := acceptance.NewSandbox(t)
			// This older organization must not be mistaken for the new one.
			s.AddOrganization(sandbox.Organization{Name: "new", CreatedAt: longAgo})
			fault.Operation = "add_organization"
			s.Inject(fault)
			_, err := newClient(t, s).CreateOrganization(t.Context(), "new", nil)
			checkNotCreated(t, err, fault)
			if got := s.Count("add_organization"); got != 1 {
				t.Errorf("it was sent %d times", got)
			}
		})
	}
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
	if !errors.As(err, &unknown) || len(unknown.OrganizationIDs) != 2 || !slices.Contains(unknown.OrganizationIDs, twin.ID) {
		t.Errorf("got %v with %+v", err, unknown)
	}
	if got := s.Count("add_organization"); got != 1 {
		t.Errorf("it was sent %d times", got)
	}
}

func TestFailedLookupIsReported(t *testing.T) {
	t.Parallel()
	s := acceptance.NewSandbox(t)
	s.Inject(sandbox.Fault{Operation: "add_organization", Kind: sandbox.FaultDropAfter})
	s.Inject(sandbox.Fault{Operation: "get_organizations", Kind: sandbox.FaultStatus, Status: 403, Times: -1})
	_, err := newClient(t, s).CreateOrganization(t.Context(), "new", nil)
	var unknown *guardai.UnknownOutcomeError
	if !errors.As(err, &unknown) || !guardai.IsForbidden(unknown.LookupErr) {
		t.Errorf("got %v", err)
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

func TestUploadWithLostResponseIsRecovered(t *testing.T) {
	t.Parallel()
	for name, fault := range processedFaults {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := acceptance.NewSandbox(t)
			org := s.AddOrganization(sandbox.Organization{Name: "org"})
			client := newClient(t, s)
			twin, err := newClient(t, s).UploadFile(t.Context(), newUpload(org.ID, "a.csv", "content"))
			must(t, "upload of a twin", err)
			fault.Operation = "upload_organization_file"
			s.Inject(fault)
			uploaded, err := client.UploadFile(t.Context(), newUpload(org.ID, "a.csv", "content"))
			if err != nil || uploaded.RecoveredFrom == nil || uploaded.Ref == twin.Ref {
				t.Errorf("got %+v, %v; the twin is %+v", uploaded, err, twin)
			}
			if files := s.Files(org.ID); len(files) != 2 {
				t.Errorf("there are %d files", len(files))
			}
		})
	}
}

func TestReplacementWithLostResponse(t *testing.T) {
	t.Parallel()
	for name, changes := range map[string]bool{"same reference": false, "another reference": true} {
		for what, faults := range map[string]map[string]sandbox.Fault{"done": processedFaults, "not done": unprocessedFaults} {
			for how, fault := range faults {
				t.Run(name+"/"+what+"/"+how, func(t *testing.T) {
					t.Parallel()
					s := acceptance.NewSandbox(t, func(cfg *sandbox.Config) { cfg.Unusual = changes })
					org := s.AddOrganization(sandbox.Organization{Name: "org"})
					client := newClient(t, s)
					old, err := client.UploadFile(t.Context(), newUpload(org.ID, "a.csv", "old"))
					must(t, "upload", err)
					fault.Operation = "upload_organization_file"
					s.Inject(fault)
					upload := newUpload(org.ID, "a.csv", "new")
					upload.Ref = old.Ref
					uploaded, err := client.UploadFile(t.Context(), upload)
					if what == "done" {
						checkReplacement(t, s, org.ID, uploaded, err)
					} else {
						checkNotCreated(t, err, fault)
					}
				})
			}
		}
	}
}

// An upload that replaces a file may change its reference and keep its name.
func TestRenamedReplacementWithLostResponse(t *testing.T) {
	t.Parallel()
	s := acceptance.NewSandbox(t, acceptance.Unusual)
	org := s.AddOrganization(sandbox.Organization{Name: "org"})
	client := newClient(t, s)
	old, err := client.UploadFile(t.Context(), newUpload(org.ID, "a.csv", "old"))
	must(t, "upload", err)
	s.Inject(sandbox.Fault{Operation: "upload_organization_file", Kind: sandbox.FaultDropAfter})
	upload := newUpload(org.ID, "b.csv", "new")
	upload.Ref, upload.PreviousName = old.Ref, "a.csv"
	uploaded, err := client.UploadFile(t.Context(), upload)
	checkReplacement(t, s, org.ID, uploaded, err)
}

func checkReplacement(t *testing.T, s *acceptance.Sandbox, organizationID int64, uploaded guardai.Uploaded, err error) {
	t.Helper()
	files := s.Files(organizationID)
	if len(files) != 1 || err != nil || uploaded.RecoveredFrom == nil || uploaded.Ref != files[0].Ref {
		t.Errorf("got %+v, %v; there are %+v", uploaded, err, files)
	}
}

// checkNotCreated checks that an error says that nothing was created or, after a timeout, that nothing exists yet.
func checkNotCreated(t *testing.T, err error, fault sandbox.Fault) {
	t.Helper()
	unknown, ok := errors.AsType[*guardai.UnknownOutcomeError](err)
	if !ok || unknown.OrganizationIDs != nil || unknown.Files != nil || (unknown.LookupErr != nil) != (fault.Status == http.StatusGatewayTimeout) {
		t.Errorf("got %v", err)
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
	if unknown, ok := errors.AsType[*guardai.UnknownOutcomeError](err); !ok || len(unknown.Files) != 2 {
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
