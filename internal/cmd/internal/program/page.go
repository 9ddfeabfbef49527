package program

import (
	"fmt"
	"os"
	"strings"
)

// Page is a page of the documentation into which a program writes, between two marks.
type Page struct {
	File string
	// Name is in the marks.
	Name string
}

func (p Page) marks() (begin, end string) {
	return "<!-- " + p.Name + ": begin -->\n", "<!-- " + p.Name + ": end -->\n"
}

// Check says, before there is anything to write, whether Write can do its work.
func (p Page) Check() error {
	_, _, err := p.around()
	return err
}

// Write puts a report between the marks.
func (p Page) Write(report string) error {
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
