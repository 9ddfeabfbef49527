package organization

import (
	"fmt"
	"math"

	"github.com/guardai/terraform-provider-guardai/internal/guardai"
)

// SettingValue is a setting for a configuration. Value is a []string or an int64.
type SettingValue struct {
	Attribute string
	Value     any
}

// SettingValues returns the settings of an organization as a configuration would set them, in the order of the
// documentation. It omits settings that the platform omits, and numbers that the provider's schema doesn't allow.
func SettingValues(response guardai.Settings) ([]SettingValue, error) {
	var configured []SettingValue
	for _, s := range settings {
		value, err := s.kind.fromAPI(response.Values[s.field])
		if err != nil {
			return nil, fmt.Errorf("the platform reports a setting %s that can't be used: %w", s.field, err)
		}
		if value.IsNull() {
			continue
		}
		plain := s.kind.toAPI(value)
		if number, ok := plain.(int64); ok && (number < math.MinInt32 || number > math.MaxInt32) {
			continue
		}
		configured = append(configured, SettingValue{s.attribute, plain})
	}
	return configured, nil
}
