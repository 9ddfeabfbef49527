package guardai

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

const (
	// maxJSONAnswer bounds the JSON that is read of one answer, in bytes.
	maxJSONAnswer = 64 << 20
	// maxErrorAnswer bounds what is read of an answer that reports an error.
	maxErrorAnswer = 64 << 10
	// maxRefAnswer bounds the reference that an upload answers with.
	maxRefAnswer = 4 << 10
)

// errTooLarge is an answer that goes past the bound it was read with.
var errTooLarge = errors.New("the answer is larger than this client accepts")

// unusable is an answer with a status of success that is not what the contract
// says. It becomes an Error of KindAnswer.
type unusable struct {
	problem string
	err     error
}

func (u *unusable) Error() string {
	if u.err == nil {
		return u.problem
	}
	return u.problem + ": " + u.err.Error()
}

func (u *unusable) Unwrap() error { return u.err }

// readJSON decodes an answer's body into target. Numbers that target holds as
// any keep every digit. An answer that isn't exactly one JSON value is unusable,
// one that ends early is io.ErrUnexpectedEOF.
func readJSON(r reply, target any) error {
	decoder, err := newDecoder(r)
	if err != nil {
		return err
	}
	if err := decoder.Decode(target); err != nil {
		return decodeError(err)
	}
	return readEnd(decoder)
}

// newDecoder returns a decoder of an answer's body.
func newDecoder(r reply) (*json.Decoder, error) {
	if r.isHTML() {
		return nil, &unusable{problem: "it is an HTML page, not JSON; is host the address of the GuardAI API?"}
	}
	decoder := json.NewDecoder(&boundedReader{reader: r.body, left: maxJSONAnswer})
	decoder.UseNumber()
	return decoder, nil
}

// readEnd makes sure that an answer ends after the JSON value that was decoded.
func readEnd(decoder *json.Decoder) error {
	err := decoder.Decode(new(json.RawMessage))
	switch {
	case errors.Is(err, io.EOF):
		return nil
	case err != nil && isReadError(err):
		return decodeError(err)
	}
	return &unusable{problem: "there is more after its JSON value"}
}

// readNothing takes an answer that should be empty. What isn't what it says it is
// comes from something in between: the platform may not have been asked at all.
func readNothing(r reply) error {
	raw, err := io.ReadAll(io.LimitReader(r.body, maxErrorAnswer))
	raw = bytes.TrimSpace(raw)
	switch {
	case err != nil:
		return err
	case len(raw) > 0 && r.isHTML():
		return &unusable{problem: "it is an HTML page; is host the address of the GuardAI API?"}
	case len(raw) > 0 && len(raw) < maxErrorAnswer && isJSON(r.contentType) && !json.Valid(raw):
		return &unusable{problem: "it is not valid JSON"}
	}
	return nil
}

// decodeError tells an answer that is wrong from one that was cut off.
func decodeError(err error) error {
	var typeError *json.UnmarshalTypeError
	var wrong *unusable
	switch {
	case errors.As(err, &wrong):
		return wrong
	case errors.Is(err, io.EOF):
		return &unusable{problem: "it is empty"}
	case errors.Is(err, errTooLarge):
		return &unusable{problem: fmt.Sprintf("it is larger than %d MiB", maxJSONAnswer>>20)}
	case isReadError(err):
		return err
	case errors.As(err, &typeError):
		return &unusable{problem: fmt.Sprintf("its field %q is a JSON %s", typeError.Field, typeError.Value)}
	}
	return &unusable{problem: "it is not valid JSON"}
}

// isReadError says whether err came from the connection and not from what it
// carried.
func isReadError(err error) bool {
	var syntax *json.SyntaxError
	var typeError *json.UnmarshalTypeError
	return !errors.As(err, &syntax) && !errors.As(err, &typeError)
}

// readRef takes the reference that an upload answers with: a JSON string or
// bare text, since the documentation says only "string".
func readRef(r reply, ref *string) error {
	if r.isHTML() {
		return &unusable{problem: "it is an HTML page, not a file reference; is host the address of the GuardAI API?"}
	}
	raw, err := io.ReadAll(&boundedReader{reader: r.body, left: maxRefAnswer})
	if errors.Is(err, errTooLarge) {
		return &unusable{problem: "it is too long for a file reference"}
	}
	if err != nil {
		return err
	}
	*ref, err = parseRef(string(raw))
	return err
}

func parseRef(raw string) (string, error) {
	text := strings.TrimSpace(raw)
	if strings.HasPrefix(text, `"`) {
		var ref string
		if err := json.Unmarshal([]byte(text), &ref); err != nil {
			return "", &unusable{problem: "it is not a valid JSON string"}
		}
		text = ref
	} else if strings.ContainsAny(text, "{}[]<>\r\n") || text == "null" {
		return "", &unusable{problem: "it is not a file reference"}
	}
	if text == "" {
		return "", &unusable{problem: "it holds no file reference"}
	}
	return text, nil
}

func isHTML(contentType string) bool {
	return strings.HasPrefix(strings.ToLower(contentType), "text/html")
}

func isJSON(contentType string) bool {
	return strings.HasPrefix(strings.ToLower(contentType), "application/json")
}

// boundedReader fails with errTooLarge where io.LimitReader would pretend that
// the data ended.
type boundedReader struct {
	reader io.Reader
	left   int64
}

func (b *boundedReader) Read(p []byte) (int, error) {
	if int64(len(p)) > b.left+1 {
		p = p[:b.left+1]
	}
	n, err := b.reader.Read(p)
	b.left -= int64(n)
	if b.left < 0 {
		return n, errTooLarge
	}
	return n, err
}
