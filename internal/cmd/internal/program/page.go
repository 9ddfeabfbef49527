package program

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Page is a Markdown page with a section, between two marker comments, that a program writes.
type Page struct {
	// File is the path. If it is empty, nothing is written.
	File string
	// Name is part of the markers.
	Name string
}

// Page returns a page whose file is relative to the repository, for tests, whose working directory is their package.
func (b *Testbed) Page(file, name string) Page {
	if file != "" && !filepath.IsAbs(file) {
		file = filepath.Join(b.Root, file)
	}
	return Page{File: file, Name: name}
}

func (p Page) markers() (begin, end string) {
	return "<!-- " + p.Name + ": begin -->\n", "<!-- " + p.Name + ": end -->\n"
}

// RegisterPageFlag defines the flag for the page's file.
func RegisterPageFlag(flags *flag.FlagSet, p *Page) {
	flags.StringVar(&p.File, "out", "", "`page` to write the figures to, between its markers")
}

// Check returns an error if Write would fail because of the page's content.
func (p Page) Check() error {
	if p.File == "" {
		return nil
	}
	_, _, err := p.split()
	return err
}

// Write replaces the text between the markers.
func (p Page) Write(report string) error {
	if p.File == "" {
		return nil
	}
	before, after, err := p.split()
	if err != nil {
		return err
	}
	begin, end := p.markers()
	return os.WriteFile(p.File, []byte(before+begin+"\n"+report+"\n"+end+after), 0o600)
}

// split returns the text before the first marker and after the second.
func (p Page) split() (before, after string, err error) {
	page, err := os.ReadFile(p.File)
	if err != nil {
		return "", "", err
	}
	begin, end := p.markers()
	before, rest, begins := strings.Cut(string(page), begin)
	_, after, ends := strings.Cut(rest, end)
	if !begins || !ends {
		return "", "", fmt.Errorf("%s has no lines %q and %q", p.File, strings.TrimSpace(begin), strings.TrimSpace(end))
	}
	return before, after, nil
}
