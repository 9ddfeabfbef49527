package sandbox

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"
)

// logLimit is the maximum length of the request log. The oldest entries are dropped first.
const logLimit = 100_000

// Request is an entry of the request log. It contains no body, and the user agent is its only header.
type Request struct {
	Time time.Time `json:"time"`
	// Operation is the operation id, such as "add_organization", or empty for an unknown path or method.
	Operation string     `json:"operation"`
	Method    string     `json:"method"`
	Path      string     `json:"path"`
	Query     url.Values `json:"query"`
	// Status is 0 until there is a response.
	Status int `json:"status"`
	// User is the uid of the authenticated user, or empty.
	User string `json:"user"`
	// Fault is the kind of fault that affected the request, or empty.
	Fault     FaultKind `json:"fault"`
	UserAgent string    `json:"user_agent"`
	// Duration is the time that the request took, or 0 while it is in progress.
	Duration time.Duration `json:"duration"`
}

type requestLog struct {
	mu      sync.Mutex
	entries []*Request
}

func (l *requestLog) add(entry *Request) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.entries) >= logLimit {
		l.entries = slices.Delete(l.entries, 0, logLimit/10)
	}
	l.entries = append(l.entries, entry)
}

func (l *requestLog) update(entry *Request, change func(*Request)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	change(entry)
}

// Requests returns the requests to the API so far, oldest first. The control API is not included.
func (s *Server) Requests() []Request {
	s.log.mu.Lock()
	defer s.log.mu.Unlock()
	requests := make([]Request, len(s.log.entries))
	for i, entry := range s.log.entries {
		requests[i] = *entry
	}
	return requests
}

// ClearRequests clears the log.
func (s *Server) ClearRequests() {
	s.log.mu.Lock()
	defer s.log.mu.Unlock()
	s.log.entries = nil
}

// Count returns how many requests to the given operations were received, whatever their outcome. Without operations, it
// counts all requests.
func (s *Server) Count(operations ...string) int {
	s.log.mu.Lock()
	defer s.log.mu.Unlock()
	count := 0
	for _, entry := range s.log.entries {
		if len(operations) == 0 || slices.Contains(operations, entry.Operation) {
			count++
		}
	}
	return count
}

type entryKey struct{}

// logEntry returns the log entry of the request that ctx belongs to. Only annotate may access its fields, except for
// Operation.
func logEntry(ctx context.Context) *Request {
	entry, _ := ctx.Value(entryKey{}).(*Request)
	return entry
}

// annotate updates the log entry of the request that ctx belongs to.
func (s *Server) annotate(ctx context.Context, add func(*Request)) { s.log.update(logEntry(ctx), add) }

// logRequests logs each request on arrival, so requests without a response are logged too, and completes the entry at
// the end.
func (s *Server) logRequests(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		entry := &Request{
			Time: time.Now(), Operation: s.operationID(r), Method: r.Method, Path: r.URL.Path,
			Query: r.URL.Query(), UserAgent: r.UserAgent(),
		}
		s.log.add(entry)
		defer func() {
			s.log.update(entry, func(entry *Request) { entry.Duration = time.Since(entry.Time) })
		}()
		next.ServeHTTP(&loggingWriter{ResponseWriter: w, log: &s.log, entry: entry}, r.WithContext(context.WithValue(r.Context(), entryKey{}, entry)))
	})
}

// loggingWriter logs a response's status before the client can receive it.
type loggingWriter struct {
	http.ResponseWriter
	log     *requestLog
	entry   *Request
	started bool
}

func (w *loggingWriter) WriteHeader(status int) {
	w.started = true
	w.log.update(w.entry, func(entry *Request) { entry.Status = status })
	w.ResponseWriter.WriteHeader(status)
}

func (w *loggingWriter) Write(p []byte) (int, error) {
	if !w.started {
		w.WriteHeader(http.StatusOK)
	}
	return w.ResponseWriter.Write(p)
}

// Unwrap is for http.ResponseController.
func (w *loggingWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
