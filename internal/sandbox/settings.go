package sandbox

import (
	"encoding/json"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
)

// The platform's defaults for settings that a request leaves out; the default of
// disabledFeatures is none. The contract names no defaults: these are the
// sandbox's own, chosen to be told apart. The times have no documented unit.
const (
	DefaultMaxItemCount     = 1000
	DefaultMaxTimeAllocated = 360000
	DefaultMaxTimePerTask   = 36000
)

const (
	settingFiles            = "classMappingFiles"
	settingDisabledFeatures = "disabledFeatures"
	settingMaxItemCount     = "maxItemCount"
	settingMaxTimeAllocated = "maxTimeAllocated"
	settingMaxTimePerTask   = "maxTimePerTask"
)

var features = []string{"ADV_CRAFTING", "EVALUATION", "ROBUSTNESS"}

// withDefaults returns settings with the platform's defaults for what they leave
// out. A known setting that is null counts as left out.
func (st *state) withDefaults(settings map[string]any) map[string]any {
	defaults := map[string]any{
		settingDisabledFeatures: []any{},
		settingMaxItemCount:     number(DefaultMaxItemCount),
		settingMaxTimeAllocated: number(DefaultMaxTimeAllocated),
		settingMaxTimePerTask:   number(DefaultMaxTimePerTask),
	}
	filled := maps.Clone(settings)
	if filled == nil {
		filled = map[string]any{}
	}
	for setting, value := range defaults {
		if filled[setting] != nil {
			continue
		}
		delete(filled, setting)
		if st.defaults {
			filled[setting] = value
		}
	}
	if filled[settingFiles] == nil {
		delete(filled, settingFiles)
	}
	return filled
}

func number(n int64) json.Number { return json.Number(strconv.FormatInt(n, 10)) }

// checkSettings refuses settings whose known fields have a wrong type or value.
func checkSettings(settings map[string]any) error {
	for _, quota := range []string{settingMaxItemCount, settingMaxTimeAllocated, settingMaxTimePerTask} {
		if value := settings[quota]; value != nil && !isQuota(value) {
			return badRequest("settings." + quota + " must be an integer from 0 to 2147483647.")
		}
	}
	if err := checkFeatures(settings[settingDisabledFeatures]); err != nil {
		return err
	}
	return checkFileRefs(settings[settingFiles])
}

func isQuota(value any) bool {
	n, ok := integer(value)
	return ok && n >= 0 && n <= math.MaxInt32
}

func integer(value any) (int64, bool) {
	text, ok := value.(json.Number)
	if !ok {
		return 0, false
	}
	n, err := strconv.ParseInt(text.String(), 10, 64)
	return n, err == nil
}

func checkFeatures(value any) error {
	if value == nil {
		return nil
	}
	list, ok := value.([]any)
	if !ok {
		return badRequest("settings.disabledFeatures must be a list.")
	}
	for _, element := range list {
		feature, ok := element.(string)
		if !ok || !slices.Contains(features, feature) {
			return badRequest("settings.disabledFeatures may hold " + strings.Join(features, ", ") + " only.")
		}
	}
	return nil
}

func checkFileRefs(value any) error {
	if value == nil {
		return nil
	}
	list, ok := value.([]any)
	if !ok {
		return badRequest("settings.classMappingFiles must be a list.")
	}
	for _, element := range list {
		entry, ok := element.(map[string]any)
		if !ok || !isFileRef(entry) {
			return badRequest("settings.classMappingFiles must hold objects with ref, fileName and contentType as text " +
				"and datasetId as an integer.")
		}
	}
	return nil
}

func isFileRef(entry map[string]any) bool {
	for _, field := range []string{"ref", "fileName", "contentType"} {
		if value := entry[field]; value != nil {
			if _, ok := value.(string); !ok {
				return false
			}
		}
	}
	if value := entry["datasetId"]; value != nil {
		_, ok := integer(value)
		return ok
	}
	return true
}
