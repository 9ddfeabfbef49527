package export

import (
	"fmt"
	"path"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2/hclsyntax"
	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// Limits of names, in bytes, to keep paths within the limits of file systems.
const (
	maxLabel    = 64
	maxFileName = 100
)

// label returns a valid HCL identifier for a name, in lower case and any script; empty if none of its characters can be
// in one.
func label(name string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(norm.NFKC.String(name)) {
		switch {
		case unicode.IsLetter(r), unicode.IsDigit(r), unicode.IsMark(r):
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "_"):
			b.WriteByte('_')
		}
		if b.Len() > maxLabel {
			break
		}
	}
	identifier := strings.Trim(truncate(b.String(), maxLabel), "_")
	if identifier != "" && (isReserved(identifier) || !hclsyntax.ValidIdentifier(identifier)) {
		identifier = "_" + identifier
	}
	if !hclsyntax.ValidIdentifier(identifier) {
		return ""
	}
	return identifier
}

// asciiLabel is label in ASCII, for names of files: Terraform's fileset function misses some non-ASCII names.
func asciiLabel(name string) string {
	return label(strings.Map(func(r rune) rune {
		switch {
		case unicode.IsMark(r):
			return -1
		case r > unicode.MaxASCII:
			return ' '
		}
		return r
	}, norm.NFKD.String(name)))
}

// fileName returns a file name on disk for a file on the platform. It is a single, visible path element on every
// operating system.
func fileName(name string) string {
	safe := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) || strings.ContainsRune("._-", r) {
			return r
		}
		return '_'
	}, norm.NFC.String(name))
	extension := path.Ext(safe)
	if len(extension) > maxFileName/4 {
		extension = ""
	}
	safe = truncate(strings.TrimSuffix(safe, extension), maxFileName-len(extension)) + extension
	safe = strings.TrimRight(safe, ".")
	if rewrittenByFmt.MatchString(safe) {
		safe += "_"
	}
	switch {
	case safe == "":
		return "file"
	case strings.HasPrefix(safe, "."), isReserved(safe):
		return "_" + safe
	}
	return safe
}

// rewrittenByFmt matches files that the CLI's fmt -recursive rewrites.
var rewrittenByFmt = regexp.MustCompile(`(?i)\.(tf|tofu|tfvars|hcl)$`)

// reserved matches the device names of Windows, with any extension.
var reserved = regexp.MustCompile(`(?i)^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)`)

func isReserved(name string) bool { return reserved.MatchString(name) }

// truncate cuts text to whole characters within limit bytes.
func truncate(text string, limit int) string {
	for len(text) > limit {
		_, size := utf8.DecodeLastRuneInString(text)
		text = text[:len(text)-size]
	}
	return text
}

// withSuffix inserts a suffix before a file name's extension.
func withSuffix(name, suffix string) string {
	extension := path.Ext(name)
	return strings.TrimSuffix(name, extension) + suffix + extension
}

// names is a set of names that are unique regardless of case.
type names struct {
	fold cases.Caser
	keys map[string]bool
}

func newNames() *names { return &names{cases.Fold(), map[string]bool{}} }

func (n *names) key(name string) string { return n.fold.String(norm.NFKC.String(name)) }

func (n *names) add(name string) { n.keys[n.key(name)] = true }

func (n *names) has(name string) bool { return n.keys[n.key(name)] }

// candidate is a preferred name, and the name to use if that collides.
type candidate struct{ name, distinct string }

// assign returns a name for each candidate. A preferred name goes to the only candidate that has it. Candidates that
// collide all get their distinct names, so the result doesn't depend on their order.
func (n *names) assign(candidates []candidate) []string {
	counts := map[string]int{}
	for _, c := range candidates {
		counts[n.key(c.name)]++
	}
	assigned := make([]string, len(candidates))
	for i, c := range candidates {
		if counts[n.key(c.name)] == 1 && !n.has(c.name) {
			assigned[i] = c.name
			n.add(c.name)
		}
	}
	for i, c := range candidates {
		if assigned[i] == "" {
			assigned[i] = n.free(c.distinct)
			n.add(assigned[i])
		}
	}
	return assigned
}

// free returns name, or the first free variant of it with a number.
func (n *names) free(name string) string {
	variant := name
	for i := 2; n.has(variant); i++ {
		variant = withSuffix(name, fmt.Sprintf("_%d", i))
	}
	return variant
}
