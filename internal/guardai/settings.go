package guardai

import (
	"encoding/json"
	"maps"
	"slices"
)

// Setting names a setting that this client can change, as on the wire.
type Setting string

// The settings of the contract's OrganizationSettings that callers manage.
const (
	SettingDisabledFeatures Setting = "disabledFeatures"
	SettingMaxItemCount     Setting = "maxItemCount"
	SettingMaxTimeAllocated Setting = "maxTimeAllocated"
	SettingMaxTimePerTask   Setting = "maxTimePerTask"
)

// Settings is the contract's OrganizationSettings. A nil field is one that the
// platform left out. The units of the two times are not documented.
type Settings struct {
	ClassMappingFiles []ClassMappingFile `json:"classMappingFiles,omitzero"`
	DisabledFeatures  []string           `json:"disabledFeatures,omitzero"`
	MaxItemCount      *int64             `json:"maxItemCount,omitempty"`
	MaxTimeAllocated  *int64             `json:"maxTimeAllocated,omitempty"`
	MaxTimePerTask    *int64             `json:"maxTimePerTask,omitempty"`

	// raw is the whole object as the platform sent it, fields and all that this
	// client knows nothing of.
	raw json.RawMessage
}

// ClassMappingFile is the contract's ClassMappingFileRef: all that the platform
// tells about a file without a download.
type ClassMappingFile struct {
	Ref         string `json:"ref"`
	FileName    string `json:"fileName"`
	ContentType string `json:"contentType"`
	DatasetID   *int64 `json:"datasetId,omitempty"`
}

// UnmarshalJSON keeps what it doesn't know.
func (s *Settings) UnmarshalJSON(data []byte) error {
	type plain Settings
	var decoded plain
	if err := json.Unmarshal(data, &decoded); err != nil {
		return err
	}
	*s = Settings(decoded)
	s.raw = slices.Clone(data)
	return nil
}

// request is what to send of s when something is created: nil if nothing is set.
func (s Settings) request() any {
	s.ClassMappingFiles = nil
	if s.DisabledFeatures == nil && s.MaxItemCount == nil && s.MaxTimeAllocated == nil && s.MaxTimePerTask == nil {
		return nil
	}
	return s
}

// SettingsChange says what an update does to an organization's settings. What it
// doesn't name stays as it is.
type SettingsChange struct {
	// Set holds new values; nil fields are not changed.
	Set Settings
	// Reset lists settings to leave out, so that the platform's defaults return.
	Reset []Setting
}

// apply returns the settings object to write: the platform's own with the
// change in it. Fields that this client doesn't know come along untouched.
func (c SettingsChange) apply(current Settings) (map[string]json.RawMessage, error) {
	object := map[string]json.RawMessage{}
	if len(current.raw) > 0 {
		if err := json.Unmarshal(current.raw, &object); err != nil {
			return nil, err
		}
	}
	if object == nil {
		object = map[string]json.RawMessage{}
	}
	encoded, err := json.Marshal(c.Set.request())
	if err != nil {
		return nil, err
	}
	var set map[string]json.RawMessage
	if err := json.Unmarshal(encoded, &set); err != nil {
		return nil, err
	}
	maps.Copy(object, set)
	for _, setting := range c.Reset {
		delete(object, string(setting))
	}
	return object, nil
}

// isIn says whether everything that the change sets is so in s. What it resets
// can't be told: the platform's defaults aren't known.
func (c SettingsChange) isIn(s Settings) bool {
	if c.Set.DisabledFeatures != nil && !sameElements(c.Set.DisabledFeatures, s.DisabledFeatures) {
		return false
	}
	return wanted(c.Set.MaxItemCount, s.MaxItemCount) &&
		wanted(c.Set.MaxTimeAllocated, s.MaxTimeAllocated) &&
		wanted(c.Set.MaxTimePerTask, s.MaxTimePerTask)
}

func wanted(want, have *int64) bool {
	return want == nil || (have != nil && *want == *have)
}

func sameElements(a, b []string) bool {
	return slices.Equal(slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b)))
}
