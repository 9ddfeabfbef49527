package guardai

import (
	"context"
	"encoding/pem"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"golang.org/x/sync/errgroup"
)

func pemOf(certificate []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate})
}

func TestReadsAreShared(t *testing.T) {
	t.Parallel()
	p := newPlatform(t, respond(200, "application/json", `{"id":7,"name":"x","settings":{}}`))
	client := p.client(t)
	var group sync.WaitGroup
	for range 20 {
		group.Go(func() {
			if _, err := client.GetOrganization(background(t), 7); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if got := p.count(http.MethodGet); got != 1 {
		t.Errorf("got %d reads, want 1", got)
	}
	if err := client.DeleteFile(background(t), FileKey{OrganizationID: 7, Type: "unlisted"}); err != nil {
		t.Fatal(err)
	}
	before := p.count(http.MethodGet)
	if _, err := client.GetOrganization(background(t), 7); err != nil {
		t.Fatal(err)
	}
	if got := p.count(http.MethodGet); got != before+1 {
		t.Errorf("got %d reads after the write, want 1", got-before)
	}
}

// manyOrganizations serves a list of organizations and each by id.
type manyOrganizations struct {
	listStatus    int
	missing       map[int64]bool
	partial       map[int64]bool
	beforeList    func()
	lists, single atomic.Int64
}

const organizationCount = 100

func (m *manyOrganizations) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path != organizationsPath {
		m.single.Add(1)
		var id int64
		if _, err := fmt.Sscanf(r.URL.Path, organizationsPath+"/%d", &id); err != nil || id > organizationCount {
			respond(404, "application/json", `{}`)(w, r)
			return
		}
		respond(200, "application/json", organizationJSON(id, "single"))(w, r)
		return
	}
	m.lists.Add(1)
	if m.listStatus != 0 {
		respond(m.listStatus, "application/json", `{}`)(w, r)
		return
	}
	if m.beforeList != nil {
		m.beforeList()
	}
	var all []string
	for id := range int64(organizationCount) {
		switch {
		case m.missing[id+1]:
		case m.partial[id+1]:
			all = append(all, fmt.Sprintf(`{"id":%d}`, id+1))
		default:
			all = append(all, organizationJSON(id+1, "list"))
		}
	}
	respond(200, "application/json", "["+strings.Join(all, ",")+"]")(w, r)
}

func organizationJSON(id int64, name string) string {
	return fmt.Sprintf(`{"id":%d,"name":%q,"settings":{}}`, id, name)
}

// readAll reads organizations by id, ten at once like Terraform, and returns their names.
func readAll(t *testing.T, client *Client, count int64) []string {
	t.Helper()
	names := make([]string, count)
	var group errgroup.Group
	group.SetLimit(10)
	for i := range count {
		group.Go(func() error {
			org, err := client.GetOrganization(background(t), i+1)
			if err == nil && org.ID != i+1 {
				t.Errorf("requested %d and got %d", i+1, org.ID)
			}
			if err == nil {
				names[i] = org.Name
			}
			return err
		})
	}
	if err := group.Wait(); err != nil {
		t.Fatal(err)
	}
	return names
}

func TestManyReadsUseOneList(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		platform        *manyOrganizations
		lists, atMost   int64
		singleOf, count int64
	}{
		"few":         {platform: &manyOrganizations{}, count: listThreshold, atMost: listThreshold},
		"many":        {platform: &manyOrganizations{}, count: 100, lists: 1, atMost: listThreshold},
		"forbidden":   {platform: &manyOrganizations{listStatus: 403}, count: 100, lists: 1, atMost: 100},
		"broken list": {platform: &manyOrganizations{listStatus: 400}, count: 100, lists: 1, atMost: 100},
		"not listed":  {platform: &manyOrganizations{missing: map[int64]bool{50: true, 60: true}}, count: 100, lists: 1, atMost: listThreshold + 2, singleOf: 50},
		"half listed": {platform: &manyOrganizations{partial: map[int64]bool{50: true}}, count: 100, lists: 1, atMost: listThreshold + 1, singleOf: 50},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client := newPlatform(t, test.platform.ServeHTTP).client(t)
			names := readAll(t, client, test.count)
			if test.platform.lists.Load() != test.lists || test.platform.single.Load() > test.atMost {
				t.Errorf("got %d lists and %d reads", test.platform.lists.Load(), test.platform.single.Load())
			}
			if test.singleOf > 0 && names[test.singleOf-1] != "single" {
				t.Errorf("organization %d was taken from the %s", test.singleOf, names[test.singleOf-1])
			}
			readAll(t, client, test.count)
			if test.platform.lists.Load() != test.lists || test.platform.single.Load() > test.atMost {
				t.Errorf("read again: %d lists and %d reads", test.platform.lists.Load(), test.platform.single.Load())
			}
		})
	}
}

// TestReadsThatStartAsOneEnds holds that a caller who misses the cache just before another's call ends makes no call of
// its own.
func TestReadsThatStartAsOneEnds(t *testing.T) {
	t.Parallel()
	for _, listErr := range []error{nil, errors.New("no list")} {
		for range 2000 {
			var lists, reads atomic.Int64
			cache := newOrganizationCache(
				func(_ context.Context, id int64) (*Organization, error) {
					reads.Add(1)
					return &Organization{ID: id}, nil
				},
				func(context.Context) ([]*Organization, error) {
					lists.Add(1)
					return nil, listErr
				})
			const organizations = listThreshold + 1
			var group sync.WaitGroup
			for i := range 4 * organizations {
				group.Go(func() {
					if _, err := cache.get(background(t), int64(i%organizations)); err != nil {
						t.Error(err)
					}
				})
			}
			group.Wait()
			if lists.Load() > 1 || reads.Load() != organizations {
				t.Fatalf("got %d lists and %d reads of %d organizations (list error: %v)", lists.Load(), reads.Load(), organizations, listErr)
			}
		}
	}
}

func TestWriteDuringAListInvalidatesIt(t *testing.T) {
	t.Parallel()
	organizations := &manyOrganizations{}
	client := newPlatform(t, organizations.ServeHTTP).client(t)
	var once sync.Once
	organizations.beforeList = func() {
		once.Do(func() {
			if err := client.RefreshStats(context.Background(), 50); err != nil {
				t.Error(err)
			}
		})
	}
	names := readAll(t, client, 60)
	if names[49] != "single" || names[50] != "list" {
		t.Errorf("the written one was taken from the %s, another one from the %s", names[49], names[50])
	}
}

func TestListIsSharedUntilTheNextWrite(t *testing.T) {
	t.Parallel()
	organizations := &manyOrganizations{}
	client := newPlatform(t, organizations.ServeHTTP).client(t)
	var group sync.WaitGroup
	for range 10 {
		group.Go(func() {
			if all, err := client.ListOrganizations(background(t)); err != nil || len(all) != organizationCount {
				t.Errorf("got %d, %v", len(all), err)
			}
		})
	}
	group.Wait()
	readAll(t, client, organizationCount)
	if organizations.lists.Load() != 1 || organizations.single.Load() != 0 {
		t.Errorf("got %d lists and %d reads", organizations.lists.Load(), organizations.single.Load())
	}
	if err := client.DeleteOrganization(background(t), 1); err != nil {
		t.Fatal(err)
	}
	if _, err := client.ListOrganizations(background(t)); err != nil || organizations.lists.Load() != 2 {
		t.Errorf("after a write: %d lists, %v", organizations.lists.Load(), err)
	}
}

// versioned serves organizations with the number of writes to each.
type versioned [9]atomic.Int64

func (v *versioned) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var id int
	// The list's path has no id.
	_, _ = fmt.Sscanf(r.URL.Path, organizationsPath+"/%d", &id)
	if r.Method == http.MethodPut {
		v[id].Add(1)
		// Reads never show the new name, so each update has something to write.
		respond(200, "application/json", strings.Replace(v.json(id), "org", "new", 1))(w, r)
		return
	}
	if id != 0 {
		respond(200, "application/json", v.json(id))(w, r)
		return
	}
	all := make([]string, 0, len(v))
	for id := 1; id < len(v); id++ {
		all = append(all, v.json(id))
	}
	respond(200, "application/json", "["+strings.Join(all, ",")+"]")(w, r)
}

func (v *versioned) json(id int) string {
	return fmt.Sprintf(`{"id":%d,"name":"org","settings":{"maxItemCount":%d}}`, id, v[id].Load())
}

// A read that begins after a write has ended must not return an older version.
func TestReadsDuringWritesAreNeverStale(t *testing.T) {
	t.Parallel()
	const rounds = 40
	organizations := &versioned{}
	client := newPlatform(t, organizations.ServeHTTP).client(t)
	var group sync.WaitGroup
	for id := 1; id < len(organizations); id++ {
		group.Go(func() {
			for range rounds {
				if _, err := client.UpdateOrganization(background(t), int64(id), OrganizationChange{Name: "new"}); err != nil {
					t.Error(err)
				}
			}
		})
		group.Go(func() {
			for range rounds {
				// The last write that the platform counted may not have ended yet.
				checkVersion(t, client, id, organizations[id].Load()-1)
			}
		})
		group.Go(func() {
			if _, err := client.ListOrganizations(background(t)); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	for id := 1; id < len(organizations); id++ {
		checkVersion(t, client, id, rounds)
	}
}

func checkVersion(t *testing.T, client *Client, id int, least int64) {
	t.Helper()
	org, err := client.GetOrganization(background(t), int64(id))
	if err != nil || org.Settings.MaxItemCount == nil || *org.Settings.MaxItemCount < least {
		t.Errorf("got %+v, %v; want version %d at least", org, err, least)
	}
}
