package acceptance_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/guardai/terraform-provider-guardai/internal/acceptance"
	"github.com/guardai/terraform-provider-guardai/internal/guardai"
	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

// The sandbox responds to no transfer before all have arrived, so the test ends only if they run in parallel.
func TestTransfersRunInParallel(t *testing.T) {
	t.Parallel()
	const uploads, downloads = 2, 2
	// The timeout only ends the test if the transfers are sequential.
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	var waiting sync.WaitGroup
	waiting.Add(uploads + downloads)
	s := acceptance.NewSandbox(t, func(cfg *sandbox.Config) {
		cfg.Middleware = func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if strings.HasSuffix(r.URL.Path, "/file") {
					waiting.Done()
					waitFor(ctx, &waiting)
				}
				next.ServeHTTP(w, r)
			})
		}
	})
	org := s.AddOrganization(sandbox.Organization{Name: "org"})
	file := s.AddFile(org.ID, sandbox.File{Name: "there.csv", Content: []byte("x")})
	client := newClient(t, s)
	var group sync.WaitGroup
	for i := range uploads {
		group.Go(func() {
			upload(t, client, org.ID, fmt.Sprintf("%d.csv", i))
		})
	}
	for range downloads {
		group.Go(func() {
			key := guardai.FileKey{OrganizationID: org.ID, Type: "classmapping", Ref: file.Ref}
			err := client.DownloadFile(ctx, key, func(_ string, content io.Reader) error {
				_, err := io.Copy(io.Discard, content)
				return err
			})
			if err != nil {
				t.Errorf("download: %v", err)
			}
		})
	}
	group.Wait()
}

// waitFor waits for a group until the context ends.
func waitFor(ctx context.Context, group *sync.WaitGroup) {
	all := make(chan struct{})
	go func() {
		group.Wait()
		close(all)
	}()
	select {
	case <-all:
	case <-ctx.Done():
	}
}
