package sandbox

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"
)

// logLimit is how many requests the log keeps; the oldest go first.
const logLimit = 100_000

// Request is one request to the API as the log keeps it. It holds no header that is a secret, and no body.
type Request struct {
	// Time is when the request was received.
	Time time.Time `json:"time"`
	// Operation is the operation id of the contract, such as "add_organization", and
	// empty for a request that is none.
	Operation string     `json:"operation"`
	Method    string     `json:"method"`
	Path      string     `json:"path"`
	Query     url.Values `json:"query"`
	// Status is 0 while there is no response, and where none was given.
	Status int `json:"status"`
	// User is the uid of who made the request, and empty where that isn't known.
	User string `json:"user"`
	// Fault is the kind of fault that hit the request, and empty for none.
	Fault     FaultKind `json:"fault"`
	UserAgent string    `json:"user_agent"`
	// Duration is how long the response took, and 0 while there is none.
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

func (l *requestLog) change(entry *Request, change func(*Request)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	change(entry)
}

// Requests returns the requests to the API so far, in the order in which they
// came in. Control requests are not among them.
func (s *Server) Requests() []Request {
	s.log.mu.Lock()
	defer s.log.mu.Unlock()
	requests := make([]Request, len(s.log.entries))
	for i, entry := range s.log.entries {
		requests[i] = *entry
	}
	return requests
}

// ClearRequests empties the log.
func (s *Server) ClearRequests() {
	s.log.mu.Lock()
	defer s.log.mu.Unlock()
	s.log.entries = nil
}

// Count returns how many requests of the given operations were received, whatever
// became of them. Without operations it counts all requests in the log.
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

// entryOf returns the log's entry of the request that ctx belongs to. But for the
// Operation it may be read and changed by note alone.
func entryOf(ctx context.Context) *Request {
	entry, _ := ctx.Value(entryKey{}).(*Request)
	return entry
}

// note adds to the log's entry of the request that ctx belongs to.
func (s *Server) note(ctx context.Context, add func(*Request)) { s.log.change(entryOf(ctx), add) }

// logged enters a request in the log when it comes in, so that one that never
// gets a response is there too, and completes the entry at the end.
func (s *Server) logged(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		entry := &Request{
			Time: time.Now(), Operation: s.operationID(r), Method: r.Method, Path: r.URL.Path,
			Query: r.URL.Query(), UserAgent: r.UserAgent(),
		}
		s.log.add(entry)
		defer func() {
			s.log.change(entry, func(entry *Request) { entry.Duration = time.Since(entry.Time) })
		}()
		next.ServeHTTP(&loggingWriter{ResponseWriter: w, log: &s.log, entry: entry}, r.WithContext(context.WithValue(r.Context(), entryKey{}, entry)))
	})
}

// loggingWriter enters a response's status in the log, before the client can know it.
type loggingWriter struct {
	http.ResponseWriter
	log     *requestLog
	entry   *Request
	started bool
}

func (w *loggingWriter) WriteHeader(status int) {
	w.started = true
	w.log.change(w.entry, func(entry *Request) { entry.Status = status })
	w.ResponseWriter.WriteHeader(status)
}

func (w *loggingWriter) Write(p []byte) (int, error) {
	if !w.started {
		w.WriteHeader(http.StatusOK)
	}
	return w.ResponseWriter.Write(p)
}

// Unwrap serves http.ResponseController.
func (w *loggingWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
