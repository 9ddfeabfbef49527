package sandbox

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// controlPath is the root of the control API. It requires no credentials.
const controlPath = "/_sandbox"

// controls returns the handler of the control API.
func (s *Server) controls() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+controlPath, s.controlIndex)
	mux.HandleFunc("GET "+controlPath+"/{$}", s.controlIndex)
	mux.HandleFunc("GET "+controlPath+"/requests", s.controlRequests)
	mux.HandleFunc("DELETE "+controlPath+"/requests", noContent(s.ClearRequests))
	mux.HandleFunc("GET "+controlPath+"/faults", s.controlFaults)
	mux.HandleFunc("POST "+controlPath+"/faults", s.controlInject)
	mux.HandleFunc("DELETE "+controlPath+"/faults", noContent(s.ClearFaults))
	mux.HandleFunc("POST "+controlPath+"/revoke-tokens", noContent(s.RevokeTokens))
	mux.HandleFunc("GET "+controlPath+"/openapi.yaml", controlOpenAPI)
	return mux
}

const controlHelp = `The GuardAI sandbox.

The API is under /api/v1. Log in with POST /api/v1/login and one of these keys:
  %s / %s  an administrator
  %s / %s  an ordinary user

Control API:
  GET    /_sandbox/openapi.yaml   the API as an OpenAPI document
  GET    /_sandbox/requests       the requests to the API so far, oldest first
  DELETE /_sandbox/requests       clear the request log
  GET    /_sandbox/faults         the pending faults
  POST   /_sandbox/faults         inject a fault into later requests, for example
           {"operation": "add_organization", "kind": "drop_after"}
           {"kind": "status", "status": 429, "retry_after": "2", "times": 3}
           {"kind": "status", "status": 404, "content_type": "text/plain", "body": "404 page not found"}
           {"kind": "empty", "status": 503, "after_work": true}
           {"operation": "get_organization", "kind": "slow", "delay": "5s", "times": -1}
         kinds: %s
         other fields: location, every, rate
  DELETE /_sandbox/faults         remove all faults
  POST   /_sandbox/revoke-tokens  invalidate all tokens
`

func (s *Server) controlIndex(w http.ResponseWriter, _ *http.Request) {
	help := fmt.Sprintf(controlHelp, AdminKeyID, AdminKey, UserKeyID, UserKey, joinKinds())
	writeBody(w, http.StatusOK, "text/plain;charset=UTF-8", []byte(help))
}

func controlOpenAPI(w http.ResponseWriter, _ *http.Request) {
	writeBody(w, http.StatusOK, "application/yaml", OpenAPI)
}

// noContent returns a handler that calls do and responds with 204.
func noContent(do func()) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		do()
		w.WriteHeader(http.StatusNoContent)
	}
}

// requestJSON is a Request with a readable duration.
type requestJSON struct {
	Request
	Duration string `json:"duration"`
}

func (s *Server) controlRequests(w http.ResponseWriter, r *http.Request) {
	requests := []requestJSON{}
	for _, request := range s.Requests() {
		requests = append(requests, requestJSON{request, request.Duration.String()})
	}
	writeControl(w, r, http.StatusOK, requests)
}

// faultJSON is a Fault with a readable delay.
type faultJSON struct {
	Fault
	Delay string `json:"delay,omitempty"`
}

func (f *Fault) json() faultJSON {
	converted := faultJSON{Fault: *f}
	if f.Delay != 0 {
		converted.Delay = f.Delay.String()
	}
	return converted
}

func (s *Server) controlFaults(w http.ResponseWriter, r *http.Request) {
	faults := []faultJSON{}
	for _, fault := range s.Faults() {
		faults = append(faults, fault.json())
	}
	writeControl(w, r, http.StatusOK, faults)
}

func (s *Server) controlInject(w http.ResponseWriter, r *http.Request) {
	fault, err := s.readFault(w, r)
	if err != nil {
		writeError(w, r, badRequest(err.Error()))
		return
	}
	s.faults.add(fault)
	writeControl(w, r, http.StatusCreated, fault.json())
}

func (s *Server) readFault(w http.ResponseWriter, r *http.Request) (Fault, error) {
	decoder := json.NewDecoder(http.MaxBytesReader(w, r.Body, bodyLimit))
	decoder.DisallowUnknownFields()
	var request faultJSON
	if err := decoder.Decode(&request); err != nil {
		return Fault{}, readableDecodeError(err)
	}
	if request.Delay != "" {
		var err error
		if request.Fault.Delay, err = time.ParseDuration(request.Delay); err != nil {
			return Fault{}, fmt.Errorf("delay must be a duration such as \"5s\", not %q", request.Delay)
		}
	}
	return request.Fault, request.validate(s.operationIDs())
}

// readableDecodeError names the field that can't be decoded.
func readableDecodeError(err error) error {
	if wrongType, ok := errors.AsType[*json.UnmarshalTypeError](err); ok && wrongType.Field != "" {
		field := wrongType.Field[strings.LastIndex(wrongType.Field, ".")+1:]
		return errors.New(field + " must not be a JSON " + wrongType.Value)
	}
	return errors.New("invalid fault: " + strings.TrimPrefix(err.Error(), "json: "))
}

// writeControl responds with a value as JSON.
func writeControl(w http.ResponseWriter, r *http.Request, status int, value any) {
	if err := writeJSON(w, status, value); err != nil {
		writeError(w, r, err)
	}
}
