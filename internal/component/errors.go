package component

import (
	"github.com/hashicorp/terraform-plugin-framework/path"
)

// ArgumentError is a value of an argument that can't be used. AddError reports it on
// that argument, in its own words.
type ArgumentError struct {
	At              path.Path
	Summary, Detail string
}

func (e *ArgumentError) Error() string { return e.Summary + ": " + e.Detail }

// RefusedError is an operation that the provider doesn't carry out, to keep
// something safe. AddError reports it in its own words.
type RefusedError struct{ Summary, Detail string }

func (e *RefusedError) Error() string { return e.Summary + ": " + e.Detail }
