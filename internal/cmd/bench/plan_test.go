package main

import (
	"testing"

	"github.com/guardai/terraform-provider-guardai/internal/acceptance"
	"github.com/guardai/terraform-provider-guardai/internal/cli"
	"github.com/guardai/terraform-provider-guardai/internal/cmd/internal/program"
)

// Each configuration is valid, and its plan has no changes.
func TestPlans(t *testing.T) {
	t.Parallel()
	const count = 5
	err := program.WithTestbed(t.Context(), "bench", acceptance.CLIPath(t), t.Output(), cli.ReleaseFlags, func(testbed *program.Testbed) (err error) {
		b := &bench{testbed: testbed}
		if b.idle, b.idleConfig, err = testbed.Build(t.Context(), "idle", "./internal/cmd/bench/idleprovider", t.Output(), cli.ReleaseFlags...); err != nil {
			return err
		}
		measured := map[string]bool{}
		for _, kind := range plans() {
			if measured[kind.name] {
				continue
			}
			measured[kind.name] = true
			kind.count = count
			found, err := kind.measure(t.Context(), b, 1)
			switch {
			case err != nil:
				t.Errorf("%s: %v", kind.name, err)
			case kind.compared != (found[0].baselineTook > 0):
				t.Errorf("%s: the other plans took %v", kind.name, found[0].baselineTook)
			case kind.oneByOne > 0 && (found[0].calls < 1 || found[0].calls > kind.oneByOne*count+1):
				t.Errorf("%s takes %d calls", kind.name, found[0].calls)
			}
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}
