package sandbox

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"strconv"
)

const (
	htmlPage    = "<!DOCTYPE html>\n<html><head><title>Proxy</title></head><body><h1>Something is in between</h1></body></html>\n"
	garbageBody = `{"id": 1, "name": <oops>`
	// wrongIDOffset is what FaultWrongID adds to an id.
	wrongIDOffset = 1_000_000
)

// faulty has a fault answer the requests that it hits.
func (s *Server) faulty(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fault := s.faults.take(operationOf(r.Context()))
		if fault == nil {
			next.ServeHTTP(w, r)
			return
		}
		noteFault(r.Context(), fault.Kind)
		s.answerFault(fault, next, w, r)
	})
}

// answerFault carries a fault out. A panic with http.ErrAbortHandler is how a
// handler has net/http close the connection.
func (s *Server) answerFault(fault *Fault, next http.Handler, w http.ResponseWriter, r *http.Request) {
	switch fault.Kind {
	case FaultDropBefore:
		panic(http.ErrAbortHandler)
	case FaultDropAfter:
		next.ServeHTTP(&discardWriter{header: http.Header{}}, r)
		panic(http.ErrAbortHandler)
	case FaultSlow:
		s.answerSlowly(fault, next, w, r)
	case FaultCutOff:
		cut := &cutWriter{ResponseWriter: w}
		next.ServeHTTP(cut, r)
		cut.flush()
		panic(http.ErrAbortHandler)
	case FaultMissingID, FaultWrongID:
		recorded := &recorder{header: http.Header{}}
		next.ServeHTTP(recorded, r)
		recorded.changeIDs(fault.Kind == FaultMissingID)
		recorded.replay(w)
	default:
		if fault.AfterWork {
			next.ServeHTTP(&discardWriter{header: http.Header{}}, r)
		}
		drain(r)
		fault.answer(w, r)
	}
}

// answer writes the answer of a fault that has one of its own.
func (f *Fault) answer(w http.ResponseWriter, r *http.Request) {
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
		writeBody(w, max(f.Status, http.StatusOK), "text/html;charset=UTF-8", []byte(orElse(f.Body, htmlPage)))
	case FaultGarbage:
		writeBody(w, http.StatusOK, "application/json", []byte(orElse(f.Body, garbageBody)))
	case FaultEmpty:
		w.WriteHeader(http.StatusOK)
	case FaultRedirect:
		w.Header().Set("Location", f.Location)
		w.WriteHeader(http.StatusFound)
	}
}

func orElse(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

// answerSlowly waits before or after the work. It takes the body in first, since
// net/http notices that a client went away only once the body was read.
func (s *Server) answerSlowly(fault *Fault, next http.Handler, w http.ResponseWriter, r *http.Request) {
	body, err := s.spool.take(r.Body)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	defer body.discard()
	if r.Body, err = body.open(); err != nil {
		panic(http.ErrAbortHandler)
	}
	defer func() { _ = r.Body.Close() }()
	if !fault.AfterWork {
		s.pauseOrAbort(fault, r)
		next.ServeHTTP(w, r)
		return
	}
	recorded := &recorder{header: http.Header{}}
	next.ServeHTTP(recorded, r)
	s.pauseOrAbort(fault, r)
	recorded.replay(w)
}

func (s *Server) pauseOrAbort(fault *Fault, r *http.Request) {
	if !s.pause(r.Context(), fault.Delay) {
		panic(http.ErrAbortHandler)
	}
}

// discardWriter swallows an answer.
type discardWriter struct{ header http.Header }

func (w *discardWriter) Header() http.Header         { return w.header }
func (w *discardWriter) WriteHeader(int)             {}
func (w *discardWriter) Write(p []byte) (int, error) { return len(p), nil }

// recorder keeps an answer to be changed.
type recorder struct {
	header http.Header
	status int
	body   bytes.Buffer
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

// changeIDs drops the ids of a recorded answer, or changes them.
func (w *recorder) changeIDs(drop bool) {
	if w.body.Len() == 0 {
		return
	}
	changed := changeIDs(w.body.Bytes(), drop)
	w.body.Reset()
	w.body.Write(changed)
	w.header.Set("Content-Length", strconv.Itoa(w.body.Len()))
}

// cutWriter passes on half of what the answer's Content-Length announces. An
// answer without a body isn't passed on at all.
type cutWriter struct {
	http.ResponseWriter
	passing bool
	left    int64
}

func (w *cutWriter) WriteHeader(status int) {
	length, _ := strconv.ParseInt(w.Header().Get("Content-Length"), 10, 64)
	if length > 0 {
		w.passing, w.left = true, length/2
		w.ResponseWriter.WriteHeader(status)
	}
}

// flush sends what was passed on, which would be lost with the connection.
func (w *cutWriter) flush() {
	if w.passing {
		_ = http.NewResponseController(w.ResponseWriter).Flush()
	}
}

func (w *cutWriter) Write(p []byte) (int, error) {
	passed := p[:min(int64(len(p)), w.left)]
	w.left -= int64(len(passed))
	if len(passed) == 0 {
		return len(p), nil
	}
	if _, err := w.ResponseWriter.Write(passed); err != nil {
		return 0, err
	}
	return len(p), nil
}

// changeIDs drops the ids of a JSON answer, or changes them. What has no id is
// left as it is.
func changeIDs(body []byte, drop bool) []byte {
	var value any
	if decodeJSON(bytes.NewReader(body), &value) != nil {
		return body
	}
	switch v := value.(type) {
	case map[string]any:
		changeID(v, drop)
	case []any:
		for _, element := range v {
			if object, ok := element.(map[string]any); ok {
				changeID(object, drop)
			}
		}
	case string:
		value = ""
		if !drop {
			value = newRef()
		}
	}
	changed, err := json.Marshal(value)
	if err != nil {
		return body
	}
	return changed
}

func changeID(object map[string]any, drop bool) {
	id, ok := integer(object["id"])
	if !ok {
		return
	}
	if drop {
		delete(object, "id")
		return
	}
	object["id"] = id + wrongIDOffset
}
