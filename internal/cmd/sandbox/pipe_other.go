//go:build !unix

package main

import "os"

// onPipeClosed does nothing where a closed pipe can't be noticed.
func onPipeClosed(*os.File, func()) {}
