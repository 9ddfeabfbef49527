package main

import (
	"embed"
	"io/fs"
)

//go:embed examples/modules/organization/*.tf examples/modules/organization/*.md all:examples/gitops
var exampleFiles embed.FS

// examples returns the examples that an export copies.
func examples() fs.FS {
	folder, err := fs.Sub(exampleFiles, "examples")
	if err != nil {
		panic(err) // The name is a constant.
	}
	return folder
}
