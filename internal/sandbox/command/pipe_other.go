//go:build !unix

package command

import "os"

// onPipeClosed does nothing, because this system doesn't report a closed pipe.
func onPipeClosed(*os.File, func()) {}
