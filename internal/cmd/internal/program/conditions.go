package program

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"strings"
	"time"

	"github.com/guardai/terraform-provider-guardai/internal/cli"
)

// Conditions says in a sentence when, with what and on which machine something is measured. A page shows it above the
// figures. It is called before the work begins, so that the load is that of other programs.
func (l *Lab) Conditions(ctx context.Context) (string, error) {
	product, err := cli.Identify(ctx, l.CLI)
	if err != nil {
		return "", err
	}
	text := "Measured on " + time.Now().UTC().Format(time.DateOnly)
	if commit := l.commit(ctx); commit != "" {
		text += " at commit " + commit
	}
	return fmt.Sprintf("%s with %s and %s on %s/%s: %s.", text, product,
		strings.Replace(runtime.Version(), "go", "Go ", 1), runtime.GOOS, runtime.GOARCH, machine()), nil
}

// commit names the commit that is checked out, "" where git doesn't know it.
func (l *Lab) commit(ctx context.Context) string {
	command := cli.Command(ctx, "git", "describe", "--always", "--abbrev=10", "--exclude=*", "--dirty")
	command.Dir = l.Root
	output, err := cli.RequireSuccess(command)
	if err != nil {
		return ""
	}
	return strings.TrimSpace(output.Stdout)
}

// Plural writes a number of things.
func Plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// machine names the processor, its cores, the memory and the load, as far as Linux's /proc reports them.
func machine() string {
	text := Plural(runtime.NumCPU(), "core")
	if model := field("/proc/cpuinfo", "model name"); model != "" {
		text += " of " + model
	}
	var kib int64
	if _, err := fmt.Sscan(field("/proc/meminfo", "MemTotal"), &kib); err == nil {
		text += fmt.Sprintf(", %.0f GiB of memory", float64(kib)/(1<<20))
	}
	var load float64
	if content, err := os.ReadFile("/proc/loadavg"); err == nil {
		if _, err := fmt.Sscan(string(content), &load); err == nil {
			text += fmt.Sprintf(", a load average of %.1f before the start", load)
		}
	}
	return text
}

// field returns the first value of a name in a file of lines "name: value", "" where there is none.
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
