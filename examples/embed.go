// Package examples embeds the examples that an export copies.
package examples

import "embed"

// Files are the module for organizations and the repository for GitOps.
//
//go:embed modules/organization/*.tf modules/organization/*.md all:gitops
var Files embed.FS
