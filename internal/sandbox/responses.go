package sandbox

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"
)

// dateTimeLayout is the platform's format of a date-time, such as 2022-03-01T12:00:00.000+00:00.
const dateTimeLayout = "2006-01-02T15:04:05.000-07:00"

func dateTime(t time.Time) string { return t.UTC().Format(dateTimeLayout) }

// apiError is an error that the API reports in the format of a Spring service.
type apiError struct {
	status  int
	message string
}

func (e *apiError) Error() string { return e.message }

func badRequest(message string) error   { return &apiError{http.StatusBadRequest, message} }
func unauthorized(message string) error { return &apiError{http.StatusUnauthorized, message} }
func forbidden(message string) error    { return &apiError{http.StatusForbidden, message} }
func notFound(message string) error     { return &apiError{http.StatusNotFound, message} }

func noEndpoint(r *http.Request) error {
	return notFound("No endpoint " + r.Method + " " + r.URL.Path + ".")
}

func unsupportedMediaType(r *http.Request) error {
	return &apiError{http.StatusUnsupportedMediaType, "Content-Type '" + r.Header.Get("Content-Type") + "' is not supported."}
}

type errorResponse struct {
	Timestamp string `json:"timestamp"`
	Status    int    `json:"status"`
	Error     string `json:"error"`
	Message   string `json:"message"`
	Path      string `json:"path"`
}

// writeError responds with an error. An error that isn't an apiError becomes an internal server error.
func writeError(w http.ResponseWriter, r *http.Request, err error) {
	failure := &apiError{http.StatusInternalServerError, err.Error()}
	errors.As(err, &failure)
	if failure.status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", "Bearer")
	}
	_ = writeJSON(w, failure.status, errorResponse{
		Timestamp: dateTime(time.Now()),
		Status:    failure.status,
		Error:     http.StatusText(failure.status),
		Message:   failure.message,
		Path:      r.URL.Path,
	})
}

// writeJSON responds with value as JSON. If it fails, nothing was written.
func writeJSON(w http.ResponseWriter, status int, value any) error {
	body, err := json.Marshal(value)
	if err != nil {
		return err
	}
	writeBody(w, status, "application/json", body)
	return nil
}

// writeBody responds with a complete body. A client that disconnects is not an error.
func writeBody(w http.ResponseWriter, status int, contentType string, body []byte) {
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	_, _ = w.Write(body)
}

// decodeJSON decodes exactly one JSON value. Numbers become json.Number to keep every digit.
func decodeJSON(r io.Reader, into any) error {
	decoder := json.NewDecoder(r)
	decoder.UseNumber()
	err := decoder.Decode(into)
	if errors.Is(err, io.EOF) {
		return errors.New("the input is empty")
	}
	if err != nil {
		return err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return errors.New("there is data after the JSON value")
	}
	return nil
}

// normalize returns a deep copy of a value by encoding and decoding it as JSON.
func normalize[T any](value T) (T, error) {
	var normal T
	encoded, err := json.Marshal(value)
	if err == nil {
		err = decodeJSON(bytes.NewReader(encoded), &normal)
	}
	return normal, err
}

// mustNormalize is normalize for values from Go code. It panics if the value can't be encoded as JSON.
func mustNormalize[T any](value T) T {
	normal, err := normalize(value)
	if err != nil {
		panic(fmt.Sprintf("sandbox: the value can't be encoded as JSON: %s", err))
	}
	return normal
}
