package guides

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/guardai/terraform-provider-guardai/internal/acceptance"
	"github.com/guardai/terraform-provider-guardai/internal/cli"
	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

// documentedHost is where the guides say that the sandbox is.
const documentedHost = "http://localhost:8082"

// checkout is the folder below the reader's home in which the guides say that a
// checkout of this repository is.
const checkout = "terraform-provider-guardai"

// Session is a reader's terminal: a folder, and what was exported in it.
type Session struct {
	*cli.Folder
	// keep is a folder for what lives on between commands: the environment and the
	// working folder.
	keep string
	host string
	// wrote is what the last commands wrote.
	wrote string
}

// Play does what a guide says, and fails the test where something else comes out.
func Play(t *testing.T, install *acceptance.Installation, guide *Guide, s *acceptance.Sandbox) *Session {
	t.Helper()
	session := &Session{keep: t.TempDir(), host: s.URL}
	session.Folder = &cli.Folder{Dir: t.TempDir(), Env: install.Environ(session.keep)}
	session.linkCheckout(t)
	counts := map[Kind]int{}
	for _, block := range guide.Blocks {
		if reason := leftOut(t, block); reason != "" {
			t.Logf("%s:%d: left out: %s", guide.Name, block.Line, reason)
			continue
		}
		counts[block.Kind]++
		if block.Kind == KindNotRun {
			t.Logf("%s:%d: not run: %s", guide.Name, block.Line, block.Reason)
		}
		if err := session.do(t.Context(), block); err != nil {
			t.Fatalf("%s:%d: %v\n\nThe last output was:\n%s", guide.Name, block.Line, err, session.wrote)
		}
	}
	t.Logf("%s: %d files and %d changes of files, %d blocks of commands, %d of output, %d not run", guide.Name,
		counts[KindFile], counts[KindEdit], counts[KindCommands], counts[KindOutput], counts[KindNotRun])
	return session
}

// leftOut says why the CLI can't run a block, and nothing where it can.
func leftOut(t *testing.T, block Block) string {
	t.Helper()
	if block.Needs == "" {
		return ""
	}
	feature, err := cli.ParseFeature(block.Needs)
	if err != nil {
		t.Fatal(err)
	}
	reason, err := acceptance.Feature{Feature: feature}.Missing()
	if err != nil {
		t.Fatal(err)
	}
	return reason
}

// Sandbox starts the sandbox that the guide has its reader start.
func (g *Guide) Sandbox(t *testing.T) *acceptance.Sandbox {
	t.Helper()
	seeded := slices.ContainsFunc(g.Blocks, func(block Block) bool {
		return block.Kind == KindSandbox && strings.Contains(block.Text, "-seed")
	})
	return acceptance.NewSandbox(t, func(cfg *sandbox.Config) { cfg.Seed = seeded })
}

// linkCheckout puts this checkout where the guides say that it is.
func (s *Session) linkCheckout(t *testing.T) {
	t.Helper()
	root, err := filepath.Abs(filepath.Join(Folder, "..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(root, filepath.Join(s.keep, checkout)); err != nil {
		t.Fatal(err)
	}
}

func (s *Session) do(ctx context.Context, block Block) error {
	text := strings.ReplaceAll(block.Text, documentedHost, s.host)
	switch block.Kind {
	case KindFile:
		return s.Write(block.File, text)
	case KindEdit:
		return s.edit(block.File, text)
	case KindCommands:
		return s.commands(ctx, text, block.Exit)
	case KindOutput:
		return Compare(block.Text, s.wrote)
	case KindSandbox, KindNotRun:
	}
	return nil
}

// edit replaces lines of a file as a diff without line numbers shows it.
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
			return fmt.Errorf("a line of a change must begin with -, + or a space: %q", line)
		}
	}
	content, err := s.Read(name)
	if err != nil {
		return err
	}
	// With a line break before it, only whole lines match.
	text, lines := "\n"+content, "\n"+before.String()
	if n := strings.Count(text, lines); n != 1 {
		return fmt.Errorf("what is to be changed is in %s %d times, not once", name, n)
	}
	return s.Write(name, strings.Replace(text, lines, "\n"+after.String(), 1)[1:])
}

// script runs a block of commands where the one before it ended.
const script = `[ ! -f "%[1]s/environment" ] || . "%[1]s/environment"
[ ! -f "%[1]s/folder" ] || cd "$(cat "%[1]s/folder")"
trap 'export -p >"%[1]s/environment"; pwd >"%[1]s/folder"' EXIT
%[2]s`

func (s *Session) commands(ctx context.Context, text string, want int) error {
	file := filepath.Join(s.keep, "block.sh")
	if err := os.WriteFile(file, fmt.Appendf(nil, script, s.keep, text), 0o600); err != nil {
		return err
	}
	command := s.Program(ctx, "sh", "-e", file)
	// Both outputs go to one place, so that their lines are in order.
	command.Stdin, command.Stdout, command.Stderr = consent{}, io.Discard, io.Discard
	output, err := cli.Capture(command)
	s.wrote = plainWords(strings.ReplaceAll(output.Stdout, s.host, documentedHost))
	if err != nil {
		return err
	}
	code := output.ExitCode
	if code == want || want == anyFailure && code > 0 {
		return nil
	}
	return fmt.Errorf("the commands ended with %d", code)
}

// plainWords calls every CLI by the name that the guides use.
func plainWords(text string) string {
	return strings.NewReplacer("OpenTofu", "Terraform", "tofu", "terraform").Replace(text)
}

// consent answers every question with yes.
type consent struct{}

func (consent) Read(p []byte) (int, error) {
	return copy(p, "yes\n"), nil
}
