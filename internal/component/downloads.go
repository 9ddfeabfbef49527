package component

import (
	"context"
	"iter"

	"github.com/hashicorp/terraform-plugin-framework/list"
)

// maxDownloads is how many files a query downloads at once, like Terraform's default parallelism.
const maxDownloads = 10

// StreamDownloads is StreamResults for results that take a download each, several of which run at once. A result is nil if
// the object was deleted after it was listed. The first error ends the query.
func StreamDownloads[T any](ctx context.Context, req list.ListRequest, stream *list.ListResultsStream, items []T, result func(context.Context, T) *list.ListResult) {
	stream.Results = func(push func(list.ListResult) bool) {
		for result := range parallelMap(ctx, Truncate(items, req.Limit), maxDownloads, result) {
			if result != nil && (!push(*result) || result.Diagnostics.HasError()) {
				return
			}
		}
	}
}

// parallelMap yields the results of work for each item, in order. It works on at most limit items at once, and at most
// that far ahead of the consumer. When the consumer stops, it cancels the work's context.
func parallelMap[From, To any](ctx context.Context, items []From, limit int, work func(context.Context, From) To) iter.Seq[To] {
	return func(yield func(To) bool) {
		ctx, stop := context.WithCancel(ctx)
		defer stop()
		remaining, inProgress := items, []chan To{}
		for len(remaining) > 0 || len(inProgress) > 0 {
			for len(remaining) > 0 && len(inProgress) < limit {
				item, done := remaining[0], make(chan To, 1)
				go func() { done <- work(ctx, item) }()
				remaining, inProgress = remaining[1:], append(inProgress, done)
			}
			if !yield(<-inProgress[0]) {
				return
			}
			inProgress = inProgress[1:]
		}
	}
}
