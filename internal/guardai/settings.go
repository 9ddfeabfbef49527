package guardai

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
)

// settingClassMappingFiles is the JSON name of Settings.ClassMappingFiles.
const settingClassMappingFiles = "classMappingFiles"

// Settings is the API's OrganizationSettings.
type Settings struct {
	ClassMappingFiles []ClassMappingFile
	// Values holds every field by its JSON name, including fields that this client doesn't know, so that an update can
	// write them back.
	Values map[string]json.RawMessage
}

// ClassMappingFile is the API's ClassMappingFileRef: all that the platform reports about a file without a download.
// Strings that the platform omits are empty.
type ClassMappingFile struct {
	Ref         string `json:"ref"`
	FileName    string `json:"fileName"`
	ContentType string `json:"contentType"`
	DatasetID   *int64 `json:"datasetId,omitempty"`
}

// UnmarshalJSON keeps all fields in Values.
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

// SettingsChange describes an update of an organization's settings. Settings that it doesn't name stay as they are.
type SettingsChange struct {
	// Set holds new values by JSON name. They must be encodable as JSON.
	Set map[string]any
	// Reset lists settings to omit, which returns them to the platform's defaults.
	Reset []string
}

// apply returns the current settings with the change applied.
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

// isAppliedTo reports whether settings have every value in Set. It ignores Reset, because the platform's defaults are
// unknown.
func (c SettingsChange) isAppliedTo(settings Settings) bool {
	for name, value := range c.Set {
		encoded, err := json.Marshal(value)
		if err != nil || !sameValue(encoded, settings.Values[name]) {
			return false
		}
	}
	return true
}

// sameValue compares two values of a setting. Lists compare as sets, and null equals an empty list.
func sameValue(a, b json.RawMessage) bool {
	return reflect.DeepEqual(settingValue(a), settingValue(b))
}

// settingValue decodes a value for comparison. The API's numbers have 32 bits, so a float64 is exact.
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
