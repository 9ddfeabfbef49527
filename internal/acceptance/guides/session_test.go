package guides

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/guardai/terraform-provider-guardai/internal/acceptance"
	"github.com/guardai/terraform-provider-guardai/internal/cli"
	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

// documentedURL is the sandbox's address in the guides.
const documentedURL = "http://localhost:8082"

// checkout is the folder of this repository in the guides, relative to the reader's home.
const checkout = "terraform-provider-guardai"

// Session is a reader's terminal.
type Session struct {
	*cli.Folder
	// home holds what persists between blocks: the environment and the working directory.
	home string
	host string
	// output is the output of the last commands.
	output string
}

// Run follows a guide, and fails the test if anything differs.
func Run(t *testing.T, install *acceptance.Installation, guide *Guide, s *acceptance.Sandbox) *Session {
	t.Helper()
	session := &Session{home: t.TempDir(), host: s.URL}
	session.Folder = &cli.Folder{Dir: t.TempDir(), Env: install.Environ(session.home)}
	session.linkCheckout(t)
	counts := map[Kind]int{}
	for _, block := range guide.Blocks {
		if reason := skipReason(t, block); reason != "" {
			t.Logf("%s:%d: left out: %s", guide.Name, block.Line, reason)
			continue
		}
		counts[block.Kind]++
		if block.Kind == KindNotRun {
			t.Logf("%s:%d: not run: %s", guide.Name, block.Line, block.Reason)
		}
		if err := session.runBlock(t.Context(), block); err != nil {
			t.Fatalf("%s:%d: %v\n\nThe last output was:\n%s", guide.Name, block.Line, err, session.output)
		}
	}
	t.Logf("%s: %d files and %d changes of files, %d blocks of commands, %d of output, %d not run", guide.Name,
		counts[KindFile], counts[KindEdit], counts[KindCommands], counts[KindOutput], counts[KindNotRun])
	return session
}

// skipReason returns why the CLI can't run a block, or "".
func skipReason(t *testing.T, block Block) string {
	t.Helper()
	if block.Needs == "" {
		return ""
	}
	feature, err := cli.ParseFeature(block.Needs)
	if err != nil {
		t.Fatal(err)
	}
	reason, err := acceptance.Feature{Feature: feature}.WhyUnsupported()
	if err != nil {
		t.Fatal(err)
	}
	return reason
}

// Sandbox starts the sandbox that the guide uses.
func (g *Guide) Sandbox(t *testing.T) *acceptance.Sandbox {
	t.Helper()
	seeded := slices.ContainsFunc(g.Blocks, func(block Block) bool {
		return block.Kind == KindSandbox && strings.Contains(block.Text, "-seed")
	})
	return acceptance.NewSandbox(t, func(cfg *sandbox.Config) { cfg.Seed = seeded })
}

// linkCheckout links this repository to where the guides expect it.
func (s *Session) linkCheckout(t *testing.T) {
	t.Helper()
	root, err := filepath.Abs(filepath.Join(Folder, "..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(root, filepath.Join(s.home, checkout)); err != nil {
		t.Fatal(err)
	}
}

func (s *Session) runBlock(ctx context.Context, block Block) error {
	text := strings.ReplaceAll(block.Text, documentedURL, s.host)
	switch block.Kind {
	case KindFile:
		return s.Write(block.File, text)
	case KindEdit:
		return s.edit(block.File, text)
	case KindCommands:
		return s.commands(ctx, text, block.Exit)
	case KindOutput:
		return Compare(block.Text, s.output)
	case KindSandbox, KindNotRun:
	}
	return nil
}

// edit applies a diff without line numbers to a file.
func (s *Session) edit(name, diff string) error {
	var before, after strings.Builder
	for line := range strings.Lines(diff) {
		switch sign, rest := line[:1], line[1:]; sign {
		case "-":
			before.WriteString(rest)
		case "+":
			after.WriteString(rest)
		case " ":
			before.WriteString(rest)
			after.WriteString(rest)
		default:
			return fmt.Errorf("a line of a diff must begin with -, + or a space: %q", line)
		}
	}
	content, err := s.Read(name)
	if err != nil {
		return err
	}
	// With a leading newline, only whole lines match.
	text, lines := "\n"+content, "\n"+before.String()
	if n := strings.Count(text, lines); n != 1 {
		return fmt.Errorf("the old lines occur %[2]d times in %[1]s, not once", name, n)
	}
	return s.Write(name, strings.Replace(text, lines, "\n"+after.String(), 1)[1:])
}

// script runs commands in the environment and folder where the previous block ended.
const script = `[ ! -f "%[1]s/environment" ] || . "%[1]s/environment"
[ ! -f "%[1]s/folder" ] || cd "$(cat "%[1]s/folder")"
trap 'export -p >"%[1]s/environment"; pwd >"%[1]s/folder"' EXIT
%[2]s`

func (s *Session) commands(ctx context.Context, text string, want int) error {
	file := filepath.Join(s.home, "block.sh")
	if err := os.WriteFile(file, fmt.Appendf(nil, script, s.home, text), 0o600); err != nil {
		return err
	}
	command := s.Program(ctx, "sh", "-e", file)
	// A shared writer keeps the lines of both streams in order.
	command.Stdin, command.Stdout, command.Stderr = answerYes{}, io.Discard, io.Discard
	output, err := cli.Capture(command)
	s.output = useDocumentedNames(strings.ReplaceAll(output.Stdout, s.host, documentedURL))
	if err != nil {
		return err
	}
	code := output.ExitCode
	if code == want || want == anyFailure && code > 0 {
		return nil
	}
	return fmt.Errorf("the commands ended with %d", code)
}

// useDocumentedNames replaces OpenTofu's name with Terraform's, which the guides use.
func useDocumentedNames(text string) string {
	return strings.NewReplacer("OpenTofu", "Terraform", "tofu", "terraform").Replace(text)
}

// answerYes answers yes to every prompt.
type answerYes struct{}

func (answerYes) Read(p []byte) (int, error) {
	return copy(p, "yes\n"), nil
}

// ellipsis matches any text within a line.
const ellipsis = "..."

// Compare returns an error for the first line of a guide's output that isn't in the actual output, in order.
func Compare(shown, output string) error {
	lines := cli.Lines(output)
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
