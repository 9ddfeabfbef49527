package rest

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

const (
	// MaxJSON limits the size of a JSON response, in bytes.
	MaxJSON = 64 << 20
	// maxErrorBody limits how much of an error response is read, in bytes.
	maxErrorBody = 64 << 10
)

// byteOrderMark may precede JSON, which RFC 8259 lets a parser ignore.
const byteOrderMark = "\uFEFF"

// InvalidResponseError is what a decode function returns for a successful response whose content is invalid. Fetch
// turns it into an *Error; other errors of a decode function are returned unchanged. Problem continues a sentence about
// the response and has no full stop.
type InvalidResponseError struct{ Problem string }

func (e *InvalidResponseError) Error() string { return e.Problem }

var (
	errHTMLPage = &InvalidResponseError{Problem: "it is an HTML page; is host the address of the GuardAI API?"}
	errNotJSON  = &InvalidResponseError{Problem: "it is not valid JSON"}
	errTooLarge = &InvalidResponseError{Problem: fmt.Sprintf("it is larger than %d MiB", MaxJSON>>20)}
)

// DecodeJSON decodes a response that is exactly one JSON value. Numbers decoded into an interface keep all digits.
func DecodeJSON[T any](r *Response) (T, error) {
	var value T
	decoder, err := newDecoder(r)
	if err == nil {
		err = decoder.Decode(&value)
	}
	if err == nil {
		err = expectEnd(decoder)
	}
	if err != nil {
		var none T
		return none, r.decodeError(err)
	}
	return value, nil
}

// DecodeList decodes a response that is a JSON array, as strictly as DecodeJSON. It converts each element as soon as it
// is decoded, so that discarded parts don't take up memory. The result is nil only for null, which is invalid as an
// element.
func DecodeList[T, U any](r *Response, convert func(T) (U, error)) ([]U, error) {
	list := []U{}
	decoder, err := newDecoder(r)
	if err != nil {
		return nil, err
	}
	first, err := decoder.Token()
	switch {
	case err != nil:
		return nil, r.decodeError(err)
	case first == nil:
		return nil, r.decodeError(expectEnd(decoder))
	case first != json.Delim('['):
		return nil, &InvalidResponseError{Problem: "it is not a JSON array"}
	}
	for decoder.More() {
		var element *T
		if err := decoder.Decode(&element); err != nil {
			return nil, r.decodeError(truncated(err))
		}
		if element == nil {
			return nil, &InvalidResponseError{Problem: "one of the elements of its JSON array is null"}
		}
		converted, err := convert(*element)
		if err != nil {
			return nil, err
		}
		list = append(list, converted)
	}
	// This is the end of the array, or the reason why it has no more elements.
	if _, err := decoder.Token(); err != nil {
		return nil, r.decodeError(truncated(err))
	}
	if err := expectEnd(decoder); err != nil {
		return nil, r.decodeError(err)
	}
	return list, nil
}

func newDecoder(r *Response) (*json.Decoder, error) {
	if r.isHTML() {
		return nil, errHTMLPage
	}
	body := bufio.NewReader(&limitedReader{reader: r, remaining: MaxJSON})
	if start, _ := body.Peek(len(byteOrderMark)); string(start) == byteOrderMark {
		_, _ = body.Discard(len(byteOrderMark))
	}
	decoder := json.NewDecoder(body)
	decoder.UseNumber()
	return decoder, nil
}

// expectEnd returns an error unless the response ends after the decoded JSON value.
func expectEnd(decoder *json.Decoder) error {
	err := decoder.Decode(new(json.RawMessage))
	var syntax *json.SyntaxError
	switch {
	case errors.Is(err, io.EOF):
		return nil
	case err == nil, errors.As(err, &syntax):
		return &InvalidResponseError{Problem: "there is more after its JSON value"}
	}
	return err
}

// truncated turns the end of the data within an array into io.ErrUnexpectedEOF. The decoder returns io.EOF there.
func truncated(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// decodeError distinguishes an invalid response from a truncated one.
func (r *Response) decodeError(err error) error {
	var typeError *json.UnmarshalTypeError
	var invalid *InvalidResponseError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &invalid):
		return invalid
	case r.readErr != nil, errors.Is(err, io.ErrUnexpectedEOF):
		return err
	case errors.Is(err, io.EOF):
		return &InvalidResponseError{Problem: "it is empty"}
	case errors.As(err, &typeError) && typeError.Field == "":
		return &InvalidResponseError{Problem: "it is a JSON " + typeError.Value}
	case errors.As(err, &typeError):
		return &InvalidResponseError{Problem: fmt.Sprintf("its field %q is a JSON %s", typeError.Field, typeError.Value)}
	}
	return errNotJSON
}

func isHTML(contentType string) bool {
	return strings.HasPrefix(strings.ToLower(contentType), "text/html")
}

func isJSON(contentType string) bool {
	return strings.HasPrefix(strings.ToLower(contentType), "application/json")
}

// limitedReader fails with errTooLarge at its limit, unlike io.LimitReader, which returns io.EOF.
type limitedReader struct {
	reader    io.Reader
	remaining int64
}

func (b *limitedReader) Read(p []byte) (int, error) {
	if int64(len(p)) > b.remaining+1 {
		p = p[:b.remaining+1]
	}
	n, err := b.reader.Read(p)
	b.remaining -= int64(n)
	if b.remaining < 0 {
		return n, errTooLarge
	}
	return n, err
}
