// Command bench measures the provider with a real CLI against a local sandbox: plans, compared with resources
// that do nothing; the start, compared with an empty provider; an export; and a large file. It prints a table, and can
// write it to a page.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"regexp"
	"slices"

	"github.com/guardai/terraform-provider-guardai/internal/cli"
)

type options struct {
	// runs is the number of measurements; the table shows the median.
	runs int
	// quick reduces every size to a tenth, for testing.
	quick bool
	// only selects benchmarks by name.
	only *regexp.Regexp
}

func main() {
	var opts options
	flag.IntVar(&opts.runs, "runs", 3, "number of measurements, 1 or more; the table shows the median")
	flag.BoolVar(&opts.quick, "quick", false, "reduce every size to a tenth, for testing")
	only := flag.String("only", "", "run only benchmarks whose name matches this regular `expression`")
	page := cli.Page{Name: "bench"}
	flag.StringVar(&page.File, "out", "", "`page` in the repository to write the table to, between its markers")
	cli.Main("Measures plans, the start, an export and a large file with a real CLI against a local sandbox.",
		func(ctx context.Context, stdout, stderr io.Writer) (err error) {
			if opts.only, err = regexp.Compile(*only); err != nil {
				return fmt.Errorf("-only: %w", err)
			}
			return page.Measure(ctx, "", stdout, stderr, cli.ReleaseFlags, func(testbed *cli.Testbed) (string, error) {
				b := &bench{testbed: testbed}
				if b.idle, b.idleConfig, err = testbed.Build(ctx, "idle", "./internal/cmd/bench/idleprovider", stderr, cli.ReleaseFlags...); err != nil {
					return "", err
				}
				results, err := measureAll(ctx, b, opts, stderr)
				return " " + opts.method() + "\n\n" + table(results), err
			})
		})
}

// method describes how often each time was measured.
func (o *options) method() string {
	text := "Each time was measured once."
	if o.runs > 1 {
		text = fmt.Sprintf("Times are medians of %d runs; rows with more than %s objects are from one run.", o.runs, formatNumber(maxRepeatedCount))
	}
	if o.quick {
		text += " This was a quick run, with a tenth of the objects."
	}
	return text
}

// measureAll runs the selected benchmarks in the order of the table.
func measureAll(ctx context.Context, b *bench, opts options, stderr io.Writer) ([]measurement, error) {
	var results []measurement
	for _, l := range slices.Concat(planBenchmarks(opts), []benchmark{startBenchmark(), exportBenchmark(opts)}, largeFileBenchmarks(opts)) {
		if !opts.only.MatchString(l.name) {
			continue
		}
		fmt.Fprintf(stderr, "Measuring: %s.\n", l.name)
		more, err := l.measure(ctx, b, opts.runs)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", l.name, err)
		}
		results = append(results, more...)
	}
	return results, nil
}

// benchmark produces one or more lines of the table.
type benchmark struct {
	name    string
	measure func(ctx context.Context, b *bench, runs int) ([]measurement, error)
}
