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

// mustNormalize returns a copy of an object as decoding its JSON would give it.
// It panics where the object has no JSON form: only tests and the seed hand over
// such values.
func mustNormalize(object map[string]any) map[string]any {
	if object == nil {
		return nil
	}
	encoded, err := json.Marshal(object)
	if err != nil {
		panic(fmt.Sprintf("sandbox: the object has no JSON form: %s", err))
	}
	var normal map[string]any
	if err := decodeJSON(bytes.NewReader(encoded), &normal); err != nil {
		panic(fmt.Sprintf("sandbox: the object has no JSON form: %s", err))
	}
	return normal
}

func mustNormalizeAll(objects []map[string]any) []map[string]any {
	if objects == nil {
		return nil
	}
	normal := make([]map[string]any, len(objects))
	for i, object := range objects {
		normal[i] = mustNormalize(object)
	}
	return normal
}

// cloneObject copies an object of JSON values in depth.
func cloneObject(object map[string]any) map[string]any {
	if object == nil {
		return nil
	}
	clone := make(map[string]any, len(object))
	for key, value := range object {
		clone[key] = cloneValue(value)
	}
	return clone
}

func cloneValue(value any) any {
	switch v := value.(type) {
	case map[string]any:
		return cloneObject(v)
	case []any:
		clone := make([]any, len(v))
		for i, element := range v {
			clone[i] = cloneValue(element)
		}
		return clone
	default:
		return value
	}
}
