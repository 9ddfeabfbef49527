package guardai

import (
	"cmp"
	"encoding/json"
	"errors"
	"io"
)

// readList decodes an answer's body, a JSON array, and hands take one element
// after the other, so that what take doesn't keep takes no memory. It is as
// strict as readJSON. null counts as an empty array, and is no element of one.
func readList[T any](r reply, take func(T)) error {
	decoder, err := newDecoder(r)
	if err != nil {
		return err
	}
	first, err := decoder.Token()
	switch {
	case err != nil:
		return decodeError(err)
	case first == nil:
		return readEnd(decoder)
	case first != json.Delim('['):
		return &unusable{problem: "it is not a JSON array"}
	}
	for decoder.More() {
		var element *T
		if err := decoder.Decode(&element); err != nil {
			return decodeError(withinList(err))
		}
		if element == nil {
			return &unusable{problem: "one of the elements of its JSON array is null"}
		}
		take(*element)
	}
	// This is the end of the array, or why there were no more elements.
	if _, err := decoder.Token(); err != nil {
		return decodeError(withinList(err))
	}
	return readEnd(decoder)
}

// withinList says of an array without its end that it was cut off: to a decoder,
// data may end after any element.
func withinList(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// compareIDs orders by ascending id; what has no id comes last.
func compareIDs(a, b *int64) int {
	switch {
	case a == nil && b == nil:
		return 0
	case a == nil:
		return 1
	case b == nil:
		return -1
	}
	return cmp.Compare(*a, *b)
}
