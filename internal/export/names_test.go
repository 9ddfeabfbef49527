package export

import (
	"path"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2/hclsyntax"
)

func TestLabel(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"Vision Research": "vision_research", "  A--b__c! ": "a_b_c", "3d maps": "_3d_maps", "Größe": "größe", "視覚": "視覚", "ﬁne": "fine",
		"🚗": "", "": "", "../..": "", "con": "_con", "${x}": "x", strings.Repeat("ab ", 100): strings.Repeat("ab_", 21) + "a",
	} {
		if got := label(name); got != want {
			t.Errorf("label(%q) = %q, want %q", name, got, want)
		}
	}
}

func TestFileName(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"road-users.csv": "road-users.csv", "größe 1.csv": "größe_1.csv", "gro\u0308ße": "größe", "../../x": "_.._.._x", "..": "file", ".": "file", "": "file",
		".git": "_.git", "a/b\\c:d": "a_b_c_d", "NUL.txt": "_NUL.txt", "x. .": "x._", "main.tf": "main.tf_", "a.HCL": "a.HCL_",
		strings.Repeat("n", 10000) + ".csv": strings.Repeat("n", 96) + ".csv", "x." + strings.Repeat("y", 300): "x." + strings.Repeat("y", 98),
	} {
		if got := fileName(name); got != want {
			t.Errorf("fileName(%.40q) = %q, want %q", name, got, want)
		}
	}
}

func TestAssign(t *testing.T) {
	t.Parallel()
	n := newNames()
	n.add("taken")
	got := n.assign([]candidate{{"a", "a_1"}, {"A", "A_2"}, {"b", "b_3"}, {"Taken", "taken_4"}, {"a_1", "a_1_5"}, {"x", "x_6"}, {"x", "x_6"}, {"straße", "straße_7"}, {"STRASSE", "STRASSE_8"}})
	want := []string{"a_1_2", "A_2", "b", "taken_4", "a_1", "x_6", "x_6_2", "straße_7", "STRASSE_8"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func FuzzNames(f *testing.F) {
	for _, name := range []string{"a.csv", "../..", "CON", "\x00\xff", "e\u0301", ".git", "x.tf", strings.Repeat("ü", 500)} {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		made := fileName(name)
		if made != path.Base(made) || made == "." || made == ".." || strings.ContainsAny(made, `/\:*?"<>|$%`) || len(made) > maxFileName+2 || !utf8.ValidString(made) {
			t.Errorf("fileName(%q) = %q", name, made)
		}
		if made := label(name); made != "" && (!hclsyntax.ValidIdentifier(made) || len(made) > maxLabel+1) {
			t.Errorf("label(%q) = %q", name, made)
		}
	})
}
