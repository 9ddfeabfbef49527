package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// commLimit is how much of a program's name Linux keeps.
const commLimit = 15

// clockTick is the unit of CPU time in Linux's /proc, which is the same everywhere.
const clockTick = time.Second / 100

// process is a running program, as Linux's /proc shows it.
type process struct {
	pid, parent int
	name        string
	// cpu is the time that it has computed.
	cpu time.Duration
}

// readProcess returns false where there is no such process any more.
func readProcess(pid int) (process, bool) {
	stat, err := os.ReadFile(proc(pid, "stat"))
	if err != nil {
		return process{}, false
	}
	// The name is in parentheses and may hold any characters; the state follows.
	begin, end := bytes.IndexByte(stat, '('), bytes.LastIndexByte(stat, ')')
	if begin < 0 || end < begin {
		return process{}, false
	}
	fields := strings.Fields(string(stat[end+1:]))
	const state, parent, user, system = 0, 1, 11, 12
	if len(fields) <= system || fields[state] == "Z" {
		return process{}, false
	}
	number := func(field int) int {
		n, _ := strconv.Atoi(fields[field]) // The kernel writes numbers there.
		return n
	}
	return process{
		pid: pid, parent: number(parent), name: string(stat[begin+1 : end]),
		cpu: time.Duration(number(user)+number(system)) * clockTick,
	}, true
}

// providers returns the provider's processes that a CLI has started.
func providers(cli int) []process {
	entries, err := filepath.Glob("/proc/[0-9]*")
	if err != nil {
		return nil
	}
	var found []process
	for _, entry := range entries {
		pid, err := strconv.Atoi(filepath.Base(entry))
		if err != nil {
			continue
		}
		if p, ok := readProcess(pid); ok && p.parent == cli && p.name == providerName[:commLimit] {
			found = append(found, p)
		}
	}
	return found
}

// peakMemory is the most resident memory that a process has had, in bytes, and 0
// where there is no such process.
func peakMemory(pid int) int64 {
	status, err := os.ReadFile(proc(pid, "status"))
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(status)) {
		if value, found := strings.CutPrefix(line, "VmHWM:"); found {
			kib, _ := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(value), "kB")), 10, 64)
			return kib << 10
		}
	}
	return 0
}

func proc(pid int, name string) string { return fmt.Sprintf("/proc/%d/%s", pid, name) }
