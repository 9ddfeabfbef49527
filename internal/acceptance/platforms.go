package acceptance

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"

	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

// The functions in this file return changes of a sandbox, which then behaves like a platform that isn't exact or quick.

func intercepting(handle func(next http.Handler, w http.ResponseWriter, r *http.Request)) func(*sandbox.Config) {
	return func(cfg *sandbox.Config) {
		inner := cfg.Middleware
		cfg.Middleware = func(api http.Handler) http.Handler {
			next := inner(api)
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { handle(next, w, r) })
		}
	}
}

func isDownload(r *http.Request) bool {
	return r.Method == http.MethodGet && strings.HasSuffix(r.URL.Path, "/file")
}

// Storing makes the platform store one text in place of another in the names and contents of files.
func Storing(stored, sent string) func(*sandbox.Config) {
	return intercepting(func(next http.Handler, w http.ResponseWriter, r *http.Request) {
		query := r.URL.Query()
		if query.Has("name") {
			query.Set("name", strings.ReplaceAll(query.Get("name"), sent, stored))
			r.URL.RawQuery = query.Encode()
		}
		body, _ := io.ReadAll(r.Body)
		body = bytes.ReplaceAll(body, []byte(sent), []byte(stored))
		r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
		next.ServeHTTP(w, r)
	})
}

// LabelingDownloads makes the platform send files with a Content-Encoding header, whatever their content.
func LabelingDownloads(encoding string) func(*sandbox.Config) {
	return intercepting(func(next http.Handler, w http.ResponseWriter, r *http.Request) {
		if isDownload(r) {
			w.Header().Set("Content-Encoding", encoding)
		}
		next.ServeHTTP(w, r)
	})
}

// BeforeDownloads calls a function with the reference of a file before it is downloaded.
func BeforeDownloads(call func(ref string)) func(*sandbox.Config) {
	return intercepting(func(next http.Handler, w http.ResponseWriter, r *http.Request) {
		if isDownload(r) {
			call(r.URL.Query().Get("ref"))
		}
		next.ServeHTTP(w, r)
	})
}

// ReadingLate makes the platform repeat an earlier response to the given number of reads of its only organization,
// which it counts down. Calls must not be concurrent.
func ReadingLate(stale *atomic.Int64) func(*sandbox.Config) {
	var last *httptest.ResponseRecorder
	return intercepting(func(next http.Handler, w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet || strings.HasSuffix(r.URL.Path, "/file") {
			next.ServeHTTP(w, r)
			return
		}
		if last == nil || stale.Load() == 0 {
			last = httptest.NewRecorder()
			next.ServeHTTP(last, r)
		} else {
			stale.Add(-1)
		}
		w.Header().Set("Content-Type", last.Header().Get("Content-Type"))
		_, _ = w.Write(last.Body.Bytes())
	})
}
