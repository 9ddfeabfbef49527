package main

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/guardai/terraform-provider-guardai/internal/acceptance"
	"github.com/guardai/terraform-provider-guardai/internal/cmd/internal/program"
)

// The picture shows the expected output and is well-formed XML.
func TestRun(t *testing.T) {
	t.Parallel()
	var lines []string
	err := program.WithTestbed(t.Context(), "pictures", acceptance.CLIPath(t), t.Output(), nil, func(testbed *program.Testbed) (err error) {
		lines, err = record(t.Context(), testbed)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	text := stripEscapes(strings.Join(lines, "\n"))
	for _, want := range []string{"plan -out=tfplan", `+ max_item_count     = 100000`, "Apply complete!", "500 -> 100000", "Import successful!", "No changes."} {
		if !strings.Contains(text, want) {
			t.Errorf("the picture doesn't show %q:\n%s", want, text)
		}
	}
	if strings.Contains(text, "development overrides") {
		t.Errorf("the picture shows the warning about development overrides:\n%s", text)
	}
	var picture bytes.Buffer
	if err := draw(&picture, lines); err != nil {
		t.Fatal(err)
	}
	decoder := xml.NewDecoder(&picture)
	for {
		if _, err := decoder.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
}

func TestSpans(t *testing.T) {
	t.Parallel()
	got, after := spans("a\x1b[1m\x1b[32mb\x1b[0m c\x1b[33m", style{})
	want := []span{{text: "a"}, {style{"#3fb950", true}, "b"}, {text: " c"}}
	if !slices.Equal(got, want) || after.color != "#d29922" {
		t.Errorf("got %+v, then %+v", got, after)
	}
	if cut := truncateLine([]span{{text: strings.Repeat("x", columns-1)}, {text: "yz"}, {text: "z"}}); len(cut) != 2 || cut[1].text != "…" {
		t.Errorf("a line that is too long: %+v", cut)
	}
}

func TestEssence(t *testing.T) {
	t.Parallel()
	const output = "\x1b[33m╷\x1b[0m\n│ Warning: Provider development overrides\n\x1b[33m╵\x1b[0m\n\n\x1b[32m\nDone!\x1b[0m\n\n\n  id = (known after apply)\n  end\n──────\nSaved\n"
	got := condense(output)
	if want := []string{"Done!", "", "  end"}; !slices.Equal(strings.Split(stripEscapes(strings.Join(got, "\n")), "\n"), want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if _, after := spans(strings.TrimSuffix(got[0], "\x1b[0m"), style{}); after.color != colors["32"] {
		t.Errorf("the color of an omitted line is lost: %q", got[0])
	}
}
