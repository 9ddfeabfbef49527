package sandbox

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
)

// The sandbox's defaults for settings that a request omits. disabledFeatures defaults to an empty list. The API's
// documentation states no defaults, so these are arbitrary distinct values. The times have no documented unit.
const (
	DefaultMaxItemCount     = 1000
	DefaultMaxTimeAllocated = 360000
	DefaultMaxTimePerTask   = 36000
)

const (
	settingFiles            = "classMappingFiles"
	settingDisabledFeatures = "disabledFeatures"
)

// quotas are the settings that are 32-bit integers, with their defaults.
var quotas = map[string]int64{
	"maxItemCount":     DefaultMaxItemCount,
	"maxTimeAllocated": DefaultMaxTimeAllocated,
	"maxTimePerTask":   DefaultMaxTimePerTask,
}

// features are the documented values of disabledFeatures.
var features = []string{"ADV_CRAFTING", "EVALUATION", "ROBUSTNESS"}

// withDefaults returns settings with defaults for missing fields.
func (st *state) withDefaults(settings map[string]any) map[string]any {
	filled := map[string]any{}
	if st.defaults {
		filled[settingDisabledFeatures] = []any{}
		for quota, value := range quotas {
			filled[quota] = jsonNumber(value)
		}
	}
	maps.Copy(filled, settings)
	return filled
}

func jsonNumber(n int64) json.Number { return json.Number(strconv.FormatInt(n, 10)) }

// checkSettings rejects known fields of a wrong type.
func checkSettings(settings map[string]any) error {
	for _, quota := range slices.Sorted(maps.Keys(quotas)) {
		if value := settings[quota]; value != nil && !isInteger(value, 32) {
			return badRequest("settings." + quota + " must be a 32-bit integer.")
		}
	}
	if !isListOf(settings[settingDisabledFeatures], isString) {
		return badRequest("settings.disabledFeatures must be a list of strings.")
	}
	if !isListOf(settings[settingFiles], isFileRef) {
		return badRequest("settings.classMappingFiles must be a list of objects: ref, fileName and contentType " +
			"are strings, and datasetId is an integer.")
	}
	return nil
}

// checkFeatures rejects unknown features, unless they are already disabled. An unusual platform knows any.
func (s *Server) checkFeatures(requested, current map[string]any) error {
	list, _ := requested[settingDisabledFeatures].([]any)
	disabled, _ := current[settingDisabledFeatures].([]any)
	for _, element := range list {
		feature, _ := element.(string)
		if !s.config.Unusual && !slices.Contains(features, feature) && !slices.Contains(disabled, element) {
			return badRequest("settings.disabledFeatures contains an unknown feature: " + feature + ".")
		}
	}
	return nil
}

// isListOf reports whether a value is null or a list whose elements all satisfy is.
func isListOf(value any, is func(any) bool) bool {
	list, ok := value.([]any)
	return value == nil || ok && !slices.ContainsFunc(list, func(element any) bool { return !is(element) })
}

func isString(value any) bool {
	_, ok := value.(string)
	return ok
}

func isInteger(value any, bits int) bool {
	text, ok := value.(json.Number)
	if !ok {
		return false
	}
	_, err := strconv.ParseInt(text.String(), 10, bits)
	return err == nil
}

func isFileRef(value any) bool {
	entry, ok := value.(map[string]any)
	for _, field := range []string{"ref", "fileName", "contentType"} {
		ok = ok && (entry[field] == nil || isString(entry[field]))
	}
	return ok && (entry["datasetId"] == nil || isInteger(entry["datasetId"], 64))
}
