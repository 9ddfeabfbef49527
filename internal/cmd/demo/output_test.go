package main

import (
	"bytes"
	"io"
	"strings"
	"testing"
)

const warning = `
Warning: Provider development overrides are in effect

The following provider development overrides are set in the CLI
configuration:
 - guardai/guardai in /tmp/provider

applying changes may cause the state to become incompatible with published
releases.
`

func TestTrimmer(t *testing.T) {
	for name, test := range map[string]struct{ in, want string }{
		"indents":                     {"a\n  b\n", "    a\n      b\n"},
		"keeps one blank line":        {"a\n\n\n\nb\n", "    a\n\n    b\n"},
		"drops blank lines at ends":   {"\n\na\n\n", "    a\n"},
		"drops rules":                 {"a\n─────\nb\n", "    a\n\n    b\n"},
		"passes on an unfinished one": {"a\nb", "    a\n    b\n"},
		"drops the warning":           {"a\n" + warning + "b\n", "    a\n\n    b\n"},
		"keeps other warnings":        {"Warning: Deprecated\n\nof old releases.\n", "    Warning: Deprecated\n\n    of old releases.\n"},
		"keeps an error after the warning": {
			warning + "\nError: Invalid value\n", "    Error: Invalid value\n",
		},
		"keeps a warning that ends otherwise": {
			noticeBegins + "\nError: x\n", "    " + noticeBegins + "\n    Error: x\n",
		},
		"keeps a warning that is too long": {
			noticeBegins + "\n" + strings.Repeat("x\n", noticeLines+1) + "of releases.\n",
			"    " + noticeBegins + "\n" + strings.Repeat("    x\n", noticeLines+1) + "    of releases.\n",
		},
	} {
		t.Run(name, func(t *testing.T) {
			// However the output is cut up, the result is the same.
			for size := 1; size <= len(test.in); size++ {
				var out bytes.Buffer
				trimmer := newTrimmer(&out)
				if _, err := io.CopyBuffer(struct{ io.Writer }{trimmer}, struct{ io.Reader }{strings.NewReader(test.in)}, make([]byte, size)); err != nil {
					t.Fatal(err)
				}
				if err := trimmer.flush(); err != nil {
					t.Fatal(err)
				}
				if out.String() != test.want {
					t.Fatalf("in pieces of %d: %q, want %q", size, out.String(), test.want)
				}
			}
		})
	}
}
