package filecontent

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// The warning of a plan and the error of an apply explain why a source isn't found.
func TestHintsAboutAMissingSource(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	decomposed, composed := "e\u0301.csv", "\u00e9.csv"
	writeSource(t, filepath.Join(folder, decomposed), "x")
	for name, test := range map[string]struct{ source, want string }{
		"home folder":  {"~/maps/road.csv", `write pathexpand("~/maps/road.csv")`},
		"decomposed":   {filepath.Join(folder, composed), `e\u0301.csv": Terraform passes names in composed form`},
		"other reason": {filepath.Join(folder, "e.csv"), "e.csv"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			arguments := Arguments{Source: types.StringValue(test.source), Content: types.StringNull(), ContentBase64: types.StringNull()}
			var warnings, errors diag.Diagnostics
			sum, size := arguments.Plan(t.Context(), types.StringNull(), types.Int64Null(), &warnings)
			if !sum.IsUnknown() || !size.IsUnknown() || warnings.WarningsCount() != 1 || warnings.HasError() {
				t.Fatalf("the plan has %v and %v, with %v", sum, size, warnings)
			}
			if _, ok := arguments.ForUpload(t.Context(), sum, size, &errors); ok || errors.ErrorsCount() != 1 {
				t.Fatalf("the apply has %v", errors)
			}
			for _, got := range append(warnings, errors...) {
				hinted := strings.Contains(got.Detail(), "pathexpand") || strings.Contains(got.Detail(), "Terraform passes")
				if !strings.Contains(got.Detail(), test.want) || hinted != (name != "other reason") {
					t.Errorf("got %q", got.Detail())
				}
			}
		})
	}
}

func TestMediaType(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"a.csv": "text/csv", "A.CSV": "text/csv", "a.csv.gz": "application/gzip", "a.JSON": "application/json", "a.yml": "application/yaml",
		"a.tiff": "image/tiff", "a": "application/octet-stream", "a.unknown": "application/octet-stream", "csv": "application/octet-stream",
	} {
		if got := MediaType(name); got != want {
			t.Errorf("%s: got %s, want %s", name, got, want)
		}
	}
}
