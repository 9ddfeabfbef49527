package guides

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/guardai/terraform-provider-guardai/internal/cli"
)

// ellipsis stands for any text of a line.
const ellipsis = "..."

// Compare says which line of what a guide shows isn't in what a command wrote, nil
// if all are, in the order in which the guide shows them.
func Compare(shown, wrote string) error {
	lines := cli.Lines(wrote)
	for _, want := range cli.Lines(shown) {
		if want == ellipsis {
			continue
		}
		at := find(lines, want)
		if at < 0 {
			return fmt.Errorf("this line isn't in the output, or not after the one before it: %q", want)
		}
		lines = lines[at+1:]
	}
	return nil
}

func find(lines []string, want string) int {
	pattern := regexp.MustCompile("^" + strings.ReplaceAll(regexp.QuoteMeta(want), regexp.QuoteMeta(ellipsis), ".*") + "$")
	for i, line := range lines {
		if pattern.MatchString(line) {
			return i
		}
	}
	return -1
}
