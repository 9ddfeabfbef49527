package sandbox

import (
	"bytes"
	"cmp"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"strconv"
	"strings"
)

const (
	htmlPage    = "<!DOCTYPE html>\n<html><head><title>Proxy</title></head><body><h1>Not the GuardAI API</h1></body></html>\n"
	garbageBody = `{"id": 1, "name": <oops>`
)

// injectFaults applies the next fault that matches a request.
func (s *Server) injectFaults(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fault := s.faults.next(logEntry(r.Context()).Operation)
		if fault == nil {
			next.ServeHTTP(w, r)
			return
		}
		s.annotate(r.Context(), func(entry *Request) { entry.Fault = fault.Kind })
		s.applyFault(fault, next, w, r)
	})
}

// applyFault responds as the fault demands. Panicking with http.ErrAbortHandler makes net/http close the connection.
func (s *Server) applyFault(fault *Fault, next http.Handler, w http.ResponseWriter, r *http.Request) {
	switch fault.Kind {
	case FaultDropBefore:
		panic(http.ErrAbortHandler)
	case FaultDropAfter:
		record(next, r)
		panic(http.ErrAbortHandler)
	case FaultSlow:
		s.respondSlowly(fault, next, w, r)
	case FaultCutOff:
		record(next, r).replayHalf(w)
		panic(http.ErrAbortHandler)
	case FaultMissingID:
		recorded := record(next, r)
		recorded.dropIDs()
		recorded.replay(w)
	default:
		if fault.AfterWork {
			record(next, r)
		}
		drain(r)
		fault.respond(w, r)
	}
}

// respond writes the response of a fault that doesn't depend on the API's own response.
func (f *Fault) respond(w http.ResponseWriter, r *http.Request) {
	if f.RetryAfter != "" {
		w.Header().Set("Retry-After", f.RetryAfter)
	}
	status := cmp.Or(f.Status, http.StatusOK)
	switch f.Kind {
	case FaultStatus:
		if f.Body == "" {
			writeError(w, r, &apiError{f.Status, "Injected fault."})
			return
		}
		f.write(w, status, "application/json", "")
	case FaultHTML:
		f.write(w, status, "text/html;charset=UTF-8", htmlPage)
	case FaultGarbage:
		f.write(w, status, "application/json", garbageBody)
	case FaultEmpty:
		w.WriteHeader(status)
	case FaultRedirect:
		w.Header().Set("Location", f.Location)
		w.WriteHeader(http.StatusFound)
	}
}

// write responds with the fault's body, or with the defaults of its kind.
func (f *Fault) write(w http.ResponseWriter, status int, contentType, body string) {
	writeBody(w, status, cmp.Or(f.ContentType, contentType), []byte(cmp.Or(f.Body, body)))
}

// respondSlowly waits before or after processing the request. It reads the body first, because net/http detects a
// disconnected client only once the body is read.
func (s *Server) respondSlowly(fault *Fault, next http.Handler, w http.ResponseWriter, r *http.Request) {
	body, err := s.state.dir.store(r.Body)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	defer body.discard()
	if r.Body, err = body.open(); err != nil {
		panic(http.ErrAbortHandler)
	}
	defer func() { _ = r.Body.Close() }()
	if !fault.AfterWork {
		s.pause(r.Context(), fault.Delay)
		next.ServeHTTP(w, r)
		return
	}
	recorded := record(next, r)
	s.pause(r.Context(), fault.Delay)
	recorded.replay(w)
}

// recorder buffers a response.
type recorder struct {
	header http.Header
	status int
	body   bytes.Buffer
}

// record processes a request and returns the buffered response.
func record(next http.Handler, r *http.Request) *recorder {
	recorded := &recorder{header: http.Header{}}
	next.ServeHTTP(recorded, r)
	return recorded
}

func (w *recorder) Header() http.Header { return w.header }

func (w *recorder) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
}

func (w *recorder) Write(p []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	return w.body.Write(p)
}

func (w *recorder) replay(to http.ResponseWriter) {
	maps.Copy(to.Header(), w.header)
	w.WriteHeader(http.StatusOK)
	to.WriteHeader(w.status)
	_, _ = io.Copy(to, &w.body)
}

// dropIDs removes the ids from a recorded JSON response or plain text, and leaves any other response unchanged.
func (w *recorder) dropIDs() {
	var changed []byte
	if !strings.HasPrefix(w.header.Get("Content-Type"), "text/plain") {
		var value any
		err := decodeJSON(bytes.NewReader(w.body.Bytes()), &value)
		if err == nil {
			changed, err = json.Marshal(withoutIDs(value))
		}
		if err != nil {
			return
		}
	}
	w.body.Reset()
	w.body.Write(changed)
	w.header.Set("Content-Length", strconv.Itoa(len(changed)))
}

// withoutIDs removes the id of an object or of each object in a list. A string is a file reference.
func withoutIDs(value any) any {
	switch v := value.(type) {
	case string:
		return ""
	case map[string]any:
		delete(v, "id")
	case []any:
		for _, element := range v {
			withoutIDs(element)
		}
	}
	return value
}

// replayHalf sends the first half of the body with the Content-Length of the whole. It sends nothing if there is no
// body.
func (w *recorder) replayHalf(to http.ResponseWriter) {
	if w.body.Len() == 0 {
		return
	}
	w.body.Truncate(w.body.Len() / 2)
	w.replay(to)
	_ = http.NewResponseController(to).Flush() // Otherwise it is lost with the connection.
}
