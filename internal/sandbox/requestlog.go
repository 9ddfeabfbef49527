package sandbox

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"
)

// logLimit is how many requests the log keeps; the oldest go first.
const logLimit = 100_000

// Request is one request to the API as the log keeps it. It holds no header that
// is a secret, and no body.
type Request struct {
	// Time is when the request was received.
	Time time.Time
	// Operation is the operation id of the contract, such as "add_organization", and
	// empty for a request that is none.
	Operation string
	Method    string
	Path      string
	Query     url.Values
	// Status is 0 while there is no answer, and where none was given.
	Status int
	// User is the uid of who made the request, and empty where that isn't known.
	User string
	// RequestBytes and ResponseBytes count the bodies as far as they were transferred.
	RequestBytes  int64
	ResponseBytes int64
	// Fault is the kind of fault that hit the request, and empty for none.
	Fault     FaultKind
	UserAgent string
	// Duration is how long the answer took, and 0 while there is none.
	Duration time.Duration
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

// logging is what a request carries along to be logged.
type logging struct {
	log *requestLog
	// entry is guarded by log, but for its Operation, which never changes.
	entry *Request
}

type loggingKey struct{}

func loggingOf(ctx context.Context) *logging {
	found, _ := ctx.Value(loggingKey{}).(*logging)
	return found
}

func noteUser(ctx context.Context, who *user) {
	if l := loggingOf(ctx); l != nil {
		l.log.change(l.entry, func(entry *Request) { entry.User = who.uid })
	}
}

func noteFault(ctx context.Context, kind FaultKind) {
	if l := loggingOf(ctx); l != nil {
		l.log.change(l.entry, func(entry *Request) { entry.Fault = kind })
	}
}

// operationOf returns the operation that a request is for.
func operationOf(ctx context.Context) string {
	if l := loggingOf(ctx); l != nil {
		return l.entry.Operation
	}
	return ""
}

// logged enters a request in the log when it comes in, so that one that never
// gets an answer is there too, and completes the entry at the end.
func (s *Server) logged(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		entry := &Request{
			Time: time.Now(), Operation: s.operationID(r), Method: r.Method, Path: r.URL.Path,
			Query: r.URL.Query(), UserAgent: r.UserAgent(),
		}
		s.log.add(entry)
		received, sent := &countingBody{ReadCloser: r.Body}, &countingWriter{ResponseWriter: w, log: &s.log, entry: entry}
		defer func() {
			s.log.change(entry, func(entry *Request) {
				entry.ResponseBytes = sent.bytes
				entry.RequestBytes, entry.Duration = received.bytes, time.Since(entry.Time)
			})
		}()
		r = r.WithContext(context.WithValue(r.Context(), loggingKey{}, &logging{&s.log, entry}))
		r.Body = received
		next.ServeHTTP(sent, r)
	})
}

// countingBody counts what is read of a request's body.
type countingBody struct {
	io.ReadCloser
	bytes int64
}

func (b *countingBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.bytes += int64(n)
	return n, err
}

// countingWriter enters an answer's status in the log, before the client can know
// it, and counts the answer's bytes.
type countingWriter struct {
	http.ResponseWriter
	log     *requestLog
	entry   *Request
	started bool
	bytes   int64
}

func (w *countingWriter) WriteHeader(status int) {
	w.started = true
	w.log.change(w.entry, func(entry *Request) { entry.Status = status })
	w.ResponseWriter.WriteHeader(status)
}

func (w *countingWriter) Write(p []byte) (int, error) {
	if !w.started {
		w.WriteHeader(http.StatusOK)
	}
	n, err := w.ResponseWriter.Write(p)
	w.bytes += int64(n)
	return n, err
}

// Unwrap serves http.ResponseController.
func (w *countingWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
