package export

import "testing"

func TestConstraint(t *testing.T) {
	t.Parallel()
	for version, want := range map[string]string{
		"0.1.0": "~> 0.1", "1.4.2": "~> 1.4", "0.2.0-rc.1": "0.2.0-rc.1",
		"0.1.0-3-gabcdef1": "~> 0.1", "0.1.0-dirty": "~> 0.1", "dev": "~> 0.1", "1234567": "~> 0.1",
	} {
		if got := constraint(version); got != want {
			t.Errorf("constraint(%q) = %q, want %q", version, got, want)
		}
	}
}
