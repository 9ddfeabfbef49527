package program

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Page is a page into which a program writes, between two marks.
type Page struct {
	// File is empty where nothing is to be written.
	File string
	// Name is in the marks.
	Name string
}

// Page returns the page of a file below the repository's folder, for tests, which run elsewhere.
func (l *Lab) Page(file, name string) Page {
	if file != "" && !filepath.IsAbs(file) {
		file = filepath.Join(l.Root, file)
	}
	return Page{File: file, Name: name}
}

func (p Page) marks() (begin, end string) {
	return "<!-- " + p.Name + ": begin -->\n", "<!-- " + p.Name + ": end -->\n"
}

// PageFlag defines the flag that names the page's file.
func PageFlag(flags *flag.FlagSet, p *Page) {
	flags.StringVar(&p.File, "out", "", "`page` to write the figures to, between its two marks")
}

// Check says, before there is anything to write, whether Write can do its work.
func (p Page) Check() error {
	if p.File == "" {
		return nil
	}
	_, _, err := p.around()
	return err
}

// Write puts a report between the marks.
func (p Page) Write(report string) error {
	if p.File == "" {
		return nil
	}
	before, after, err := p.around()
	if err != nil {
		return err
	}
	begin, end := p.marks()
	return os.WriteFile(p.File, []byte(before+begin+"\n"+report+"\n"+end+after), 0o600)
}

// around returns what the page holds before its first mark and after its second.
func (p Page) around() (before, after string, err error) {
	page, err := os.ReadFile(p.File)
	if err != nil {
		return "", "", err
	}
	begin, end := p.marks()
	before, rest, begins := strings.Cut(string(page), begin)
	_, after, ends := strings.Cut(rest, end)
	if !begins || !ends {
		return "", "", fmt.Errorf("%s has no lines %q and %q to write between", p.File, strings.TrimSpace(begin), strings.TrimSpace(end))
	}
	return before, after, nil
}
