package sandbox

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
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

// features are those that the contract knows.
var features = []string{"ADV_CRAFTING", "EVALUATION", "ROBUSTNESS"}

// withDefaults returns settings with the platform's defaults for what they leave
// out. A known field that is null counts as left out.
func (st *state) withDefaults(settings map[string]any) map[string]any {
	filled := map[string]any{}
	if st.defaults {
		filled = map[string]any{
			settingDisabledFeatures: []any{},
			settingMaxItemCount:     number(DefaultMaxItemCount),
			settingMaxTimeAllocated: number(DefaultMaxTimeAllocated),
			settingMaxTimePerTask:   number(DefaultMaxTimePerTask),
		}
	}
	known := []string{settingFiles, settingDisabledFeatures, settingMaxItemCount, settingMaxTimeAllocated, settingMaxTimePerTask}
	maps.Copy(filled, withoutNulls(settings, known...))
	if list, ok := filled[settingFiles].([]any); ok {
		entries := make([]any, len(list))
		for i := range list {
			entry, _ := list[i].(map[string]any)
			entries[i] = withoutNulls(entry, "ref", "fileName", "contentType", "datasetId")
		}
		filled[settingFiles] = entries
	}
	return filled
}

// withoutNulls returns an object without those of the fields that are null.
func withoutNulls(object map[string]any, fields ...string) map[string]any {
	rest := maps.Clone(object)
	maps.DeleteFunc(rest, func(name string, value any) bool { return value == nil && slices.Contains(fields, name) })
	return rest
}

func number(n int64) json.Number { return json.Number(strconv.FormatInt(n, 10)) }

// checkSettings refuses settings whose known fields have a wrong type.
func checkSettings(settings map[string]any) error {
	for _, quota := range []string{settingMaxItemCount, settingMaxTimeAllocated, settingMaxTimePerTask} {
		if value := settings[quota]; value != nil && !isInteger(value, 32) {
			return badRequest("settings." + quota + " must be an integer of 32 bits.")
		}
	}
	if !isListOf(settings[settingDisabledFeatures], isText) {
		return badRequest("settings.disabledFeatures must be a list of texts.")
	}
	if !isListOf(settings[settingFiles], isFileRef) {
		return badRequest("settings.classMappingFiles must hold objects with ref, fileName and contentType as text " +
			"and datasetId as an integer.")
	}
	return nil
}

// checkFeatures refuses to disable features that the platform doesn't know.
// Those that are disabled already may stay so.
func (s *Server) checkFeatures(requested, current map[string]any) error {
	list, _ := requested[settingDisabledFeatures].([]any)
	held, _ := current[settingDisabledFeatures].([]any)
	for _, element := range list {
		feature, _ := element.(string)
		if !slices.Contains(features, feature) && !slices.Contains(s.config.ExtraFeatures, feature) && !slices.Contains(held, element) {
			return badRequest("settings.disabledFeatures holds " + feature + ", which is no feature of this platform.")
		}
	}
	return nil
}

// isListOf reports whether a value is a list of such elements, or null.
func isListOf(value any, is func(any) bool) bool {
	list, ok := value.([]any)
	return value == nil || ok && !slices.ContainsFunc(list, func(element any) bool { return !is(element) })
}

func isText(value any) bool {
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
		ok = ok && (entry[field] == nil || isText(entry[field]))
	}
	return ok && (entry["datasetId"] == nil || isInteger(entry["datasetId"], 64))
}
