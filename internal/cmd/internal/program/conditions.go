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

// Conditions describes the date, versions and machine of a measurement. Call it before the work begins, so the load
// average is that of other programs.
func (b *Testbed) Conditions(ctx context.Context) (string, error) {
	product, err := cli.Identify(ctx, b.CLI)
	if err != nil {
		return "", err
	}
	text := "Measured on " + time.Now().UTC().Format(time.DateOnly)
	if commit := b.commit(ctx); commit != "" {
		text += " at commit " + commit
	}
	return fmt.Sprintf("%s with %s and %s on %s/%s: %s.", text, product,
		strings.Replace(runtime.Version(), "go", "Go ", 1), runtime.GOOS, runtime.GOARCH, describeMachine()), nil
}

// commit returns the abbreviated commit that is checked out, or "" without git.
func (b *Testbed) commit(ctx context.Context) string {
	command := cli.Command(ctx, "git", "describe", "--always", "--abbrev=10", "--exclude=*", "--dirty")
	command.Dir = b.Root
	output, err := cli.RequireSuccess(command)
	if err != nil {
		return ""
	}
	return strings.TrimSpace(output.Stdout)
}

// describeMachine returns the processor, memory and load, as far as Linux's /proc reports them.
func describeMachine() string {
	text := fmt.Sprintf("%d cores", runtime.NumCPU())
	if model := procField("/proc/cpuinfo", "model name"); model != "" {
		text += " of " + model
	}
	var kib int64
	if _, err := fmt.Sscan(procField("/proc/meminfo", "MemTotal"), &kib); err == nil {
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

// procField returns the first value of a name in a file with lines "name: value", or "".
func procField(file, name string) string {
	content, err := os.ReadFile(file) //nolint:gosec // The path is constant.
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
