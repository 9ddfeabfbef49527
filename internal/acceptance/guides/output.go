package guides

import (
	"fmt"
	"regexp"
	"strings"
)

// ellipsis stands for any text of a line.
const ellipsis = "..."

// Compare says which line of what a guide shows isn't in what a command wrote, nil
// if all are, in the order in which the guide shows them.
func Compare(shown, wrote string) error {
	lines := plainLines(wrote)
	for _, want := range plainLines(shown) {
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

// plainLines returns the lines that aren't blank, without what differs between
// terminals: white space, and the frame that a CLI draws around its errors.
func plainLines(text string) []string {
	var plain []string
	for line := range strings.Lines(text) {
		line = strings.Join(strings.Fields(strings.TrimLeft(line, "╷│╵ ")), " ")
		if line != "" {
			plain = append(plain, line)
		}
	}
	return plain
}
