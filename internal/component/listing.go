package component

import (
	"fmt"
	"slices"
	"strings"
)

// maxListed is how many things a message lists.
const maxListed = 20

// Limited returns the first of what a query has found, as many as it asked for: a
// query without a limit of its own asks for 100.
func Limited[T any](found []T, limit int64) []T {
	return found[:max(0, min(int64(len(found)), limit))]
}

// Join lists things in a message: the first twenty, and how many more there are.
func Join(things []string, separator string) string {
	if len(things) <= maxListed {
		return strings.Join(things, separator)
	}
	shown := slices.Concat(things[:maxListed], []string{fmt.Sprintf("and %d more", len(things)-maxListed)})
	return strings.Join(shown, separator)
}
