package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"strconv"
	"strings"

	"github.com/guardai/terraform-provider-guardai/internal/cmd/internal/cli"
	"github.com/guardai/terraform-provider-guardai/internal/cmd/internal/run"
)

// reattachLine is what a provider in debug mode prints for the CLI, and its
// variable's key for the provider, whose host differs between CLIs.
var (
	reattachLine = regexp.MustCompile(`TF_REATTACH_PROVIDERS='(.*)'`)
	reattachKey  = regexp.MustCompile(`"[^"]*/guardai/guardai":`)
)

// peakMemory returns the most resident memory, in bytes, of a provider that serves
// the CLI while a function runs, 0 where the system doesn't tell. The provider is
// then one process from start to end; otherwise the CLI starts it a few times.
func (f *folder) peakMemory(ctx context.Context, work func(*folder) error) (peak int64, err error) {
	ctx, stop := context.WithCancel(ctx)
	command := run.Command(ctx, f.workspace.provider, "-debug")
	// A provider in debug mode writes logs that it otherwise doesn't.
	command.Dir, command.Env = f.dir, append(append(cli.CleanEnviron(), "TF_LOG_SDK=OFF"), f.environ...)
	stdout, err := command.StdoutPipe()
	if err != nil {
		stop()
		return 0, err
	}
	if err := command.Start(); err != nil {
		stop()
		return 0, err
	}
	defer func() {
		stop()
		// It ends because it is interrupted.
		_ = command.Wait()
		run.Sweep(command)
	}()
	for lines := bufio.NewScanner(stdout); lines.Scan(); {
		found := reattachLine.FindStringSubmatch(lines.Text())
		if found == nil {
			continue
		}
		served := *f
		served.environ = append([]string{"TF_REATTACH_PROVIDERS=" + reattachKey.ReplaceAllString(found[1], `"guardai/guardai":`)}, f.environ...)
		if err := work(&served); err != nil {
			return 0, err
		}
		return peakOf(command.Process.Pid)
	}
	return 0, errors.New("the provider ended before it said how to attach to it")
}

// peakOf reads the most resident memory of a process from Linux's /proc.
func peakOf(pid int) (int64, error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	for entry := range strings.Lines(string(status)) {
		if value, found := strings.CutPrefix(entry, "VmHWM:"); found {
			kib, err := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(value), "kB")), 10, 64)
			return kib << 10, err
		}
	}
	return 0, nil
}
