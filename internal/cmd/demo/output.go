package main

import (
	"bytes"
	"io"
	"strings"
)

// A CLI gives this warning in each command while it takes a provider from a
// development override. The demo explains it once instead.
const (
	noticeBegins = "Warning: Provider development overrides are in effect"
	noticeEnds   = "releases."
	// noticeLines is more than the warning is long. What doesn't end within them isn't
	// the warning as it is known here, and is shown.
	noticeLines = 15
)

// trimmer passes lines on, indented, as soon as they are complete. It leaves out
// rules, blank lines at either end and after blank lines, and the warning about
// development overrides.
type trimmer struct {
	to io.Writer
	// line is a line that isn't complete yet.
	line []byte
	// notice is what was read of the warning.
	notice []string
	// any and blank say whether any line was passed on, and whether a blank one is
	// due before the next.
	any, blank bool
}

func newTrimmer(to io.Writer) *trimmer {
	return &trimmer{to: to}
}

func (t *trimmer) Write(p []byte) (int, error) {
	t.line = append(t.line, p...)
	for {
		line, rest, complete := bytes.Cut(t.line, []byte("\n"))
		if !complete {
			return len(p), nil
		}
		t.line = rest
		if err := t.filter(strings.TrimRight(string(line), " \r")); err != nil {
			return 0, err
		}
	}
}

// flush passes on what isn't complete.
func (t *trimmer) flush() error {
	if err := t.flushNotice(); err != nil {
		return err
	}
	rest := strings.TrimRight(string(t.line), " \r")
	t.line = nil
	return t.pass(rest)
}

func (t *trimmer) filter(line string) error {
	if len(t.notice) == 0 && line != noticeBegins {
		return t.pass(line)
	}
	t.notice = append(t.notice, line)
	if strings.HasSuffix(line, noticeEnds) {
		t.notice = nil
		return nil
	}
	if len(t.notice) > noticeLines {
		return t.flushNotice()
	}
	return nil
}

func (t *trimmer) flushNotice() error {
	lines := t.notice
	t.notice = nil
	return t.pass(lines...)
}

func (t *trimmer) pass(lines ...string) error {
	for _, line := range lines {
		if strings.Trim(line, "─") == "" {
			t.blank = t.any
			continue
		}
		text := "    " + line + "\n"
		if t.blank {
			text = "\n" + text
		}
		t.any, t.blank = true, false
		if _, err := io.WriteString(t.to, text); err != nil {
			return err
		}
	}
	return nil
}
