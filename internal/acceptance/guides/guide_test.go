// Package guides runs the documentation's guides as a reader would: it writes the files that a guide shows, runs its
// commands with a real CLI against a sandbox, and compares their output with the guide's. CONTRIBUTING.md explains how
// a guide marks its blocks.
package guides

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// Kind is what to do with a block.
type Kind string

const (
	// KindFile writes a file.
	KindFile Kind = "file"
	// KindEdit changes a file.
	KindEdit Kind = "edit"
	// KindCommands runs commands.
	KindCommands Kind = "commands"
	// KindOutput is the expected output of the commands before it.
	KindOutput Kind = "output"
	// KindSandbox starts a sandbox.
	KindSandbox Kind = "sandbox"
	// KindNotRun is not run, for the reason that the guide states.
	KindNotRun Kind = "not run"
)

// Block is a fenced code block.
type Block struct {
	// Line is the line number of the first line of Text.
	Line int
	Kind Kind
	Text string
	File string
	// Reason is why the block isn't run.
	Reason string
	// Exit is the expected exit code of the commands, or anyFailure.
	Exit int
	// Needs is the CLI versions that can run the block; empty means all.
	Needs string
}

// anyFailure accepts any exit code but 0.
const anyFailure = -1

// Guide is a page with its blocks.
type Guide struct {
	Name   string
	Blocks []Block
}

// Folder is the folder of the guides.
var Folder = filepath.Join("..", "..", "..", "templates", "guides")

// Load parses the guide in a file.
func Load(t testing.TB, name string) *Guide {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(Folder, name)) //nolint:gosec // The test names the file.
	if err != nil {
		t.Fatal(err)
	}
	blocks, err := Parse(string(text))
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return &Guide{Name: name, Blocks: blocks}
}

// hidden begins a comment with commands that the reader doesn't see.
const (
	hidden    = "<!-- run"
	hiddenEnd = "-->"
)

// mark matches a comment that describes the next block.
var mark = regexp.MustCompile(`^<!-- (file|edit|not run|fails|exit code|needs)(?:: (.+))? -->$`)

// reader parses a guide line by line.
type reader struct {
	marks  map[string]string
	fence  string
	block  Block
	lang   string
	blocks []Block
}

// Parse returns the blocks of a guide. It fails if a block's kind is unknown.
func Parse(text string) ([]Block, error) {
	p := &reader{marks: map[string]string{}}
	number := 0
	for line := range strings.Lines(text) {
		number++
		if err := p.line(number, strings.TrimSuffix(line, "\n")); err != nil {
			return nil, fmt.Errorf("line %d: %w", number, err)
		}
	}
	if p.fence != "" {
		return nil, fmt.Errorf("line %d: the block doesn't end", p.block.Line)
	}
	return p.blocks, nil
}

func (p *reader) line(number int, line string) error {
	trimmed := strings.TrimSpace(line)
	switch {
	case p.fence != "" && line == p.fence:
		p.fence = ""
		return p.endBlock()
	case p.fence != "":
		p.block.Text += line + "\n"
	case strings.HasPrefix(trimmed, "```") && trimmed != line:
		return errors.New("a block must not be indented")
	case strings.HasPrefix(line, "```"):
		p.lang = strings.TrimLeft(line, "`")
		p.fence = strings.TrimSuffix(line, p.lang)
		p.block = Block{Line: number + 1}
	case line == hidden:
		p.lang, p.fence, p.block = "shell", hiddenEnd, Block{Line: number + 1}
	case mark.MatchString(line):
		match := mark.FindStringSubmatch(line)
		p.marks[match[1]] = match[2]
	case trimmed != "" && len(p.marks) > 0:
		return errors.New("a mark must come right before a block")
	}
	return nil
}

// endBlock adds the current block.
func (p *reader) endBlock() error {
	b, marks := p.block, p.marks
	p.marks = map[string]string{}
	b.File, b.Reason, b.Needs = marks["file"]+marks["edit"], marks["not run"], marks["needs"]
	if _, fails := marks["fails"]; fails {
		b.Exit = anyFailure
	}
	if code, ok := marks["exit code"]; ok {
		if _, err := fmt.Sscan(code, &b.Exit); err != nil {
			return fmt.Errorf("exit code %q is not a number", code)
		}
	}
	b.Kind = p.kind(b, marks)
	if b.Kind == "" {
		return fmt.Errorf("the guide doesn't mark what to do with this %q block", p.lang)
	}
	if b.Kind == KindOutput {
		b.Needs = p.blocks[len(p.blocks)-1].Needs
	}
	p.blocks = append(p.blocks, b)
	return nil
}

func (p *reader) kind(b Block, marks map[string]string) Kind {
	switch {
	case b.Reason != "":
		return KindNotRun
	case marks["file"] != "":
		return KindFile
	case marks["edit"] != "" && p.lang == "diff":
		return KindEdit
	case p.lang == "shell" && strings.HasPrefix(b.Text, "make sandbox"):
		return KindSandbox
	case p.lang == "shell":
		return KindCommands
	case (p.lang == "console" || p.lang == "text") && p.afterCommands():
		return KindOutput
	}
	return ""
}

func (p *reader) afterCommands() bool {
	if len(p.blocks) == 0 {
		return false
	}
	return slices.Contains([]Kind{KindCommands, KindOutput}, p.blocks[len(p.blocks)-1].Kind)
}
