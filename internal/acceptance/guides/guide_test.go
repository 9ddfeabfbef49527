package guides_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/guardai/terraform-provider-guardai/internal/acceptance/guides"
)

const page = `# A page

<!-- file: a/main.tf -->
~~~terraform
x = 1
~~~

<!-- edit: a/main.tf -->

~~~diff
-x = 1
+x = 2
~~~

~~~shell
make sandbox ARGS=-seed
~~~

<!-- needs: Terraform 1.14 -->
<!-- exit code: 2 -->
~~~shell
terraform plan
~~~

~~~console
Plan: 1
~~~

<!-- not run: it needs a secret -->
~~~yaml
key: value
~~~

<!-- fails -->
<!-- run
false
-->

~~~text
no
~~~
`

func TestParse(t *testing.T) {
	t.Parallel()
	blocks, err := guides.Parse(fenced(page))
	if err != nil {
		t.Fatal(err)
	}
	want := []guides.Block{
		{Line: 5, Kind: guides.KindFile, Text: "x = 1\n", File: "a/main.tf"},
		{Line: 11, Kind: guides.KindEdit, Text: "-x = 1\n+x = 2\n", File: "a/main.tf"},
		{Line: 16, Kind: guides.KindSandbox, Text: "make sandbox ARGS=-seed\n"},
		{Line: 22, Kind: guides.KindCommands, Text: "terraform plan\n", Exit: 2, Needs: "Terraform 1.14"},
		{Line: 26, Kind: guides.KindOutput, Text: "Plan: 1\n", Needs: "Terraform 1.14"},
		{Line: 31, Kind: guides.KindNotRun, Text: "key: value\n", Reason: "it needs a secret"},
		{Line: 36, Kind: guides.KindCommands, Text: "false\n", Exit: -1},
		{Line: 40, Kind: guides.KindOutput, Text: "no\n"},
	}
	if diff := cmp.Diff(want, blocks); diff != "" {
		t.Error(diff)
	}
}

// fenced writes the fences that a raw string can't hold.
func fenced(text string) string { return strings.ReplaceAll(text, "~~~", "```") }

func TestParseErrors(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ text, want string }{
		"nothing said":       {"~~~terraform\n~~~\n", `line 2: it isn't said what is to be done with this block of "terraform"`},
		"output of nothing":  {"~~~console\n~~~\n", "line 2: it isn't said"},
		"edit without diff":  {"<!-- edit: x -->\n~~~hcl\n~~~\n", "line 3: it isn't said"},
		"indented":           {"- item\n  ~~~shell\n  ~~~\n", "line 2: a block must not be indented"},
		"without end":        {"~~~shell\nls\n", "line 2: the block doesn't end"},
		"mark without block": {"<!-- fails -->\ntext\n", "line 2: a mark must come right before a block"},
		"exit code":          {"<!-- exit code: two -->\n~~~shell\n~~~\n", `line 3: exit code "two" is not a number`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := guides.Parse(fenced(test.text)); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %s", err, test.want)
			}
		})
	}
}

func TestCompare(t *testing.T) {
	t.Parallel()
	const wrote = "\n╷\n│ Error: No\n│\n│   a  b\n╵\nid = 7.\nlast\n"
	for shown, missing := range map[string]string{
		"":                         "",
		"Error: No\n  a b":         "",
		"Error: No\n...\nlast":     "",
		"id = ...":                 "",
		"Error: ...\n...\nid = 7.": "",
		"Error":                    "Error",
		"a b\nError: No":           "Error: No",
		"id = 7x":                  "id = 7x",
		"last\n...\nlast":          "last",
	} {
		err := guides.Compare(shown, wrote)
		switch {
		case missing == "" && err != nil:
			t.Errorf("%q: %v", shown, err)
		case missing != "" && (err == nil || !strings.HasSuffix(err.Error(), `"`+missing+`"`)):
			t.Errorf("%q: got %v, want %q to be missing", shown, err, missing)
		}
	}
}
