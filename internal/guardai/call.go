package guardai

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// call describes one API call: what to send and how to read the answer.
type call struct {
	method string
	// template is the path with {id} in place of the organization's id. It is
	// what logs and errors show, so it holds nothing of the user's.
	template       string
	organizationID int64
	query          url.Values
	contentType    string
	// body opens the request's body anew for each attempt; size is its length in
	// bytes. nil: no body.
	body func() (io.ReadCloser, error)
	size int64
	// prepare is run before each repeated attempt, to make the body anew from
	// what the platform holds by then.
	prepare func(context.Context) error
	// read takes a successful answer. It may run once for each attempt.
	read func(reply) error
	// admin marks the calls that the contract allows to administrators only.
	admin bool
	// repeatable marks a POST that changes nothing, so that it may be retried
	// like a GET.
	repeatable bool
}

// creates says whether carrying the call out twice makes something twice.
func (c *call) creates() bool { return c.method == http.MethodPost && !c.repeatable }

// url is where the call goes below the client's base URL.
func (c *call) url(base *url.URL) *url.URL {
	path := strings.Replace(c.template, "{id}", url.PathEscape(strconv.FormatInt(c.organizationID, 10)), 1)
	u := base.JoinPath(path)
	u.RawQuery = c.query.Encode()
	return u
}

// sendJSON makes v the call's body.
func (c *call) sendJSON(v any) error {
	encoded, err := json.Marshal(v)
	if err != nil {
		return err
	}
	c.contentType = "application/json"
	c.size = int64(len(encoded))
	c.body = func() (io.ReadCloser, error) {
		return io.NopCloser(bytes.NewReader(encoded)), nil
	}
	return nil
}

// reply is an answer of success, as far as reading it takes.
type reply struct {
	contentType string
	// date is the platform's time, zero where it doesn't tell.
	date time.Time
	body io.Reader
}

func newReply(resp *http.Response) reply {
	// What isn't a date is none: the zero time.
	date, _ := http.ParseTime(resp.Header.Get("Date"))
	return reply{contentType: resp.Header.Get("Content-Type"), date: date, body: resp.Body}
}

func (r reply) isHTML() bool { return isHTML(r.contentType) }
