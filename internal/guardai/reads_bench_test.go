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
)

// listOf is the platform's answer to a list of count organizations.
func listOf(count int) string {
	organizations := make([]string, 0, count)
	for id := 1; id <= count; id++ {
		organizations = append(organizations, fmt.Sprintf(`{"id":%d,"name":"Organization %d","creationDateTime":"2024-05-01T12:00:00.000+00:00",`+
			`"settings":{"classMappingFiles":[],"disabledFeatures":["ADV_CRAFTING"],"maxItemCount":1000,"maxTimeAllocated":7200,"maxTimePerTask":3600},`+
			`"stats":{"datasetStorage":5368709120,"projectStorage":734003200},"timeUsed":84210}`, id, id))
	}
	return "[" + strings.Join(organizations, ",") + "]"
}

// BenchmarkDecodeList decodes a list of 10,000 organizations.
func BenchmarkDecodeList(b *testing.B) {
	const count = 10_000
	answer := listOf(count)
	b.SetBytes(int64(len(answer)))
	b.ReportAllocs()
	for b.Loop() {
		decoded := 0
		err := readList(reply{contentType: "application/json", body: strings.NewReader(answer)}, func(organizationAnswer) { decoded++ })
		if err != nil || decoded != count {
			b.Fatalf("%d organizations: %v", decoded, err)
		}
	}
}

// BenchmarkSharedReads reads 5,000 organizations by ten workers at a time, as a
// refresh does, of a platform that can list them.
func BenchmarkSharedReads(b *testing.B) {
	const count, workers = 5_000, 10
	all := answer(http.StatusOK, "application/json", listOf(count))
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
		answer(http.StatusOK, "application/json", fmt.Sprintf(`{"id":%d,"name":"x","settings":{}}`, id))(w, r)
	}))
	b.Cleanup(server.Close)
	b.ReportAllocs()
	for b.Loop() {
		client, err := New(Config{Host: server.URL, Token: "ready-token"})
		if err != nil {
			b.Fatal(err)
		}
		readThrough(b, client, count, workers)
	}
}

// readThrough reads the organizations from 1 to count.
func readThrough(b *testing.B, client *Client, count, workers int) {
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
