package guardai

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

const fieldClassMappingFiles = "classMappingFiles"

// Settings is the API's OrganizationSettings. Fields that the platform omits are nil. In a change, nil fields stay as
// they are on the platform.
type Settings struct {
	// DisabledFeatures are sorted and have no duplicates.
	DisabledFeatures []string `json:"disabledFeatures,omitzero"`
	MaxItemCount     *int64   `json:"maxItemCount,omitzero"`
	MaxTimeAllocated *int64   `json:"maxTimeAllocated,omitzero"`
	MaxTimePerTask   *int64   `json:"maxTimePerTask,omitzero"`
	// ClassMappingFiles can't be changed through the settings.
	ClassMappingFiles []ClassMappingFile `json:"-"`
	// Malformed describes the fields, also those of the organization, whose values don't have the documented type. They are
	// nil.
	Malformed []string `json:"-"`
	// raw holds every field as the platform sent it, so that an update writes back those that this client doesn't know.
	raw map[string]json.RawMessage
}

// ClassMappingFile is the API's ClassMappingFileRef: all that the platform reports about a file without a download.
// Strings that the platform omits are empty.
type ClassMappingFile struct {
	Ref         string `json:"ref"`
	FileName    string `json:"fileName"`
	ContentType string `json:"contentType"`
	DatasetID   *int64 `json:"datasetId,omitempty"`
}

// UnmarshalJSON accepts fields of the wrong type, and lists them in Malformed, so that one bad value doesn't make a
// whole list of organizations unreadable.
func (s *Settings) UnmarshalJSON(data []byte) error {
	var decoded Settings
	if json.Unmarshal(data, &decoded.raw) != nil {
		*s = Settings{Malformed: []string{fmt.Sprintf("settings is not an object: %.60q", data)}}
		return nil //nolint:nilerr // Malformed describes it.
	}
	decodeField(&decoded, "disabledFeatures", "a list of texts", &decoded.DisabledFeatures)
	decodeField(&decoded, "maxItemCount", "a whole number", &decoded.MaxItemCount)
	decodeField(&decoded, "maxTimeAllocated", "a whole number", &decoded.MaxTimeAllocated)
	decodeField(&decoded, "maxTimePerTask", "a whole number", &decoded.MaxTimePerTask)
	decodeField(&decoded, fieldClassMappingFiles, "a list of files", &decoded.ClassMappingFiles)
	slices.Sort(decoded.DisabledFeatures)
	decoded.DisabledFeatures = slices.Compact(decoded.DisabledFeatures)
	*s = decoded
	return nil
}

// decodeField decodes a field into target, or describes it as malformed.
func decodeField[T any](s *Settings, name, wanted string, target *T) {
	var value T
	raw, ok := s.raw[name]
	switch {
	case !ok:
	case json.Unmarshal(raw, &value) != nil:
		s.Malformed = append(s.Malformed, fmt.Sprintf("%s is not %s: %.60q", name, wanted, raw))
	default:
		*target = value
	}
}

// Err returns an error if a setting is malformed. Such settings must not be the basis of a write.
func (s Settings) Err() error {
	if len(s.Malformed) == 0 {
		return nil
	}
	return errors.New("the platform reports values that can't be used: " + strings.Join(s.Malformed, "; "))
}

// FilesErr is Err for the list of files only.
func (s Settings) FilesErr() error {
	if slices.ContainsFunc(s.Malformed, func(m string) bool {
		return strings.HasPrefix(m, fieldClassMappingFiles) || strings.HasPrefix(m, "settings ")
	}) {
		return s.Err()
	}
	return nil
}

// IsZero reports whether a change sets nothing.
func (s Settings) IsZero() bool {
	return s.DisabledFeatures == nil && s.MaxItemCount == nil && s.MaxTimeAllocated == nil && s.MaxTimePerTask == nil
}

// applyTo returns all fields of the current settings with the change applied.
func (s Settings) applyTo(current Settings) (map[string]json.RawMessage, error) {
	changed, err := json.Marshal(s)
	if err != nil {
		return nil, err
	}
	merged := maps.Clone(current.raw)
	err = json.Unmarshal(changed, &merged)
	return merged, err
}

// isAppliedTo reports whether settings have every value of the change.
func (s Settings) isAppliedTo(current Settings) bool {
	return (s.DisabledFeatures == nil || slices.Equal(s.DisabledFeatures, current.DisabledFeatures)) &&
		isApplied(s.MaxItemCount, current.MaxItemCount) &&
		isApplied(s.MaxTimeAllocated, current.MaxTimeAllocated) &&
		isApplied(s.MaxTimePerTask, current.MaxTimePerTask)
}

func isApplied(wanted, current *int64) bool {
	return wanted == nil || (current != nil && *wanted == *current)
}
