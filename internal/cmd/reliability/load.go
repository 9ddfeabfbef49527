package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

// requirement says where the provider comes from.
const requirement = `terraform {
  required_providers {
    guardai = {
      source = "guardai/guardai"
    }
  }
}
`

const (
	mebibyte = 1 << 20
	// sampleEvery is how often processes are looked at.
	sampleEvery = 100 * time.Millisecond
)

// loading applies, refreshes and destroys many objects on a platform that refuses a
// part of the calls.
type loading struct {
	out           io.Writer
	organizations int
	parallelism   int
	rate          float64
}

// phase is a command of the CLI, and how many objects there must be after it.
type phase struct {
	name    string
	args    []string
	objects int
}

func (l *loading) run(ctx context.Context, w *workspace) (err error) {
	p, err := newPlatform(ctx, 0)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.close()) }()
	f, err := w.folder(p, l.organizations)
	if err != nil {
		return err
	}
	if err := f.write("main.tf", l.configuration()); err != nil {
		return err
	}
	if err := f.useStore(ctx, p); err != nil {
		return err
	}
	// The second sees only what the first has left.
	p.Inject(sandbox.Fault{Kind: sandbox.FaultStatus, Status: http.StatusTooManyRequests, Times: -1, Rate: l.rate / 2})
	p.Inject(sandbox.Fault{Kind: sandbox.FaultStatus, Status: http.StatusServiceUnavailable, Times: -1, Rate: l.rate / 2})
	fmt.Fprintf(l.out, "%d organizations with a file each, %d operations at once; %.1f %% of calls are answered with 429 or 503.\n\n",
		l.organizations, l.parallelism, 100*l.rate)
	fmt.Fprintf(l.out, "| command | time | CPU: CLI | CPU: provider | peak memory: CLI | peak memory: provider | calls | refused |\n|---|--:|--:|--:|--:|--:|--:|--:|\n")
	parallelism := fmt.Sprintf("-parallelism=%d", l.parallelism)
	all := 2 * l.organizations
	calls := strings.Builder{}
	for _, each := range []phase{
		{"apply", []string{"apply", "-auto-approve", parallelism}, all},
		{"plan", []string{"plan", "-detailed-exitcode", parallelism}, all},
		{"destroy", []string{"destroy", "-auto-approve", parallelism}, 0},
	} {
		if err := l.measure(ctx, p, f, each, &calls); err != nil {
			return err
		}
	}
	fmt.Fprintf(l.out, "\n| command | operation | calls | refused |\n|---|---|--:|--:|\n%s\nNothing was lost or doubled.\n", calls.String())
	return nil
}

// block is an organization with its file.
const block = `
resource "guardai_organization" "team_%[1]d" {
  name = "team %[1]d"
}

resource "guardai_organization_file" "classes_%[1]d" {
  organization_id = guardai_organization.team_%[1]d.id
  name            = "classes.csv"
  content         = "id,class\n%[1]d,car\n"
}
`

// configuration has a block for each object. With count, each file would depend on
// every organization, and a CLI takes gigabytes for 2,000 times 2,000 edges.
func (l *loading) configuration() string {
	var text strings.Builder
	text.WriteString(requirement)
	for i := range l.organizations {
		fmt.Fprintf(&text, block, i)
	}
	return text.String()
}

// measure runs a phase and adds a line for each operation to calls.
func (l *loading) measure(ctx context.Context, p *platform, f *folder, each phase, calls io.Writer) error {
	p.ClearRequests()
	output := &lastWords{}
	command := f.command(ctx, output, each.args...)
	began := time.Now()
	usage, err := observe(command)
	took := time.Since(began)
	if err != nil {
		return fmt.Errorf("%s: %w\n%s", each.name, err, output)
	}
	counts, refusals := map[string]int{}, map[string]int{}
	refused := 0
	requests := p.Requests()
	for _, request := range requests {
		counts[request.Operation]++
		if request.Fault != "" {
			refusals[request.Operation]++
			refused++
		}
	}
	fmt.Fprintf(l.out, "| %s | %.1f s | %.1f s | %.1f s | %d MiB | %d MiB | %d | %d |\n", each.name, took.Seconds(),
		usage.cli.cpu.Seconds(), usage.provider.cpu.Seconds(), usage.cli.memory/mebibyte, usage.provider.memory/mebibyte, len(requests), refused)
	for _, operation := range slices.Sorted(maps.Keys(counts)) {
		fmt.Fprintf(calls, "| %s | %s | %d | %d |\n", each.name, operation, counts[operation], refusals[operation])
	}
	return check(p, each.objects)
}

// check compares the platform with the state, which must hold so many objects.
func check(p *platform, want int) error {
	known, err := p.store.state()
	if err != nil {
		return err
	}
	managed, objects := known.managed(), p.objects()
	if len(objects) != want || !maps.Equal(managed, objects) {
		return fmt.Errorf("there are %d objects on the platform and %d in state, want %d", len(objects), len(managed), want)
	}
	return nil
}

// figures are what a program took.
type figures struct {
	cpu    time.Duration
	memory int64
}

// usage is what the CLI took, and the provider: a CLI starts it several times, the
// CPU time is that of all, the memory that of the greatest.
type usage struct{ cli, provider figures }

// observe runs a command of the CLI and watches its processes. What they take in
// the last moments is missing.
func observe(command *exec.Cmd) (usage, error) {
	if err := command.Start(); err != nil {
		return usage{}, err
	}
	var total usage
	ended := make(chan struct{})
	var watching sync.WaitGroup
	watching.Go(func() { total = watch(command.Process.Pid, ended) })
	err := command.Wait()
	close(ended)
	watching.Wait()
	return total, err
}

func watch(cli int, ended <-chan struct{}) usage {
	var total usage
	cpu := map[int]time.Duration{}
	ticker := time.NewTicker(sampleEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ended:
			for _, took := range cpu {
				total.provider.cpu += took
			}
			return total
		case <-ticker.C:
		}
		if p, ok := readProcess(cli); ok {
			total.cli = figures{cpu: p.cpu, memory: max(total.cli.memory, peakMemory(cli))}
		}
		for _, p := range providers(cli) {
			cpu[p.pid] = p.cpu
			total.provider.memory = max(total.provider.memory, peakMemory(p.pid))
		}
	}
}
