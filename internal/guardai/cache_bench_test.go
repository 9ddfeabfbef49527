package guardai

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"path"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/guardai/terraform-provider-guardai/internal/guardai/rest"
)

// organizationListJSON returns the JSON of a list of organizations.
func organizationListJSON(count int) string {
	organizations := make([]string, 0, count)
	for id := 1; id <= count; id++ {
		organizations = append(organizations, fmt.Sprintf(`{"id":%d,"name":"Organization %d","creationDateTime":"2024-05-01T12:00:00.000+00:00",`+
			`"settings":{"classMappingFiles":[],"disabledFeatures":["ADV_CRAFTING"],"maxItemCount":1000,"maxTimeAllocated":7200,"maxTimePerTask":3600},`+
			`"stats":{"datasetStorage":5368709120,"projectStorage":734003200},"timeUsed":84210}`, id, id))
	}
	return "[" + strings.Join(organizations, ",") + "]"
}

func BenchmarkDecodeList(b *testing.B) {
	const count = 10_000
	body := organizationListJSON(count)
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		list, err := rest.DecodeList(&rest.Response{ContentType: "application/json", Body: strings.NewReader(body)}, organizationResponse.organization)
		if err != nil || len(list) != count {
			b.Fatalf("%d organizations: %v", len(list), err)
		}
	}
}

// BenchmarkSharedReads reads 5,000 organizations with ten workers, as a refresh does.
func BenchmarkSharedReads(b *testing.B) {
	const count, workers = 5_000, 10
	all := respond(http.StatusOK, "application/json", organizationListJSON(count))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == organizationsPath {
			all(w, r)
			return
		}
		// The first few are read one by one.
		id, err := strconv.ParseInt(path.Base(r.URL.Path), 10, 64)
		if err != nil {
			b.Error(err)
		}
		respond(http.StatusOK, "application/json", fmt.Sprintf(`{"id":%d,"name":"x","settings":{}}`, id))(w, r)
	}))
	b.Cleanup(server.Close)
	b.ReportAllocs()
	for b.Loop() {
		client, err := New(Config{Host: server.URL, Token: "ready-token"})
		if err != nil {
			b.Fatal(err)
		}
		readAllWithWorkers(b, client, count, workers)
	}
}

func readAllWithWorkers(b *testing.B, client *Client, count, workers int) {
	b.Helper()
	ids := make(chan int64)
	var group sync.WaitGroup
	for range workers {
		group.Go(func() {
			for id := range ids {
				if _, err := client.GetOrganization(b.Context(), id); err != nil {
					b.Error(err)
				}
			}
		})
	}
	for id := range count {
		ids <- int64(id + 1)
	}
	close(ids)
	group.Wait()
}
