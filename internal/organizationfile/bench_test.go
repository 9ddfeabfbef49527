package organizationfile_test

import (
	"bufio"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/guardai/terraform-provider-guardai/internal/acceptance"
	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

// withoutContractChecks disables the contract checks, which would be measured too.
func withoutContractChecks(cfg *sandbox.Config) { cfg.Middleware = nil }

const mebibyte = 1 << 20

// BenchmarkLargeFile uploads and then verifies a file of 1 GiB, and reports the provider's peak memory.
func BenchmarkLargeFile(b *testing.B) {
	const size = 1 << 30
	source := largeFile(b, size)
	s := acceptance.NewSandbox(b, withoutContractChecks)
	org := s.AddOrganization(sandbox.Organization{Name: "org"})
	provider := acceptance.StartProcess(b)
	for b.Loop() {
		w := provider.Workspace(b, map[string]string{"main.tf": s.Provider() + fmt.Sprintf(
			"resource \"guardai_organization_file\" \"test\" {\n organization_id = \"%d\"\n source = %q\n}\n", org.ID, source)})
		w.MustRun(b, "init")
		provider.ResetPeak(b)
		uploading := acceptance.Timed(func() { w.MustRun(b, "apply", "-auto-approve") })
		b.ReportMetric(float64(provider.PeakMemory(b))/mebibyte, "upload-peak-MiB")
		b.ReportMetric(uploading.Seconds(), "upload-s")
		provider.ResetPeak(b)
		verifying := acceptance.Timed(func() { w.MustRun(b, "plan", "-detailed-exitcode") })
		b.ReportMetric(float64(provider.PeakMemory(b))/mebibyte, "verify-peak-MiB")
		b.ReportMetric(verifying.Seconds(), "verify-s")
		w.MustRun(b, "destroy", "-auto-approve", "-refresh=false")
	}
}

func largeFile(b *testing.B, size int64) string {
	b.Helper()
	name := filepath.Join(b.TempDir(), "large.bin")
	file, err := os.Create(name) //nolint:gosec // The benchmark created the folder.
	if err != nil {
		b.Fatal(err)
	}
	buffered := bufio.NewWriterSize(file, mebibyte)
	if _, err := io.CopyN(buffered, rand.NewChaCha8([32]byte{}), size); err != nil {
		b.Fatal(err)
	}
	if err := buffered.Flush(); err != nil {
		b.Fatal(err)
	}
	if err := file.Close(); err != nil {
		b.Fatal(err)
	}
	return name
}

// BenchmarkRefresh refreshes 100 files of 4 MiB, with and without verifying their content.
func BenchmarkRefresh(b *testing.B) {
	const files, size = 100, 4 << 20
	for _, verify := range []bool{true, false} {
		b.Run(fmt.Sprintf("verify_content=%t", verify), func(b *testing.B) {
			s := acceptance.NewSandbox(b, withoutContractChecks)
			org := s.AddOrganization(sandbox.Organization{Name: "org"})
			w := acceptance.StartProcess(b).Workspace(b, map[string]string{"main.tf": s.Provider() + fmt.Sprintf(`
resource "guardai_organization_file" "test" {
  count           = %d
  organization_id = "%d"
  source          = %q
  name            = "${count.index}.bin"
  verify_content  = %t
}
`, files, org.ID, largeFile(b, size), verify)})
			w.MustRun(b, "init")
			w.MustRun(b, "apply", "-auto-approve")
			for b.Loop() {
				s.ClearRequests()
				w.MustRun(b, "plan", "-refresh-only")
				b.ReportMetric(float64(s.Count("get_organization")), "reads/op")
				b.ReportMetric(float64(s.Count("download_organization_file")), "downloads/op")
			}
		})
	}
}
