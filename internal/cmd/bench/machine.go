package main

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"strings"
	"time"

	"github.com/guardai/terraform-provider-guardai/internal/cli"
)

// describe says when, with what and on which machine was measured.
func describe(ctx context.Context, path string, chosen options) (string, error) {
	product, err := cli.Identify(ctx, path)
	if err != nil {
		return "", err
	}
	text := fmt.Sprintf("Measured on %s with %s and %s on %s: %s. Times are medians of %s; what has more than %s objects was measured once.",
		time.Now().UTC().Format(time.DateOnly), product, strings.Replace(runtime.Version(), "go", "Go ", 1),
		runtime.GOOS+"/"+runtime.GOARCH, machine(), plural(chosen.runs, "run"), number(oftenCount))
	if chosen.quick {
		text += " This was a quick run, with a tenth of everything."
	}
	return text, nil
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// machine names the processor, its cores and the memory, as far as Linux's /proc
// reports them.
func machine() string {
	text := plural(runtime.NumCPU(), "core")
	if model := field("/proc/cpuinfo", "model name"); model != "" {
		text += " of " + model
	}
	var kib int64
	if _, err := fmt.Sscan(field("/proc/meminfo", "MemTotal"), &kib); err == nil {
		text += fmt.Sprintf(", %.0f GiB of memory", float64(kib)/(1<<20))
	}
	return text
}

// field returns the first value of a name in a file of lines "name: value", "" where
// there is none.
func field(file, name string) string {
	content, err := os.ReadFile(file) //nolint:gosec // The caller names a file of the system.
	if err != nil {
		return ""
	}
	for entry := range strings.Lines(string(content)) {
		if key, value, found := strings.Cut(entry, ":"); found && strings.TrimSpace(key) == name {
			return strings.TrimSpace(value)
		}
	}
	return ""
}
