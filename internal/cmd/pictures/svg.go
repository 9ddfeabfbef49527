package main

import (
	"encoding/xml"
	"fmt"
	"io"
	"regexp"
	"strings"
	"unicode/utf8"
)

// A background of its own makes the picture legible on light and dark pages.
const (
	background = "#161b22"
	foreground = "#e6edf3"
	titleBar   = "#21262d"

	fontSize   = 13.0
	charWidth  = 7.83
	lineHeight = 18.0
	margin     = 20.0
	barHeight  = 34.0
	columns    = 80
)

// colors maps the color codes of escape sequences.
var colors = map[string]string{
	"31": "#ff7b72", "32": "#3fb950", "33": "#d29922", "34": "#79c0ff", "35": "#d2a8ff", "36": "#39c5cf", "90": "#8b949e",
}

var escape = regexp.MustCompile("\x1b\\[([0-9;]*)m")

// stripEscapes removes escape sequences.
func stripEscapes(text string) string { return escape.ReplaceAllString(text, "") }

// style is the style of text.
type style struct {
	color string
	bold  bool
}

// apply returns the style after an escape sequence with the given codes.
func (s style) apply(codes string) style {
	for code := range strings.SplitSeq(codes, ";") {
		switch {
		case code == "" || code == "0":
			s = style{}
		case code == "1":
			s.bold = true
		case colors[code] != "":
			s.color = colors[code]
		}
	}
	return s
}

// span is text with one style.
type span struct {
	style
	text string
}

// spans splits a line at its escape sequences, and returns the style at its end.
func spans(line string, current style) ([]span, style) {
	var found []span
	for line != "" {
		at := escape.FindStringSubmatchIndex(line)
		if at == nil {
			return append(found, span{current, line}), current
		}
		if at[0] > 0 {
			found = append(found, span{current, line[:at[0]]})
		}
		current = current.apply(line[at[2]:at[3]])
		line = line[at[1]:]
	}
	return found, current
}

// draw writes the lines of a terminal as SVG.
func draw(w io.Writer, lines []string) error {
	width, height := 2*margin+columns*charWidth, barHeight+margin+float64(len(lines))*lineHeight+margin/2
	fmt.Fprintf(w, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %.0f %.0f" width="%.0f" height="%.0f" role="img"`+
		` font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono','Liberation Mono',monospace" font-size="%.0f">`+"\n",
		width, height, width, height, fontSize)
	fmt.Fprintf(w, "<title>A plan, an apply, drift that a plan finds, and an import that plans to nothing</title>\n")
	fmt.Fprintf(w, `<rect width="100%%" height="100%%" rx="8" fill="%s"/>`+"\n", background)
	fmt.Fprintf(w, `<path d="M0 %.0fV8a8 8 0 0 1 8-8h%.0fa8 8 0 0 1 8 8v%.0fz" fill="%s"/>`+"\n", barHeight, width-16, barHeight-8, titleBar)
	for i, fill := range []string{"#ff5f57", "#febc2e", "#28c840"} {
		fmt.Fprintf(w, `<circle cx="%d" cy="%.0f" r="6" fill="%s"/>`+"\n", 22+20*i, barHeight/2, fill)
	}
	var current style
	for i, line := range lines {
		var parts []span
		parts, current = spans(line, current)
		if err := drawLine(w, barHeight+margin+float64(i)*lineHeight+fontSize/2, truncateLine(parts)); err != nil {
			return err
		}
	}
	_, err := io.WriteString(w, "</svg>\n")
	return err
}

// drawLine positions each span by its column, so columns align in any font.
func drawLine(w io.Writer, y float64, parts []span) error {
	column := 0
	for _, part := range parts {
		begin, count := column, utf8.RuneCountInString(part.text)
		column += count
		text := strings.TrimLeft(part.text, " ")
		begin += count - utf8.RuneCountInString(text)
		if text = strings.TrimRight(text, " "); text == "" {
			continue
		}
		fill, weight := part.color, ""
		if fill == "" {
			fill = foreground
		}
		if part.bold {
			weight = ` font-weight="bold"`
		}
		fmt.Fprintf(w, `<text x="%.2f" y="%.1f" fill="%s"%s textLength="%.2f" xml:space="preserve">`,
			margin+float64(begin)*charWidth, y, fill, weight, float64(utf8.RuneCountInString(text))*charWidth)
		if err := xml.EscapeText(w, []byte(text)); err != nil {
			return err
		}
		fmt.Fprintln(w, "</text>")
	}
	return nil
}

// truncateLine truncates a line to the width of the terminal.
func truncateLine(parts []span) []span {
	left := columns
	for i, part := range parts {
		runes := []rune(part.text)
		if len(runes) > left {
			parts[i].text = string(runes[:left-1]) + "…"
			return parts[:i+1]
		}
		left -= len(runes)
	}
	return parts
}
