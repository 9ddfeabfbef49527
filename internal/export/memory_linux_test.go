package export_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

// maxMemory is the memory limit of an export, in bytes.
const maxMemory = 64 << 20

// peakMemory runs an export and returns its peak resident memory in bytes. A fake CLI, which the export starts at its
// end, reads it from /proc: the rusage of a child process includes its parent's memory on Linux.
func (b *fixture) peakMemory(t *testing.T) int64 {
	t.Helper()
	peak := filepath.Join(t.TempDir(), "peak")
	fake := *b
	fake.useCLI(t, "while read -r name value unit; do [ \"$name\" = VmHWM: ] && echo \"$value\" >'"+peak+"'; done </proc/$PPID/status\nexit 1\n")
	fake.mustFail(t, 1, "terraform get: exit status 1", "-verify")
	text, err := os.ReadFile(peak) //nolint:gosec // The test created the folder.
	if err != nil {
		t.Fatal(err)
	}
	kib, err := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return kib << 10
}

func (b *fixture) checkMemory(t *testing.T) {
	t.Helper()
	got := b.peakMemory(t)
	t.Logf("the export took %d MiB", got>>20)
	if got > maxMemory {
		t.Errorf("this is more than %d MiB", maxMemory>>20)
	}
}

func TestMemoryForManyOrganizations(t *testing.T) {
	t.Parallel()
	b := newFixture(t, lenient)
	content := bytes.Repeat([]byte("x"), 16<<10)
	for i := range 1000 {
		org := b.AddOrganization(sandbox.Organization{Name: fmt.Sprint("Team ", i)})
		b.AddFile(org.ID, sandbox.File{Type: "classmapping", Name: "a.csv", Content: content})
	}
	b.checkMemory(t)
}

func TestMemoryForALargeFile(t *testing.T) {
	if testing.Short() {
		t.Skip("it moves 200 MiB several times")
	}
	t.Parallel()
	b := newFixture(t, lenient)
	org := b.AddOrganization(sandbox.Organization{Name: "Large"})
	content := []byte(strings.Repeat("0123456789abcde\n", 200<<16))
	b.AddFile(org.ID, sandbox.File{Type: "classmapping", Name: "large.bin", Content: content})
	b.checkMemory(t)
	b.mustExport(t)
	if b.read(t, "files/large/large.bin") != string(content) {
		t.Error("the file isn't the platform's")
	}
}
