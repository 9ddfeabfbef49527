package sandbox

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// decodeJSON reads exactly one JSON value. Numbers become json.Number, so that
// they keep every digit.
func decodeJSON(r io.Reader, into any) error {
	decoder := json.NewDecoder(r)
	decoder.UseNumber()
	err := decoder.Decode(into)
	if errors.Is(err, io.EOF) {
		return errors.New("it is empty")
	}
	if err != nil {
		return err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return errors.New("there is more after the JSON value")
	}
	return nil
}

// normalize returns a deep copy of a value as decoding its JSON gives it.
func normalize[T any](value T) (T, error) {
	var normal T
	encoded, err := json.Marshal(value)
	if err == nil {
		err = decodeJSON(bytes.NewReader(encoded), &normal)
	}
	return normal, err
}

// mustNormalize is normalize for values that tests and the seed hand over. It
// panics where the value has no JSON form.
func mustNormalize[T any](value T) T {
	normal, err := normalize(value)
	if err != nil {
		panic(fmt.Sprintf("sandbox: the value has no JSON form: %s", err))
	}
	return normal
}
