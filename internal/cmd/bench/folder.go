package main

import (
	"context"
	"errors"
	"os/exec"
	"time"

	"github.com/guardai/terraform-provider-guardai/internal/cli"
	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

// latency is added to each response, as a minimum for a remote platform.
const latency = 20 * time.Millisecond

// bench holds the programs that are measured.
type bench struct {
	testbed *cli.Testbed
	// idle is the path of a provider that does nothing, and idleConfig of a CLI configuration that uses it.
	idle, idleConfig string
}

// folder is a folder with a configuration.
type folder struct {
	*cli.Folder
	bench *bench
}

// collector is the setting of the garbage collector in the provider's main function. All programs of a plan run with
// it, so the provider and the one that does nothing are equal.
var collector = []string{"GOGC=400", "GOMEMLIMIT=off"}

// folder creates an empty folder, with credentials for a sandbox unless p is nil, and more environment variables.
func (b *bench) folder(p *sandbox.Local, settings ...string) (*folder, error) {
	settings = append(settings, "TF_LOG_SDK=OFF")
	if p != nil {
		settings = append(settings, p.Environ()...)
	}
	f, err := b.testbed.Folder(append(settings, collector...)...)
	return &folder{f, b}, err
}

func (f *folder) apply(ctx context.Context) (time.Duration, error) {
	return timed(f.Command(ctx, "apply", "-auto-approve"))
}

// plan runs a plan that must have no changes: otherwise, -detailed-exitcode makes it exit with 2.
func (f *folder) plan(ctx context.Context) (time.Duration, error) {
	return timed(f.Command(ctx, "plan", "-detailed-exitcode"))
}

// planCPU is plan, and returns the CPU time of the CLI and the provider.
func (f *folder) planCPU(ctx context.Context) (time.Duration, error) {
	output, err := cli.RequireSuccess(f.Command(ctx, "plan", "-detailed-exitcode"))
	return output.CPU, err
}

// timed runs a command, which must succeed, and returns the time that it took.
func timed(command *exec.Cmd) (time.Duration, error) {
	output, err := cli.RequireSuccess(command)
	return output.Took, err
}

// peakMemory returns the provider's peak resident memory in bytes during a function, or 0 if the system doesn't report
// it. The provider runs as one process: otherwise the CLI would start it several times.
func (f *folder) peakMemory(ctx context.Context, work func(*folder, context.Context) (time.Duration, error)) (int64, error) {
	provider, err := f.StartProvider(ctx, f.bench.testbed.Provider)
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
