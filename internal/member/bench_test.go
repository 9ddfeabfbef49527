package member_test

import (
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/guardai/terraform-provider-guardai/internal/acceptance"
	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

const (
	kibibyte = 1 << 10
	mebibyte = 1 << 20
)

// BenchmarkMembers reads 5,000 members and reports the provider's peak memory: without avatars, with avatars of 8 KiB
// that aren't requested, and with requested ones.
func BenchmarkMembers(b *testing.B) {
	for name, test := range map[string]struct {
		avatar  int
		include bool
	}{
		"avatars=none":     {0, false},
		"avatars=left":     {8 * kibibyte, false},
		"avatars=included": {8 * kibibyte, true},
	} {
		b.Run(name, func(b *testing.B) {
			const members = 5000
			// The contract checks would be measured too.
			s := acceptance.NewSandbox(b, func(cfg *sandbox.Config) { cfg.Middleware = nil })
			org := s.AddOrganization(sandbox.Organization{Name: "org"})
			s.SetMembers(org.ID, manyMembers(members, test.avatar))
			provider := acceptance.StartProcess(b)
			w := provider.Workspace(b, map[string]string{
				"main.tf": s.Provider() + data(org.ID, fmt.Sprintf("include_avatars = %t", test.include)),
			})
			w.MustRun(b, "init")
			for b.Loop() {
				provider.ResetPeak(b)
				w.MustRun(b, "apply", "-auto-approve")
				b.ReportMetric(float64(provider.PeakMemory(b))/mebibyte, "peak-MiB")
			}
		})
	}
}

// manyMembers returns members with avatars of this many bytes before base64.
func manyMembers(size, avatar int) []map[string]any {
	random := rand.NewChaCha8([32]byte{})
	members := make([]map[string]any, 0, size)
	for i := range size {
		member := example(int64(i + 1))
		member["uid"] = fmt.Sprintf("user.%d", i)
		member["name"] = fmt.Sprintf("Anna Kowalska %d", i)
		member["email"] = fmt.Sprintf("anna.kowalska.%d@example.com", i)
		picture := make([]byte, avatar)
		_, _ = random.Read(picture)
		member["avatar"] = base64.StdEncoding.EncodeToString(picture)
		members = append(members, member)
	}
	return members
}
