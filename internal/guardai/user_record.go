package guardai

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/guardai/terraform-provider-guardai/internal/guardai/rest"
)

const (
	fieldOrganizations = "organizations"
	fieldSettings      = "settings"
)

// responseOnlyFields are the fields of UserResponse that UserRequest lacks. The settings are sent as jsonSettings.
var responseOnlyFields = []string{"avatar", "email", "id", "lastLoginDateTime", "name", "registered", "timeUsed", "uid", fieldSettings}

// userRecord is a user with every field as the platform sent it, so that a write sends back those that this client
// doesn't know.
type userRecord struct {
	user *User
	// organizationIDs are in ascending order; nil if the platform omits the list.
	organizationIDs []int64
	raw             map[string]json.RawMessage
}

// userRecordResponse is UserResponse in both forms.
type userRecordResponse struct {
	userResponse
	raw map[string]json.RawMessage
}

func (r *userRecordResponse) UnmarshalJSON(data []byte) error {
	return errors.Join(json.Unmarshal(data, &r.raw), json.Unmarshal(data, &r.userResponse))
}

// decodeUserRecord decodes the response of a call about one user. A response about another is invalid.
func decodeUserRecord(id int64) func(*rest.Response) (*userRecord, error) {
	return func(r *rest.Response) (*userRecord, error) {
		response, err := rest.DecodeJSON[userRecordResponse](r)
		if err != nil {
			return nil, err
		}
		user, err := response.single()
		if err == nil && *user.ID != id {
			err = &InvalidResponseError{Problem: "it describes another user than the requested one"}
		}
		if err != nil {
			return nil, err
		}
		record := &userRecord{user: user, raw: response.raw}
		for i, org := range user.Organizations {
			if org.ID == nil || *org.ID <= 0 {
				return nil, &InvalidResponseError{Problem: fmt.Sprintf("organization %d of the user has no id", i+1)}
			}
			record.organizationIDs = append(record.organizationIDs, *org.ID)
		}
		if user.Organizations != nil && record.organizationIDs == nil {
			record.organizationIDs = []int64{}
		}
		return record, nil
	}
}

// withMemberships returns a UserRequest with these organizations and all else as it was read. What can't be sent back is
// an error.
func (r *userRecord) withMemberships(organizationIDs []int64) (map[string]json.RawMessage, error) {
	if r.organizationIDs == nil {
		return nil, fmt.Errorf("the platform doesn't report the organizations of user %d, so a write could end memberships; nothing was written", *r.user.ID)
	}
	request := map[string]json.RawMessage{}
	for name, value := range r.raw {
		if !slices.Contains(responseOnlyFields, name) && !isNull(value) {
			request[name] = value
		}
	}
	if settings := r.raw[fieldSettings]; !isNull(settings) {
		if json.Unmarshal(settings, new(map[string]json.RawMessage)) != nil {
			return nil, fmt.Errorf("the settings of user %d are not an object, so a write could lose them; nothing was written", *r.user.ID)
		}
		var compact bytes.Buffer
		if err := json.Compact(&compact, settings); err != nil {
			return nil, err
		}
		encoded, err := json.Marshal(compact.String())
		if err != nil {
			return nil, err
		}
		request["jsonSettings"] = encoded
	}
	encoded, err := json.Marshal(organizationIDs)
	request[fieldOrganizations] = encoded
	return request, err
}

// compare returns an error unless the user has everything that it had before, and the changed membership.
func (r *userRecord) compare(before *userRecord, change membershipChange) error {
	problems := r.compareMemberships(change.applyTo(before.organizationIDs), change)
	for name, value := range before.raw {
		switch {
		case name == fieldOrganizations, slices.Contains(responseOnlyFields, name), isNull(value):
		case name == "roles", name == "licenseAccepted":
			if !equalJSON(value, r.raw[name]) {
				problems = append(problems, changed(name, value, r.raw[name]))
			}
		case isNull(r.raw[name]):
			problems = append(problems, changed(name, value, r.raw[name]))
		}
	}
	problems = append(problems, compareSettings(before.raw[fieldSettings], r.raw[fieldSettings])...)
	if len(problems) == 0 {
		return nil
	}
	slices.Sort(problems)
	return fmt.Errorf("user %d was written, but the platform now reports: %s. Check the user on the platform and correct it there", *r.user.ID, strings.Join(problems, "; "))
}

func (r *userRecord) compareMemberships(expected []int64, change membershipChange) (problems []string) {
	if r.organizationIDs == nil && len(expected) > 0 {
		return []string{"no organizations"}
	}
	for _, id := range expected {
		if !slices.Contains(r.organizationIDs, id) {
			problems = append(problems, fmt.Sprintf("no membership of organization %d", id))
		}
	}
	if !change.add && slices.Contains(r.organizationIDs, change.organizationID) {
		problems = append(problems, fmt.Sprintf("still a membership of organization %d", change.organizationID))
	}
	return problems
}

// compareSettings describes the settings that aren't as before.
func compareSettings(before, after json.RawMessage) (problems []string) {
	var expected, actual map[string]json.RawMessage
	_ = json.Unmarshal(before, &expected) // Checked before the write.
	_ = json.Unmarshal(after, &actual)
	for name, value := range expected {
		if !isNull(value) && !equalJSON(value, actual[name]) {
			problems = append(problems, changed("settings."+name, value, actual[name]))
		}
	}
	return problems
}

func changed(name string, before, after json.RawMessage) string {
	if after == nil {
		return fmt.Sprintf("no %s (before: %.60s)", name, before)
	}
	return fmt.Sprintf("%s %.60s (before: %.60s)", name, after, before)
}

func isNull(value json.RawMessage) bool { return value == nil || string(value) == "null" }

// equalJSON compares JSON without regard to the order of members. Numbers must have the same spelling.
func equalJSON(a, b json.RawMessage) bool {
	return canonicalJSON(a) == canonicalJSON(b)
}

func canonicalJSON(raw json.RawMessage) string {
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	var value any
	if decoder.Decode(&value) != nil {
		return string(raw)
	}
	canonical, err := json.Marshal(value)
	if err != nil {
		return string(raw)
	}
	return string(canonical)
}
