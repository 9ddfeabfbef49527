package guardai

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
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
)

// made is a new organization named x on the wire. However slow a test is, it is new.
func made(id int64, settings string) string {
	return fmt.Sprintf(`{"id":%d,"name":"x","settings":%s,"creationDateTime":%q}`, id, settings, time.Now().Add(time.Hour).UTC().Format(time.RFC3339Nano))
}

// losingTogether answers so many POSTs with 502 once all of them have come, and lists
// what they have made.
func losingTogether(creates int64, list ...string) http.HandlerFunc {
	var posts atomic.Int64
	all := make(chan struct{})
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			if posts.Add(1) == creates {
				close(all)
			}
			<-all
		}
		losing(time.Now().UTC(), "["+strings.Join(list, ",")+"]")(w, r)
	}
}

// lostTogether makes creates at once and returns what became of each: an id, the
// candidates, or an error of the lookup.
func lostTogether(creates ...func() (*Created, error)) []string {
	became := make([]string, len(creates))
	var group sync.WaitGroup
	for i, create := range creates {
		group.Go(func() {
			created, err := create()
			var lost *LostError
			switch {
			case err == nil:
				became[i] = fmt.Sprint(created.ID)
			case errors.As(err, &lost) && lost.LookupErr == nil:
				became[i] = fmt.Sprint(lost.Candidates)
			default:
				became[i] = "unknown"
			}
		})
	}
	group.Wait()
	return became
}

func TestLostCreatesOfOneName(t *testing.T) {
	t.Parallel()
	five := int64(5)
	withItems, withFeatures := Settings{MaxItemCount: &five}, Settings{DisabledFeatures: []string{}}
	for name, test := range map[string]struct {
		a, b func(context.Context, *Client) (*Created, error)
		list []string
		want []string
	}{
		"each is told by what only it can have made": {
			a: creating(withItems), b: creating(withFeatures),
			list: []string{made(3, `{"maxItemCount":5,"disabledFeatures":[]}`), made(4, `{"maxItemCount":10,"disabledFeatures":[]}`)},
			want: []string{"3", "4"},
		},
		"either may have made the one": {
			a: creating(withItems), b: creating(Settings{}),
			list: []string{made(3, `{"maxItemCount":5}`)},
			want: []string{"[3]", "[3]"},
		},
		"a create or a copy": {
			a: creating(Settings{}), b: copying(2),
			list: []string{made(3, `{"maxItemCount":77}`)},
			want: []string{"[3]", "[3]"},
		},
		"only one was carried out": {
			a: creating(withItems), b: creating(Settings{}),
			list: []string{made(3, `{"maxItemCount":6}`)},
			want: []string{"[]", "3"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client := newPlatform(t, losingTogether(2, test.list...)).client(t)
			got := lostTogether(
				func() (*Created, error) { return test.a(background(t), client) },
				func() (*Created, error) { return test.b(background(t), client) },
			)
			if !slices.Equal(got, test.want) {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}

func creating(settings Settings) func(context.Context, *Client) (*Created, error) {
	return func(ctx context.Context, c *Client) (*Created, error) {
		return c.CreateOrganization(ctx, "x", settings)
	}
}

func copying(source int64) func(context.Context, *Client) (*Created, error) {
	return func(ctx context.Context, c *Client) (*Created, error) { return c.CopyOrganization(ctx, source, "x") }
}

// What a create that gave up may have made isn't given to another.
func TestLostCreateThatGaveUp(t *testing.T) {
	t.Parallel()
	var lists atomic.Int64
	looking, goOn := make(chan struct{}), make(chan struct{})
	answers := losingTogether(2, made(3, `{}`))
	client := newPlatform(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet && lists.Add(1) == 1 {
			close(looking)
		}
		if r.Method == http.MethodGet {
			<-goOn
		}
		answers(w, r)
	}).client(t)
	ctx, cancel := context.WithCancel(background(t))
	go func() {
		<-looking
		cancel()
		time.AfterFunc(lookupGrace+lookupGrace/2, func() { close(goOn) })
	}()
	got := lostTogether(
		func() (*Created, error) { return client.CreateOrganization(ctx, "x", nil) },
		func() (*Created, error) { return client.CreateOrganization(background(t), "x", nil) },
	)
	if want := []string{"unknown", "[3]"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// A list that was under way when a create began may show what it made.
func TestListBesideACreate(t *testing.T) {
	t.Parallel()
	for name, status := range map[string]int{"answered": 201, "lost": 502} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			listBegan, created, listed := make(chan struct{}), make(chan struct{}), make(chan struct{})
			var lists atomic.Int64
			body := made(9, `{}`)
			client := newPlatform(t, func(w http.ResponseWriter, r *http.Request) {
				if r.Method == http.MethodPost {
					close(created)
					<-listed
					answer(status, "application/json", body)(w, r)
					return
				}
				if lists.Add(1) == 1 {
					close(listBegan)
					<-created
				}
				answer(200, "application/json", "["+body+"]")(w, r)
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

// A list need not tell everything of an organization.
func TestLostCreateInAShortList(t *testing.T) {
	t.Parallel()
	body := made(3, `{}`)
	p := newPlatform(t, func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Method == http.MethodPost:
			answer(502, "text/html", "")(w, r)
		case r.URL.Path == organizationsPath:
			answer(200, "application/json", `[{"id":3,"name":"x"},{"id":4,"name":"y"}]`)(w, r)
		default:
			answer(200, "application/json", body)(w, r)
		}
	})
	if created, err := p.client(t).CreateOrganization(background(t), "x", nil); err != nil || created.ID != 3 {
		t.Errorf("got %+v, %v", created, err)
	}
	if got := p.count(http.MethodGet); got != 2 {
		t.Errorf("it took %d reads", got)
	}
}

// Where the clocks of the platform differ, what was made is reported, never taken.
func TestLostCreateWithClocksThatDiffer(t *testing.T) {
	t.Parallel()
	old := fmt.Sprintf(`[{"id":3,"name":"x","settings":{},"creationDateTime":%q}]`, time.Now().Add(-time.Minute).UTC().Format(time.RFC3339Nano))
	_, err := newPlatform(t, losing(time.Now().UTC(), old)).client(t).CreateOrganization(background(t), "x", nil)
	if lost, ok := errors.AsType[*LostError](err); !ok || !slices.Equal(lost.Candidates, []string{"3"}) {
		t.Errorf("got %v", err)
	}
}

// Nobody has waited for the end of a create that a gateway gave up on.
func TestGatewayTimeoutIsNoFailureForCertain(t *testing.T) {
	t.Parallel()
	for status, unsure := range map[int]bool{504: true, 500: false} {
		p := newPlatform(t, func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodPost {
				answer(status, "application/json", "{}")(w, r)
				return
			}
			answer(200, "application/json", "[]")(w, r)
		})
		_, err := p.client(t).CreateOrganization(background(t), "x", nil)
		if lost, ok := errors.AsType[*LostError](err); !ok || unsure != (lost.LookupErr != nil) {
			t.Errorf("%d: got %v", status, err)
		}
	}
}

// An upload that is canceled before it is whole, and a create that was refused, have
// made nothing: there is nothing to look for.
func TestCanceledBeforeItCouldBeCarriedOut(t *testing.T) {
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
			answer(503, "application/json", "{}")(w, r)
			time.AfterFunc(answerGrace/10, cancelCreate)
		default:
			answer(200, "application/json", `{"id":7,"name":"o","settings":{}}`)(w, r)
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
		if _, lost := errors.AsType[*LostError](err); !ok || e.Kind != KindCanceled || lost {
			t.Errorf("%s: got %v", what, err)
		}
	}
}

// A listing that is read after this run's first upload isn't one from before it.
func TestLateListingIsNone(t *testing.T) {
	t.Parallel()
	var reads, uploads atomic.Int64
	sent, second := make(chan struct{}), make(chan struct{})
	client := newPlatform(t, func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Method == http.MethodPost && uploads.Add(1) == 1:
			_, _ = io.Copy(io.Discard, r.Body)
			close(sent)
			<-second
			answer(502, "text/html", "")(w, r)
		case r.Method == http.MethodPost:
			close(second)
			answer(200, "text/plain", "r2")(w, r)
		case strings.HasSuffix(r.URL.Path, "/file"):
			answer(200, "text/csv", "a")(w, r)
		case reads.Add(1) == 1:
			answer(403, "application/json", "{}")(w, r)
		default:
			answer(200, "application/json", `{"id":7,"name":"o","settings":{"classMappingFiles":[{"ref":"r1","fileName":"a.csv"}]}}`)(w, r)
		}
	}).client(t)
	upload := func(name, content string) error {
		sum := sha256.Sum256([]byte(content))
		_, err := client.UploadFile(background(t), Upload{
			FileKey: FileKey{OrganizationID: 7, Type: FileTypeClassMapping}, Name: name, Size: 1, SHA256: hex.EncodeToString(sum[:]),
			Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(content)), nil },
		})
		return err
	}
	first := make(chan error)
	go func() { first <- upload("a.csv", "a") }()
	<-sent
	if err := upload("b.csv", "b"); err != nil {
		t.Error(err)
	}
	if lost, ok := errors.AsType[*LostError](<-first); !ok || !slices.Equal(lost.Candidates, []string{"7/classmapping/r1"}) {
		t.Errorf("got %+v", lost)
	}
}
