package component

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
)

func TestAddError(t *testing.T) {
	t.Parallel()
	name, id := path.Root("name"), path.Root("id")
	for what, test := range map[string]struct {
		at   path.Path
		err  error
		want diag.Diagnostic
	}{
		"argument of its own":     {name, &ArgumentError{At: id, Summary: "Invalid id", Detail: "It is none."}, diag.NewAttributeErrorDiagnostic(id, "Invalid id", "It is none.")},
		"wrapped argument":        {name, fmt.Errorf("call: %w", &ArgumentError{At: id, Summary: "Invalid id", Detail: "It is none."}), diag.NewAttributeErrorDiagnostic(id, "Invalid id", "It is none.")},
		"refusal":                 {name, &RefusedError{Summary: "In use", Detail: "It is used."}, diag.NewErrorDiagnostic("In use", "It is used.")},
		"error about an argument": {name, errors.New("it failed"), diag.NewAttributeErrorDiagnostic(name, "Unable to do it", "it failed.")},
		"error about none":        {path.Empty(), errors.New("it failed" + "."), diag.NewErrorDiagnostic("Unable to do it", "it failed.")},
	} {
		var diags diag.Diagnostics
		AddError(&diags, test.at, "Unable to do it", test.err)
		if len(diags) != 1 || !diags[0].Equal(test.want) {
			t.Errorf("%s: got %v, want %v", what, diags, test.want)
		}
	}
}

func TestErrorTexts(t *testing.T) {
	t.Parallel()
	for _, err := range []error{&ArgumentError{Summary: "Invalid id", Detail: "It is none."}, &RefusedError{Summary: "Invalid id", Detail: "It is none."}} {
		if got := err.Error(); !strings.Contains(got, "Invalid id") || !strings.Contains(got, "It is none.") {
			t.Errorf("%T: got %q", err, got)
		}
	}
}
