package main

import (
	"context"
	"fmt"
	"time"

	"github.com/guardai/terraform-provider-guardai/internal/cli"
	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

// exportBenchmark measures an export of organizations with one file each.
func exportBenchmark(opts options) benchmark {
	count := 1000
	if opts.quick {
		count /= 10
	}
	name := "export of organizations with a file each"
	return benchmark{name: fmt.Sprintf("%s (%d)", name, count), measure: func(ctx context.Context, b *bench, runs int) (results []measurement, err error) {
		m := measurement{name: name, count: count, oneByOne: 2 * count}
		err = cli.WithSandbox(sandbox.Config{Latency: latency}, func(p *sandbox.Local) error {
			seedOrganizations(p, count)
			for _, org := range p.Organizations() {
				p.AddFile(org.ID, sandbox.File{Type: "classmapping", Name: "classes.csv", Content: make([]byte, fileSize)})
			}
			var took []time.Duration
			for range runs {
				p.ClearRequests()
				one, peak, err := b.export(ctx, p)
				if err != nil {
					return err
				}
				took, m.calls, m.peak = append(took, one), p.Count(), max(m.peak, peak)
			}
			m.took = median(took)
			return nil
		})
		return []measurement{m}, err
	}}
}

// export exports a platform and returns the time and peak memory.
func (b *bench) export(ctx context.Context, p *sandbox.Local) (took time.Duration, peak int64, err error) {
	f, err := b.folder(p)
	if err != nil {
		return 0, 0, err
	}
	began := time.Now()
	process, err := cli.Start(f.Program(ctx, b.testbed.Provider, "export", "-out", f.Path("platform")))
	if err != nil {
		return 0, 0, err
	}
	peak = process.SamplePeakMemory()
	took = time.Since(began)
	if code := process.Wait(); code != 0 {
		err = fmt.Errorf("export ended with exit code %d:\n%s", code, process.Log())
	}
	return took, peak, err
}
