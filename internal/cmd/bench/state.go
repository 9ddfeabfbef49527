package main

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// The CLI writes its whole state after each change, so applying thousands of objects takes minutes. The state of one
// object is multiplied instead. The measured plan verifies it: it must have no changes.

// instance is a resource instance in state.
type instance map[string]any

// set sets a field of an instance's attributes or identity.
func (i instance) set(part, name string, value any) {
	if fields, ok := i[part].(map[string]any); ok {
		fields[name] = value
	}
}

// multiply replaces the only instance in a state with count copies. change adapts each copy.
func multiply(state string, count int, change func(index int, copied instance)) (string, error) {
	var whole map[string]any
	if err := decode([]byte(state), &whole); err != nil {
		return "", fmt.Errorf("reading the state: %w", err)
	}
	resources, _ := whole["resources"].([]any)
	if len(resources) != 1 {
		return "", fmt.Errorf("the state holds %d resources, not one", len(resources))
	}
	resource, _ := resources[0].(map[string]any)
	instances, _ := resource["instances"].([]any)
	original, err := json.Marshal(instances[0])
	if err != nil {
		return "", err
	}
	many := make([]any, 0, count)
	for index := range count {
		var copied instance
		if err := decode(original, &copied); err != nil {
			return "", err
		}
		copied["index_key"] = index
		change(index, copied)
		many = append(many, copied)
	}
	resource["instances"] = many
	multiplied, err := json.Marshal(whole)
	return string(multiplied), err
}

// decode decodes JSON and keeps every digit of a number.
func decode(text []byte, into any) error {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	return decoder.Decode(into)
}
