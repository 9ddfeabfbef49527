package guardai

import (
	"encoding/json"
	"time"
)

// dateTime is a date-time on the wire: RFC 3339, or with an offset without a
// colon, which Spring writes by some of its settings. Absent and null are zero.
type dateTime struct{ time.Time }

var errNotDateTime = &InvalidResponseError{Problem: "it holds a date that is not of the form 2022-03-01T12:00:00.000+00:00"}

func (d *dateTime) UnmarshalJSON(data []byte) error {
	var text *string
	if err := json.Unmarshal(data, &text); err != nil {
		return errNotDateTime
	}
	if text == nil || *text == "" {
		d.Time = time.Time{}
		return nil
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05Z0700"} {
		if parsed, err := time.Parse(layout, *text); err == nil {
			d.Time = parsed.UTC()
			return nil
		}
	}
	return errNotDateTime
}
