package main

import (
	"context"
	"errors"
	"os/exec"
	"time"

	"github.com/guardai/terraform-provider-guardai/internal/cli"
	"github.com/guardai/terraform-provider-guardai/internal/cmd/internal/program"
)

// latency is added to each response: what a platform elsewhere takes at least.
const latency = 20 * time.Millisecond

// bench is what is measured with.
type bench struct {
	testbed *program.Testbed
	// idle is the path of a provider whose resource does nothing, and idleConfig makes the CLI use it.
	idle, idleConfig string
}

// folder is a folder with a configuration in it.
type folder struct {
	*cli.Folder
	bench *bench
}

// folder makes an empty folder whose configuration is for a platform, or for none.
func (b *bench) folder(p *program.Sandbox) (*folder, error) {
	var settings []string
	if p != nil {
		settings = program.Environ(p.URL)
	}
	f, err := b.testbed.Folder(settings...)
	return &folder{f, b}, err
}

// apply applies the configuration.
func (f *folder) apply(ctx context.Context) (time.Duration, error) {
	return timed(f.Command(ctx, "apply", "-auto-approve"))
}

// plan makes a plan that must find nothing to do: with -detailed-exitcode a CLI ends with 2 where there is something.
func (f *folder) plan(ctx context.Context) (time.Duration, error) {
	return timed(f.Command(ctx, "plan", "-detailed-exitcode"))
}

// timed runs a command, which must succeed, and returns how long it took.
func timed(command *exec.Cmd) (time.Duration, error) {
	output, err := cli.RequireSuccess(command)
	return output.Took, err
}

// peakMemory returns the most resident memory, in bytes, of a provider that serves the
// CLI while a function runs, 0 where the system doesn't report it. The provider is then
// one process from start to end; otherwise the CLI starts it a few times.
func (f *folder) peakMemory(ctx context.Context, work func(*folder, context.Context) (time.Duration, error)) (int64, error) {
	// A provider in debug mode writes logs that it otherwise doesn't.
	provider, err := f.WithEnv("TF_LOG_SDK=OFF").StartProvider(ctx, f.bench.testbed.Provider)
	if err != nil {
		return 0, err
	}
	defer provider.Stop()
	if _, err := work(&folder{f.WithEnv(provider.Reattach), f.bench}, ctx); err != nil {
		return 0, err
	}
	peak, err := provider.PeakMemory()
	if errors.Is(err, cli.ErrPeakMemoryUnavailable) {
		return 0, nil
	}
	return peak, err
}
