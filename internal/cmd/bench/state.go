package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
)

// stateFile is where a CLI keeps the state.
const stateFile = "terraform.tfstate"

// A CLI writes its whole state after each change, so that applying thousands of
// objects takes minutes. The state of one is copied instead. Whether the platform
// and the configuration agree with it is for the plan to find: it must be empty.

// instance is an object in state.
type instance map[string]any

// set changes what state holds of an object: its attributes, or its identity.
func (i instance) set(part, name string, value any) {
	if fields, ok := i[part].(map[string]any); ok {
		fields[name] = value
	}
}

// multiply makes count instances of the only one in a state. change makes each one another.
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
	if len(instances) != 1 {
		return "", errors.New("the state doesn't hold one instance")
	}
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

// decode keeps every digit of a number.
func decode(text []byte, into any) error {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	return decoder.Decode(into)
}
