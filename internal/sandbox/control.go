package sandbox

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// controlPath is where the sandbox is controlled. It asks for no credentials:
// whoever reaches it may use it.
const controlPath = "/_sandbox"

// controls returns the handler of all below controlPath.
func (s *Server) controls() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+controlPath, s.controlIndex)
	mux.HandleFunc("GET "+controlPath+"/{$}", s.controlIndex)
	mux.HandleFunc("GET "+controlPath+"/requests", s.controlRequests)
	mux.HandleFunc("DELETE "+controlPath+"/requests", emptied(s.ClearRequests))
	mux.HandleFunc("GET "+controlPath+"/faults", s.controlFaults)
	mux.HandleFunc("POST "+controlPath+"/faults", s.controlInject)
	mux.HandleFunc("DELETE "+controlPath+"/faults", emptied(s.ClearFaults))
	mux.HandleFunc("POST "+controlPath+"/revoke-tokens", emptied(s.RevokeTokens))
	mux.HandleFunc("GET "+controlPath+"/openapi.yaml", controlOpenAPI)
	return mux
}

const controlHelp = `The GuardAI sandbox.

The API is under /api/v1. Log in with POST /api/v1/login and one of these keys:
  %s / %s  an administrator
  %s / %s  an ordinary user

What controls the sandbox:
  GET    /_sandbox/openapi.yaml   the API as an OpenAPI document
  GET    /_sandbox/requests       the requests to the API so far
  DELETE /_sandbox/requests       forget them
  GET    /_sandbox/faults         the faults that still have requests to hit
  POST   /_sandbox/faults         make requests to come go wrong, for example
           {"operation": "add_organization", "kind": "drop_after"}
           {"kind": "status", "status": 429, "retry_after": "2", "times": 3}
           {"operation": "get_organization", "kind": "slow", "delay": "5s", "times": -1}
         kinds: %s
         other fields: location, body, skip, every, rate, after_work
  DELETE /_sandbox/faults         take them back
  POST   /_sandbox/revoke-tokens  make every token issued so far invalid
`

func (s *Server) controlIndex(w http.ResponseWriter, _ *http.Request) {
	help := fmt.Sprintf(controlHelp, AdminKeyID, AdminKey, UserKeyID, UserKey, joinKinds())
	writeBody(w, http.StatusOK, "text/plain;charset=UTF-8", []byte(help))
}

func controlOpenAPI(w http.ResponseWriter, _ *http.Request) {
	writeBody(w, http.StatusOK, "application/yaml", OpenAPI)
}

// emptied returns a handler that does something and has nothing to answer.
func emptied(do func()) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		do()
		w.WriteHeader(http.StatusNoContent)
	}
}

// requestJSON is a Request as control shows it.
type requestJSON struct {
	Time          time.Time  `json:"time"`
	Operation     string     `json:"operation"`
	Method        string     `json:"method"`
	Path          string     `json:"path"`
	Query         url.Values `json:"query"`
	Status        int        `json:"status"`
	User          string     `json:"user"`
	RequestBytes  int64      `json:"request_bytes"`
	ResponseBytes int64      `json:"response_bytes"`
	Fault         FaultKind  `json:"fault"`
	UserAgent     string     `json:"user_agent"`
	Duration      string     `json:"duration"`
}

func (s *Server) controlRequests(w http.ResponseWriter, r *http.Request) {
	shown := []requestJSON{}
	for _, request := range s.Requests() {
		shown = append(shown, requestJSON{
			Time: request.Time, Operation: request.Operation, Method: request.Method, Path: request.Path,
			Query: request.Query, Status: request.Status, User: request.User,
			RequestBytes: request.RequestBytes, ResponseBytes: request.ResponseBytes,
			Fault: request.Fault, UserAgent: request.UserAgent, Duration: request.Duration.String(),
		})
	}
	answerControl(w, r, http.StatusOK, shown)
}

// faultJSON is a Fault as control takes and shows it.
type faultJSON struct {
	Operation  string    `json:"operation"`
	Kind       FaultKind `json:"kind"`
	Status     int       `json:"status,omitempty"`
	RetryAfter string    `json:"retry_after,omitempty"`
	Delay      string    `json:"delay,omitempty"`
	Location   string    `json:"location,omitempty"`
	Body       string    `json:"body,omitempty"`
	Skip       int       `json:"skip,omitempty"`
	Times      int       `json:"times,omitempty"`
	Every      int       `json:"every,omitempty"`
	Rate       float64   `json:"rate,omitempty"`
	AfterWork  bool      `json:"after_work,omitempty"`
}

func (f *Fault) json() faultJSON {
	shown := faultJSON{
		Operation: f.Operation, Kind: f.Kind, Status: f.Status, RetryAfter: f.RetryAfter, Location: f.Location,
		Body: f.Body, Skip: f.Skip, Times: f.Times, Every: f.Every, Rate: f.Rate, AfterWork: f.AfterWork,
	}
	if f.Delay != 0 {
		shown.Delay = f.Delay.String()
	}
	return shown
}

func (f faultJSON) fault() (Fault, error) {
	var delay time.Duration
	if f.Delay != "" {
		var err error
		if delay, err = time.ParseDuration(f.Delay); err != nil {
			return Fault{}, &faultError{"delay", fmt.Sprintf("must be a duration such as \"5s\", not %q", f.Delay)}
		}
	}
	return Fault{
		Operation: f.Operation, Kind: f.Kind, Status: f.Status, RetryAfter: f.RetryAfter, Delay: delay,
		Location: f.Location, Body: f.Body, Skip: f.Skip, Times: f.Times, Every: f.Every, Rate: f.Rate,
		AfterWork: f.AfterWork,
	}, nil
}

func (s *Server) controlFaults(w http.ResponseWriter, r *http.Request) {
	shown := []faultJSON{}
	for _, fault := range s.Faults() {
		shown = append(shown, fault.json())
	}
	answerControl(w, r, http.StatusOK, shown)
}

func (s *Server) controlInject(w http.ResponseWriter, r *http.Request) {
	fault, err := s.readFault(w, r)
	if err != nil {
		writeError(w, r, badRequest(err.Error()))
		return
	}
	s.faults.add(fault)
	answerControl(w, r, http.StatusCreated, fault.json())
}

func (s *Server) readFault(w http.ResponseWriter, r *http.Request) (Fault, error) {
	decoder := json.NewDecoder(http.MaxBytesReader(w, r.Body, bodyLimit))
	decoder.DisallowUnknownFields()
	var request faultJSON
	if err := decoder.Decode(&request); err != nil {
		return Fault{}, readableDecodeError(err)
	}
	fault, err := request.fault()
	if err != nil {
		return Fault{}, err
	}
	err = fault.validate(s.operationIDs())
	return fault, err
}

// readableDecodeError says which field of a fault is to blame.
func readableDecodeError(err error) error {
	var wrongType *json.UnmarshalTypeError
	if errors.As(err, &wrongType) && wrongType.Field != "" {
		return &faultError{wrongType.Field, "must not be a JSON " + wrongType.Value}
	}
	return errors.New("the fault can't be read: " + strings.TrimPrefix(err.Error(), "json: "))
}

// answerControl answers with a value; that it has a JSON form is certain.
func answerControl(w http.ResponseWriter, r *http.Request, status int, value any) {
	if err := writeJSON(w, status, value); err != nil {
		writeError(w, r, err)
	}
}
