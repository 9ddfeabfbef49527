package guides

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	goversion "github.com/hashicorp/go-version"
)

// product is a CLI and its version.
type product struct {
	name    string
	version *goversion.Version
}

// firstLine is how a CLI begins to tell its version.
var firstLine = regexp.MustCompile(`^(\w+) v(\S+)`)

// testedCLI is the CLI of a session.
func testedCLI(t *testing.T, s *Session) product {
	t.Helper()
	file := filepath.Join(s.keep, "version")
	s.Run(t, "terraform version >'"+file+"'")
	text, err := os.ReadFile(file) //nolint:gosec // The path is the session's own.
	if err != nil {
		t.Fatal(err)
	}
	found := firstLine.FindStringSubmatch(string(text))
	if found == nil {
		t.Fatalf("the CLI doesn't tell its version: %q", text)
	}
	return product{found[1], goversion.Must(goversion.NewVersion(found[2]))}
}

// meets says whether a CLI is one of those that a mark names, such as
// "Terraform 1.12, OpenTofu 1.11", or newer. No mark is met by all.
func (p product) meets(t *testing.T, needs string) bool {
	t.Helper()
	if needs == "" {
		return true
	}
	for need := range strings.SplitSeq(needs, ", ") {
		name, version, found := strings.Cut(need, " ")
		oldest, err := goversion.NewVersion(version)
		if !found || err != nil {
			t.Fatalf("this names no version of a CLI: %q", needs)
		}
		if name == p.name && p.version.Core().GreaterThanOrEqual(oldest) {
			return true
		}
	}
	return false
}
