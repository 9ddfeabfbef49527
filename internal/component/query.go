package component

import (
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
)

// StreamResults responds to a query with a result for each item, up to the query's limit, or with diags if they contain
// an error.
func StreamResults[T any](req list.ListRequest, stream *list.ListResultsStream, diags diag.Diagnostics, items []T, result func(T) list.ListResult) {
	if diags.HasError() {
		stream.Results = list.ListResultsStreamDiagnostics(diags)
		return
	}
	stream.Results = func(push func(list.ListResult) bool) {
		for _, item := range Truncate(items, req.Limit) {
			if !push(result(item)) {
				return
			}
		}
	}
}

// Truncate returns the first limit results of a query.
func Truncate[T any](results []T, limit int64) []T {
	return results[:max(0, min(int64(len(results)), limit))]
}
