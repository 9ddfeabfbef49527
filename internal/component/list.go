package component

// Limited returns the first of what a query has found, as many as it asked for: a
// query without a limit of its own asks for 100.
func Limited[T any](found []T, limit int64) []T {
	return found[:max(0, min(int64(len(found)), limit))]
}
