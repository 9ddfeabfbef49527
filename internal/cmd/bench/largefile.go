package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"time"

	"github.com/guardai/terraform-provider-guardai/internal/cli"
	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

// largeFileBenchmarks measure the upload of a large file and of a large code file, and their verification in each plan.
func largeFileBenchmarks(opts options) []benchmark {
	return []benchmark{
		largeFileBenchmark(opts, "file", `resource "guardai_organization_file" "bench" {`),
		largeFileBenchmark(opts, "code file", "resource \"guardai_transform\" \"bench\" {\n  name = \"bench\""),
	}
}

// largeFileBenchmark measures a kind of file. block is the first lines of its resource.
func largeFileBenchmark(opts options, kind, block string) benchmark {
	size := int64(1 << 30)
	if opts.quick {
		size /= 10
	}
	name := fmt.Sprintf("%s of %d MiB", kind, size>>20)
	return benchmark{name: name, measure: func(ctx context.Context, b *bench, runs int) (results []measurement, err error) {
		err = cli.WithSandbox(sandbox.Config{Latency: latency}, func(p *sandbox.Local) error {
			f, err := b.folder(p)
			if err != nil {
				return err
			}
			seedOrganizations(p, 1)
			results, err = f.measureLargeFile(ctx, name, block, size, runs)
			return err
		})
		return results, err
	}}
}

func (f *folder) measureLargeFile(ctx context.Context, name, block string, size int64, runs int) ([]measurement, error) {
	err := errors.Join(writeRandom(f.Path("large.bin"), size), f.Write("main.tf", cli.RequiredProviders+fmt.Sprintf("%s\n  organization_id = %d\n  source = \"large.bin\"\n}\n", block, firstID)))
	if err != nil {
		return nil, err
	}
	var uploads, plans []time.Duration
	for range runs {
		upload, err := f.apply(ctx)
		if err != nil {
			return nil, err
		}
		plan, err := f.plan(ctx)
		if err != nil {
			return nil, err
		}
		uploads, plans = append(uploads, upload), append(plans, plan)
		if _, err := f.RequireSuccess(ctx, "destroy", "-auto-approve", "-refresh=false"); err != nil {
			return nil, err
		}
	}
	uploadPeak, err := f.peakMemory(ctx, (*folder).apply)
	if err != nil {
		return nil, err
	}
	planPeak, err := f.peakMemory(ctx, (*folder).plan)
	return []measurement{
		{name: name + ", upload", took: median(uploads), peak: uploadPeak},
		{name: name + ", verification", took: median(plans), peak: planPeak},
	}, err
}

// writeRandom writes a file with reproducible pseudo-random content.
func writeRandom(name string, size int64) error {
	file, err := os.Create(name) //nolint:gosec // The benchmark chooses the path.
	if err != nil {
		return err
	}
	buffered := bufio.NewWriterSize(file, 1<<20)
	_, err = io.CopyN(buffered, rand.NewChaCha8([32]byte{}), size)
	return errors.Join(err, buffered.Flush(), file.Close())
}
