package guides

import (
	"os"
	"strings"
	"testing"

	"github.com/guardai/terraform-provider-guardai/internal/cli"
)

func newSession(t *testing.T) *Session {
	t.Helper()
	return &Session{
		Folder: &cli.Folder{Dir: t.TempDir(), Env: []string{"PATH=" + os.Getenv("PATH")}},
		keep:   t.TempDir(), host: "http://127.0.0.1:1234",
	}
}

// steps does what blocks say, and returns the error that the last of them ends with.
func (s *Session) steps(t *testing.T, blocks ...Block) error {
	t.Helper()
	for i, block := range blocks {
		if err := s.do(t.Context(), block); err != nil {
			if i < len(blocks)-1 {
				t.Fatal(err)
			}
			return err
		}
	}
	return nil
}

func TestSession(t *testing.T) {
	t.Parallel()
	run := func(text string) Block { return Block{Kind: KindCommands, Text: text} }
	shows := func(text string) Block { return Block{Kind: KindOutput, Text: text} }
	writes := Block{Kind: KindFile, File: "a/b.txt", Text: "one\ntwo\n"}
	edits := func(text string) Block { return Block{Kind: KindEdit, File: "a/b.txt", Text: text} }
	fails := func(code int) Block { return Block{Kind: KindCommands, Text: "exit 3\n", Exit: code} }
	for name, test := range map[string]struct {
		blocks []Block
		want   string
	}{
		"exports and the folder live on": {[]Block{run("mkdir x; cd x; export A='b c'\n"), run("echo $A; basename $PWD\n"), shows("b c\nx\n")}, ""},
		"the first failure ends a block": {[]Block{run("false\ntrue\n")}, "ended with 1"},
		"both outputs count":             {[]Block{run("echo out; echo err >&2\n"), shows("out\nerr\n")}, ""},
		"another output":                 {[]Block{run("echo out\n"), shows("in\n")}, "isn't in the output"},
		"questions are answered":         {[]Block{run("read answer; echo $answer\n"), shows("yes\n")}, ""},
		"the address is the sandbox's":   {[]Block{run("test http://localhost:8082 != http://localhost:\"8082\"; echo http://localhost:8082\n"), shows("http://localhost:8082\n")}, ""},
		"the guides' names count":        {[]Block{run("echo OpenTofu, tofu\n"), shows("Terraform, terraform\n")}, ""},
		"a failure that is expected":     {[]Block{fails(anyFailure)}, ""},
		"an exit code that is expected":  {[]Block{fails(3)}, ""},
		"another exit code":              {[]Block{fails(2)}, "ended with 3"},
		"no failure":                     {[]Block{{Kind: KindCommands, Text: "true\n", Exit: anyFailure}}, "ended with 0"},
		"files":                          {[]Block{writes, run("cat a/b.txt\n"), shows("one\ntwo\n")}, ""},
		"changes":                        {[]Block{writes, edits(" one\n-two\n+three\n"), run("cat a/b.txt\n"), shows("one\nthree\n")}, ""},
		"a change of what isn't there":   {[]Block{writes, edits("-four\n")}, "0 times"},
		"a change of part of a line":     {[]Block{writes, edits("-o\n")}, "0 times"},
		"a change of two places":         {[]Block{{Kind: KindFile, File: "a/b.txt", Text: "x\ny\nx\n"}, edits("-x\n")}, "2 times"},
		"a change without signs":         {[]Block{writes, edits("one\n")}, "must begin with"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := newSession(t).steps(t, test.blocks...)
			if test.want == "" && err != nil {
				t.Error(err)
			}
			if test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
				t.Errorf("got %v, want %s", err, test.want)
			}
		})
	}
}
