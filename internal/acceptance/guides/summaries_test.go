package guides

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// The troubleshooting guide covers the summary of every error and warning.
func TestTroubleshootingNamesEverySummary(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile(filepath.Join(Folder, "troubleshooting.md"))
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Join(strings.Fields(string(page)), " ")
	summaries := providerSummaries(t)
	if len(summaries) < 40 {
		t.Fatalf("only %d summaries were found in the code: %q", len(summaries), summaries)
	}
	for summary, where := range summaries {
		if !strings.Contains(text, summary) {
			t.Errorf("%s: %q is not in templates/guides/troubleshooting.md", where, summary)
		}
	}
}

// providerSummaries returns the constant beginning of every diagnostic summary in the code, with its position.
func providerSummaries(t *testing.T) map[string]token.Position {
	t.Helper()
	summaries := map[string]token.Position{}
	err := filepath.WalkDir(filepath.Join("..", ".."), func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && (entry.Name() == "acceptance" || entry.Name() == "cmd" || entry.Name() == "tools"):
			return filepath.SkipDir
		case filepath.Ext(name) == ".go" && !strings.HasSuffix(name, "_test.go"):
			collectSummaries(t, name, summaries)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return summaries
}

// summaryArgument is the index of the summary among a function's arguments.
var summaryArgument = map[string]int{
	"AddError": 0, "AddAttributeError": 1, "AddAttributeWarning": 1, "AddWarning": 0, "AddRecovered": 1,
	"NewErrorDiagnostic": 0, "NewWarningDiagnostic": 0, "NewAttributeErrorDiagnostic": 1, "NewAttributeWarningDiagnostic": 1,
}

func collectSummaries(t *testing.T, name string, summaries map[string]token.Position) {
	t.Helper()
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, name, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	variables := assignedValues(file)
	ast.Inspect(file, func(node ast.Node) bool {
		argument := summaryOf(node)
		if variable, ok := argument.(*ast.Ident); ok && argument != nil {
			argument = variables[variable.Name]
		}
		if argument == nil {
			return true
		}
		where := files.Position(node.Pos())
		if beginning := literalPrefix(argument); beginning != "" {
			summaries[beginning] = where
		} else {
			t.Errorf("%s: this test can't read the summary", where)
		}
		return true
	})
}

// summaryOf returns the summary in a call, or nil.
func summaryOf(node ast.Node) ast.Expr {
	call, ok := node.(*ast.CallExpr)
	if !ok {
		return nil
	}
	function, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return nil
	}
	at, ok := summaryArgument[function.Sel.Name]
	receiver, isName := function.X.(*ast.Ident)
	if name := function.Sel.Name; isName && receiver.Name == "component" && (name == "AddError" || name == "AddAttributeError") {
		at++ // Their first argument is the diagnostics.
	}
	if !ok || at >= len(call.Args) {
		return nil
	}
	return call.Args[at]
}

// assignedValues returns the values of variables at their declaration.
func assignedValues(file *ast.File) map[string]ast.Expr {
	values := map[string]ast.Expr{}
	ast.Inspect(file, func(node ast.Node) bool {
		if statement, ok := node.(*ast.AssignStmt); ok && len(statement.Lhs) == 1 {
			if variable, ok := statement.Lhs[0].(*ast.Ident); ok {
				values[variable.Name] = statement.Rhs[0]
			}
		}
		return true
	})
	return values
}

// literalPrefix returns the constant text at the beginning of an expression, up to the first verb.
func literalPrefix(expression ast.Expr) string {
	switch e := expression.(type) {
	case *ast.BasicLit:
		text, _ := strconv.Unquote(e.Value)
		text, _, _ = strings.Cut(text, "%")
		return strings.TrimRight(text, ` "`)
	case *ast.BinaryExpr:
		return literalPrefix(e.X)
	case *ast.CallExpr:
		if len(e.Args) > 0 {
			return literalPrefix(e.Args[0])
		}
	}
	return ""
}
