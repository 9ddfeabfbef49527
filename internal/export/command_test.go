package export

import (
	"flag"
	"os"
	"strings"
	"testing"
)

// The usage describes all flags. The guide describes those that are neither required nor arguments of the provider.
func TestFlagsAreDocumented(t *testing.T) {
	t.Parallel()
	guide, err := os.ReadFile("../../templates/guides/existing-organizations.md")
	if err != nil {
		t.Fatal(err)
	}
	own, _, found := strings.Cut(usage, "Which platform")
	if !found {
		t.Fatal("the usage has no flags for the platform")
	}
	flagSet(&options{}).VisitAll(func(f *flag.Flag) {
		if !strings.Contains(usage, "\n  -"+f.Name) {
			t.Errorf("the usage doesn't describe -%s", f.Name)
		}
		if strings.Contains(own, "\n  -"+f.Name) && f.Name != "out" && !strings.Contains(string(guide), "\n| `-"+f.Name) {
			t.Errorf("existing-organizations.md doesn't describe -%s", f.Name)
		}
	})
}
