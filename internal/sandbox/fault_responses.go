package sandbox

import (
	"bytes"
	"cmp"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"strconv"
)

const (
	htmlPage    = "<!DOCTYPE html>\n<html><head><title>Proxy</title></head><body><h1>Something is in between</h1></body></html>\n"
	garbageBody = `{"id": 1, "name": <oops>`
)

// faulty has a fault respond to the requests that it hits.
func (s *Server) faulty(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fault := s.faults.take(entryOf(r.Context()).Operation)
		if fault == nil {
			next.ServeHTTP(w, r)
			return
		}
		s.note(r.Context(), func(entry *Request) { entry.Fault = fault.Kind })
		s.carryOut(fault, next, w, r)
	})
}

// carryOut carries a fault out. A panic with http.ErrAbortHandler is how a handler has net/http close the connection.
func (s *Server) carryOut(fault *Fault, next http.Handler, w http.ResponseWriter, r *http.Request) {
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

// respond writes the response of a fault that has one of its own.
func (f *Fault) respond(w http.ResponseWriter, r *http.Request) {
	if f.RetryAfter != "" {
		w.Header().Set("Retry-After", f.RetryAfter)
	}
	switch f.Kind {
	case FaultStatus:
		if f.Body != "" {
			writeBody(w, f.Status, "application/json", []byte(f.Body))
			return
		}
		writeError(w, r, &apiError{f.Status, "Injected fault."})
	case FaultHTML:
		writeBody(w, max(f.Status, http.StatusOK), "text/html;charset=UTF-8", []byte(cmp.Or(f.Body, htmlPage)))
	case FaultGarbage:
		writeBody(w, http.StatusOK, "application/json", []byte(cmp.Or(f.Body, garbageBody)))
	case FaultEmpty:
		w.WriteHeader(http.StatusOK)
	case FaultRedirect:
		w.Header().Set("Location", f.Location)
		w.WriteHeader(http.StatusFound)
	}
}

// respondSlowly waits before or after the work. It takes the body in first, since
// net/http notices that a client went away only once the body was read.
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

// recorder keeps a response.
type recorder struct {
	header http.Header
	status int
	body   bytes.Buffer
}

// record carries a request out and returns the response to it.
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

// dropIDs drops the ids of a recorded response.
func (w *recorder) dropIDs() {
	if w.body.Len() == 0 {
		return
	}
	changed := withoutIDs(w.body.Bytes())
	w.body.Reset()
	w.body.Write(changed)
	w.header.Set("Content-Length", strconv.Itoa(w.body.Len()))
}

// replayHalf sends the first half of the response, whose Content-Length is that of
// all of it. A response without a body isn't sent at all.
func (w *recorder) replayHalf(to http.ResponseWriter) {
	if w.body.Len() == 0 {
		return
	}
	w.body.Truncate(w.body.Len() / 2)
	w.replay(to)
	_ = http.NewResponseController(to).Flush() // It would be lost with the connection.
}

// withoutIDs drops the ids of a JSON response. What has no id is left as it is.
func withoutIDs(body []byte) []byte {
	var value any
	if decodeJSON(bytes.NewReader(body), &value) != nil {
		return body
	}
	switch v := value.(type) {
	case map[string]any:
		delete(v, "id")
	case []any:
		for _, element := range v {
			if object, ok := element.(map[string]any); ok {
				delete(object, "id")
			}
		}
	case string:
		value = ""
	}
	changed, err := json.Marshal(value)
	if err != nil {
		return body
	}
	return changed
}
