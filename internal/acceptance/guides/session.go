package guides

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/guardai/terraform-provider-guardai/internal/acceptance"
	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

// documentedHost is where the guides say that the sandbox is.
const documentedHost = "http://localhost:8082"

// checkout is the folder below the reader's home in which the guides say that a
// checkout of this repository is.
const checkout = "terraform-provider-guardai"

// Session is a reader's terminal: a folder, and what was exported in it.
type Session struct {
	// Dir is the folder in which the session began.
	Dir string
	// keep is a folder for what lives on between commands: the environment and the
	// working folder.
	keep    string
	host    string
	environ []string
	// wrote is what the last commands wrote.
	wrote string
}

// Play does what a guide says, and fails the test where something else comes out.
func Play(t *testing.T, install *acceptance.Installation, guide *Guide, s *acceptance.Sandbox) *Session {
	t.Helper()
	session := &Session{Dir: t.TempDir(), keep: t.TempDir(), host: s.URL}
	session.environ = install.Environ(session.keep)
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
	feature, err := acceptance.ParseFeature(block.Needs)
	if err != nil {
		t.Fatal(err)
	}
	reason, err := feature.Missing()
	if err != nil {
		t.Fatal(err)
	}
	return reason
}

// Sandbox starts the sandbox that the guide tells its reader to start.
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
		return s.write(block.File, text)
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

// Run runs commands on in the session, and returns what they wrote. They must
// succeed.
func (s *Session) Run(t testing.TB, commands string) string {
	t.Helper()
	if err := s.commands(t.Context(), commands, 0); err != nil {
		t.Fatalf("%s: %v\n%s", commands, err, s.wrote)
	}
	return s.wrote
}

func (s *Session) write(name, content string) error {
	file := filepath.Join(s.Dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return err
	}
	return os.WriteFile(file, []byte(content), 0o600) //nolint:gosec // The guide names the file, below the session's own folder.
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
	content, err := os.ReadFile(filepath.Join(s.Dir, filepath.FromSlash(name)))
	if err != nil {
		return err
	}
	// With a line break before it, only whole lines match.
	text, lines := "\n"+string(content), "\n"+before.String()
	if n := strings.Count(text, lines); n != 1 {
		return fmt.Errorf("what is to be changed is in %s %d times, not once", name, n)
	}
	return s.write(name, strings.Replace(text, lines, "\n"+after.String(), 1)[1:])
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
	var wrote bytes.Buffer
	command := exec.CommandContext(ctx, "sh", "-e", file) //nolint:gosec // The guide names the commands.
	command.Dir, command.Env, command.Stdin, command.Stdout, command.Stderr = s.Dir, s.environ, consent{}, &wrote, &wrote
	err := command.Run()
	s.wrote = plainWords(strings.ReplaceAll(wrote.String(), s.host, documentedHost))
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return err
	}
	code := command.ProcessState.ExitCode()
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
