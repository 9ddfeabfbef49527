package guardai

import (
	"bytes"
	"cmp"
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

// unsentFields are the fields of UserResponse that UserRequest lacks, and feedback, which a write would give again. The
// settings are sent as jsonSettings.
var unsentFields = []string{"avatar", "email", "feedback", "id", "lastLoginDateTime", "name", "registered", "timeUsed", "uid", fieldSettings}

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
		return nil, fmt.Errorf("the platform doesn't report the organizations of user %d, so a write could end memberships, and nothing was written. If the user belongs to none yet, add a first one in GuardAI's web interface", *r.user.ID)
	}
	request := map[string]json.RawMessage{}
	for name, value := range r.raw {
		if !slices.Contains(unsentFields, name) && !isNull(value) {
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

// compareFields describes the fields, other than the organizations, that the user had before and doesn't have any more.
func (r *userRecord) compareFields(before *userRecord) (problems []string) {
	for name, value := range before.raw {
		switch {
		case name == fieldOrganizations, slices.Contains(unsentFields, name), isNull(value):
		case name == "roles", name == "licenseAccepted":
			if !equalJSON(value, r.raw[name]) {
				problems = append(problems, fmt.Sprintf("%s %.60s instead of %.60s", name, cmp.Or(string(r.raw[name]), "null"), value))
			}
		case isNull(r.raw[name]):
			problems = append(problems, "no "+name)
		}
	}
	return append(problems, compareSettings(before.raw[fieldSettings], r.raw[fieldSettings])...)
}

// maxProblems limits how many problems an error lists.
const maxProblems = 10

// problemsError returns an error that describes problems, or nil if there are none.
func (r *userRecord) problemsError(problems []string) error {
	if len(problems) == 0 {
		return nil
	}
	slices.Sort(problems)
	more := ""
	if extra := len(problems) - maxProblems; extra > 0 {
		problems, more = problems[:maxProblems], fmt.Sprintf("; and %d more", extra)
	}
	return fmt.Errorf("a write of user %d changed more than it should, or less: the platform now reports %s%s. Check the user on the platform and correct it there",
		*r.user.ID, strings.Join(problems, "; "), more)
}

// compareSettings names the settings that aren't as before. Their values may be personal.
func compareSettings(before, after json.RawMessage) (problems []string) {
	var expected, actual map[string]json.RawMessage
	_ = json.Unmarshal(before, &expected) // Checked before the write.
	_ = json.Unmarshal(after, &actual)
	for name, value := range expected {
		if !isNull(value) && !equalJSON(value, actual[name]) {
			problems = append(problems, "another value of settings."+name)
		}
	}
	return problems
}

func isNull(value json.RawMessage) bool { return value == nil || string(value) == "null" }

// equalJSON compares JSON without regard to the order of members. Numbers must have the same spelling.
func equalJSON(a, b json.RawMessage) bool {
	left, leftErr := NormalizeJSON(a)
	right, rightErr := NormalizeJSON(b)
	return leftErr == nil && rightErr == nil && left == right
}
