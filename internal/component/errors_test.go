package component

import (
	"errors"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
)

func TestAddError(t *testing.T) {
	t.Parallel()
	var diags diag.Diagnostics
	AddError(&diags, "Unable to do it", errors.New("it failed"+"."))
	AddAttributeError(&diags, path.Root("name"), "Unable to do it", errors.New("it failed"))
	want := diag.Diagnostics{
		diag.NewErrorDiagnostic("Unable to do it", "it failed."),
		diag.NewAttributeErrorDiagnostic(path.Root("name"), "Unable to do it", "it failed."),
	}
	if !diags.Equal(want) {
		t.Errorf("got %v, want %v", diags, want)
	}
}
