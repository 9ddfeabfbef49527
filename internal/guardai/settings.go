package guardai

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
)

// settingClassMappingFiles is the field of OrganizationSettings that lists files.
const settingClassMappingFiles = "classMappingFiles"

// Settings is the contract's OrganizationSettings.
type Settings struct {
	ClassMappingFiles []ClassMappingFile
	// Values holds every field as the platform sent it, by its JSON name: the client
	// writes back what it doesn't know.
	Values map[string]json.RawMessage
}

// ClassMappingFile is the contract's ClassMappingFileRef: all that the platform
// reports about a file without a download. A text that it leaves out is empty.
type ClassMappingFile struct {
	Ref         string `json:"ref"`
	FileName    string `json:"fileName"`
	ContentType string `json:"contentType"`
	DatasetID   *int64 `json:"datasetId,omitempty"`
}

// UnmarshalJSON keeps every field, known or not.
func (s *Settings) UnmarshalJSON(data []byte) error {
	var decoded Settings
	if err := json.Unmarshal(data, &decoded.Values); err != nil {
		return err
	}
	if files, ok := decoded.Values[settingClassMappingFiles]; ok {
		if err := json.Unmarshal(files, &decoded.ClassMappingFiles); err != nil {
			return fmt.Errorf("%s: %w", settingClassMappingFiles, err)
		}
	}
	*s = decoded
	return nil
}

// SettingsChange says what an update does to an organization's settings. What it doesn't name stays as it is.
type SettingsChange struct {
	// Set holds new values by JSON name, each of a type that has a JSON form.
	Set map[string]any
	// Reset lists settings to leave out, so that the platform's defaults return.
	Reset []string
}

// apply returns the settings to write: the platform's own with the change in them.
func (c SettingsChange) apply(current Settings) (map[string]json.RawMessage, error) {
	settings := maps.Clone(current.Values)
	if settings == nil {
		settings = map[string]json.RawMessage{}
	}
	for name, value := range c.Set {
		encoded, err := json.Marshal(value)
		if err != nil {
			return nil, fmt.Errorf("setting %s: %w", name, err)
		}
		settings[name] = encoded
	}
	for _, name := range c.Reset {
		delete(settings, name)
	}
	return settings, nil
}

// isIn reports whether settings have every value that the change sets. Whether a
// reset is done can't be seen: the platform's defaults aren't known.
func (c SettingsChange) isIn(settings Settings) bool {
	for name, value := range c.Set {
		encoded, err := json.Marshal(value)
		if err != nil || !sameValue(encoded, settings.Values[name]) {
			return false
		}
	}
	return true
}

// sameValue compares two values of a setting. A list is a set, and no list an empty one.
func sameValue(a, b json.RawMessage) bool {
	return reflect.DeepEqual(settingValue(a), settingValue(b))
}

// settingValue decodes a value for comparison. The contract's numbers have 32 bits,
// so that a float64 holds them exactly.
func settingValue(raw json.RawMessage) any {
	var value any
	if len(raw) == 0 || json.Unmarshal(raw, &value) != nil {
		return nil
	}
	elements, isList := value.([]any)
	if !isList {
		return value
	}
	texts := make([]string, 0, len(elements))
	for _, element := range elements {
		texts = append(texts, fmt.Sprint(element))
	}
	slices.Sort(texts)
	if texts = slices.Compact(texts); len(texts) == 0 {
		return nil
	}
	return texts
}
