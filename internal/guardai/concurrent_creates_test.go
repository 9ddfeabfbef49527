package guardai

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/guardai/terraform-provider-guardai/internal/guardai/rest"
)

// newOrganizationJSON returns a new organization named x. Its creation time is in the future, so that a slow test
// doesn't make it old.
func newOrganizationJSON(id int64, settings string) string {
	return fmt.Sprintf(`{"id":%d,"name":"x","settings":%s,"creationDateTime":%q}`, id, settings, time.Now().Add(time.Hour).UTC().Format(time.RFC3339Nano))
}

// Creates with the same name, in any Unicode form, run one at a time. Other names don't wait for them.
func TestCreatesOfOneNameWaitForEachOther(t *testing.T) {
	t.Parallel()
	const composed, decomposed, other = "caf\u00e9", "cafe\u0301", "other"
	var inProgress, ids atomic.Int64
	otherSent := make(chan struct{})
	client := newPlatform(t, func(w http.ResponseWriter, r *http.Request) {
		var sent organizationBody
		_ = json.NewDecoder(r.Body).Decode(&sent)
		if sent.Name == other {
			close(otherSent)
		} else {
			if inProgress.Add(1) > 1 {
				t.Error("two creates of one name are under way")
			}
			<-otherSent
			inProgress.Add(-1)
		}
		respond(201, "application/json", fmt.Sprintf(`{"id":%d,"name":%q,"settings":{}}`, ids.Add(1), sent.Name))(w, r)
	}).client(t)
	var group sync.WaitGroup
	for _, name := range []string{composed, decomposed, composed, decomposed, other} {
		group.Go(func() {
			var err error
			if name == composed {
				_, err = client.CopyOrganization(background(t), 99, name)
			} else {
				_, err = client.CreateOrganization(background(t), name, nil)
			}
			if err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
}

func TestLookupNormalizesNames(t *testing.T) {
	t.Parallel()
	list := fmt.Sprintf(`[{"id":3,"name":%q,"settings":{},"creationDateTime":%q}]`, "cafe\u0301", time.Now().UTC().Format(time.RFC3339Nano))
	created, err := newPlatform(t, losing(time.Now().UTC(), list)).client(t).CreateOrganization(background(t), "caf\u00e9", nil)
	if err != nil || created.ID != 3 || created.RecoveredFrom == nil {
		t.Errorf("got %+v, %v", created, err)
	}
}

// The possible result of a create with an unknown outcome isn't attributed to a later create.
func TestCreateAfterAnUnknownOutcome(t *testing.T) {
	t.Parallel()
	looking, goOn := make(chan struct{}), make(chan struct{})
	var lists atomic.Int64
	p := newPlatform(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet && lists.Add(1) == 1 {
			close(looking)
			<-goOn
		}
		losing(time.Now().UTC(), "["+newOrganizationJSON(3, `{}`)+"]")(w, r)
	})
	client := p.client(t)
	ctx, cancel := context.WithCancel(background(t))
	go func() {
		<-looking
		cancel()
	}()
	_, err := client.CreateOrganization(ctx, "x", nil)
	close(goOn)
	if unknown, ok := errors.AsType[*UnknownOutcomeError](err); !ok || unknown.LookupErr == nil {
		t.Errorf("the first one got %v", err)
	}
	_, err = client.CreateOrganization(background(t), "x", nil)
	if unknown, ok := errors.AsType[*UnknownOutcomeError](err); !ok || !slices.Equal(unknown.Candidates, []string{"3"}) {
		t.Errorf("the second one got %v", err)
	}
	_, err = client.CreateOrganization(background(t), "y", nil)
	if unknown, ok := errors.AsType[*UnknownOutcomeError](err); !ok || unknown.LookupErr != nil || unknown.Candidates != nil {
		t.Errorf("one of another name got %v", err)
	}
}

// A list requested before a create may already contain its result.
func TestListDuringACreate(t *testing.T) {
	t.Parallel()
	for name, status := range map[string]int{"response": 201, "lost": 502} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			listBegan, created, listed := make(chan struct{}), make(chan struct{}), make(chan struct{})
			var lists atomic.Int64
			body := newOrganizationJSON(9, `{}`)
			client := newPlatform(t, func(w http.ResponseWriter, r *http.Request) {
				if r.Method == http.MethodPost {
					close(created)
					<-listed
					respond(status, "application/json", body)(w, r)
					return
				}
				if lists.Add(1) == 1 {
					close(listBegan)
					<-created
				}
				respond(200, "application/json", "["+body+"]")(w, r)
			}).client(t)
			go func() {
				defer close(listed)
				if _, err := client.ListOrganizations(background(t)); err != nil {
					t.Error(err)
				}
			}()
			<-listBegan
			if created, err := client.CreateOrganization(background(t), "x", nil); err != nil || created.ID != 9 {
				t.Errorf("got %+v, %v", created, err)
			}
		})
	}
}

// The platform may list organizations only in part.
func TestLookupInAPartialList(t *testing.T) {
	t.Parallel()
	body := newOrganizationJSON(3, `{}`)
	p := newPlatform(t, func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Method == http.MethodPost:
			respond(502, "text/html", "")(w, r)
		case r.URL.Path == organizationsPath:
			respond(200, "application/json", `[{"id":3,"name":"x"},{"id":4,"name":"y"}]`)(w, r)
		default:
			respond(200, "application/json", body)(w, r)
		}
	})
	if created, err := p.client(t).CreateOrganization(background(t), "x", nil); err != nil || created.ID != 3 {
		t.Errorf("got %+v, %v", created, err)
	}
	if got := p.count(http.MethodGet); got != 2 {
		t.Errorf("it took %d reads", got)
	}
}

// An upload that is canceled before it was fully sent, and a create that was rejected, have no effect, so nothing is
// looked up.
func TestCanceledBeforeItWasSent(t *testing.T) {
	t.Parallel()
	creating, cancelCreate := context.WithCancel(background(t))
	uploading, cancelUpload := context.WithCancel(background(t))
	over := make(chan struct{})
	p := newPlatform(t, func(w http.ResponseWriter, r *http.Request) {
		switch {
		case strings.HasSuffix(r.URL.Path, "/file"):
			_, _ = io.CopyN(io.Discard, r.Body, 10)
			cancelUpload()
			<-over
		case r.Method == http.MethodPost:
			w.Header().Set("Retry-After", "50")
			respond(503, "application/json", "{}")(w, r)
			time.AfterFunc(responseGrace/10, cancelCreate)
		default:
			respond(200, "application/json", `{"id":7,"name":"o","settings":{}}`)(w, r)
		}
	})
	client := p.client(t)
	_, createErr := client.CreateOrganization(creating, "x", nil)
	content := strings.Repeat("x", 64<<20)
	_, uploadErr := client.UploadFile(uploading, Upload{
		FileKey: FileKey{OrganizationID: 7, Type: FileTypeClassMapping}, Name: "a.csv", Size: int64(len(content)),
		Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(content)), nil },
	})
	close(over)
	for what, err := range map[string]error{"create": createErr, "upload": uploadErr} {
		e, ok := errors.AsType[*Error](err)
		if _, unknown := errors.AsType[*UnknownOutcomeError](err); !ok || e.Kind != rest.KindCanceled || unknown {
			t.Errorf("%s: got %v", what, err)
		}
	}
}

// uploadText uploads a new file to organization 7.
func uploadText(t *testing.T, client *Client, name, content string) (Uploaded, error) {
	t.Helper()
	sum := sha256.Sum256([]byte(content))
	return client.UploadFile(background(t), Upload{
		FileKey: FileKey{OrganizationID: 7, Type: FileTypeClassMapping}, Name: name, Size: int64(len(content)), SHA256: hex.EncodeToString(sum[:]),
		Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(content)), nil },
	})
}

// A file that this run uploaded before isn't mistaken for the result of an upload of the same name and content.
func TestLostUploadOfTheSameFile(t *testing.T) {
	t.Parallel()
	var listed []string
	client := newPlatform(t, func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Method == http.MethodPost:
			_, _ = io.Copy(io.Discard, r.Body)
			listed = append(listed, fmt.Sprintf(`{"ref":"r%d","fileName":"a.csv"}`, len(listed)+1))
			respond(map[int]int{1: 200, 2: 502}[len(listed)], "text/plain", "r1")(w, r)
		case strings.HasSuffix(r.URL.Path, "/file"):
			respond(200, "text/csv", "a")(w, r)
		default:
			respond(200, "application/json", `{"id":7,"name":"o","settings":{"classMappingFiles":[`+strings.Join(listed, ",")+`]}}`)(w, r)
		}
	}).client(t)
	for _, want := range []string{"r1", "r2"} {
		if uploaded, err := uploadText(t, client, "a.csv", "a"); err != nil || uploaded.Ref != want {
			t.Errorf("got %+v, %v; want %s", uploaded, err, want)
		}
	}
}

// A listing read after this run's first upload doesn't show what existed before.
func TestListingAfterTheFirstUploadIsIgnored(t *testing.T) {
	t.Parallel()
	var reads, uploads atomic.Int64
	sent, second := make(chan struct{}), make(chan struct{})
	client := newPlatform(t, func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Method == http.MethodPost && uploads.Add(1) == 1:
			_, _ = io.Copy(io.Discard, r.Body)
			close(sent)
			<-second
			respond(502, "text/html", "")(w, r)
		case r.Method == http.MethodPost:
			close(second)
			respond(200, "text/plain", "r2")(w, r)
		case strings.HasSuffix(r.URL.Path, "/file"):
			respond(200, "text/csv", "a")(w, r)
		case reads.Add(1) == 1:
			respond(403, "application/json", "{}")(w, r)
		default:
			respond(200, "application/json", `{"id":7,"name":"o","settings":{"classMappingFiles":[{"ref":"r1","fileName":"a.csv"}]}}`)(w, r)
		}
	}).client(t)
	first := make(chan error)
	go func() {
		_, err := uploadText(t, client, "a.csv", "a")
		first <- err
	}()
	<-sent
	if _, err := uploadText(t, client, "b.csv", "b"); err != nil {
		t.Error(err)
	}
	if unknown, ok := errors.AsType[*UnknownOutcomeError](<-first); !ok || !slices.Equal(unknown.Candidates, []string{"7/classmapping/r1"}) {
		t.Errorf("got %+v", unknown)
	}
}

// Files of other types aren't listed, so a lost upload of one can't be looked up.
func TestLostUploadOfAnUnlistedType(t *testing.T) {
	t.Parallel()
	_, err := newPlatform(t, respond(502, "text/html", "")).client(t).UploadFile(background(t), Upload{
		FileKey: FileKey{OrganizationID: 7, Type: "model"}, Size: 1,
		Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader("x")), nil },
	})
	if unknown, ok := errors.AsType[*UnknownOutcomeError](err); !ok || unknown.LookupErr == nil {
		t.Errorf("got %v", err)
	}
}
