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

// Limits of names, in bytes, so that paths stay within what file systems take.
const (
	maxLabel    = 64
	maxFileName = 100
)

// label makes an identifier of HCL from a name, in small letters of any script. It is
// empty where nothing of the name can be in one.
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
	made := strings.Trim(shortened(b.String(), maxLabel), "_")
	if made != "" && (isReserved(made) || !hclsyntax.ValidIdentifier(made)) {
		made = "_" + made
	}
	if !hclsyntax.ValidIdentifier(made) {
		return ""
	}
	return made
}

// fileName makes the name of a file on disk from that of a file on the platform. It is
// one element of a path on every system, never hidden and never empty.
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
	safe = shortened(strings.TrimSuffix(safe, extension), maxFileName-len(extension)) + extension
	safe = strings.TrimRight(safe, ".")
	if formatted.MatchString(safe) {
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

// formatted are the names of files that the CLI's fmt -recursive would rewrite.
var formatted = regexp.MustCompile(`(?i)\.(tf|tofu|tfvars|hcl)$`)

// reserved are the names that Windows keeps for devices, with any extension.
var reserved = regexp.MustCompile(`(?i)^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)`)

func isReserved(name string) bool { return reserved.MatchString(name) }

// shortened is the beginning of a text, of whole characters.
func shortened(text string, limit int) string {
	for len(text) > limit {
		_, size := utf8.DecodeLastRuneInString(text)
		text = text[:len(text)-size]
	}
	return text
}

// withSuffix puts a suffix before the extension of a file's name.
func withSuffix(name, suffix string) string {
	extension := path.Ext(name)
	return strings.TrimSuffix(name, extension) + suffix + extension
}

// names keeps names apart, even where upper and lower case don't count.
type names struct {
	fold  cases.Caser
	taken map[string]bool
}

func newNames() *names { return &names{cases.Fold(), map[string]bool{}} }

func (n *names) key(name string) string { return n.fold.String(norm.NFKC.String(name)) }

func (n *names) take(name string) { n.taken[n.key(name)] = true }

func (n *names) isTaken(name string) bool { return n.taken[n.key(name)] }

// wish is what something should be called, and what where that collides.
type wish struct{ name, distinct string }

// assign names things. A name that only one of them wishes for is that one's; of those
// that collide, each gets its distinct name, however they are ordered.
func (n *names) assign(wishes []wish) []string {
	counts := map[string]int{}
	for _, w := range wishes {
		counts[n.key(w.name)]++
	}
	assigned := make([]string, len(wishes))
	for i, w := range wishes {
		if counts[n.key(w.name)] == 1 && !n.isTaken(w.name) {
			assigned[i] = w.name
			n.take(w.name)
		}
	}
	for i, w := range wishes {
		if assigned[i] == "" {
			assigned[i] = n.free(w.distinct)
			n.take(assigned[i])
		}
	}
	return assigned
}

// free is a name, or the first with a number after it that nothing has.
func (n *names) free(name string) string {
	candidate := name
	for i := 2; n.isTaken(candidate); i++ {
		candidate = withSuffix(name, fmt.Sprintf("_%d", i))
	}
	return candidate
}
