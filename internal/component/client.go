// Package component holds what every component of the provider shares: taking
// the client, turning errors into diagnostics, and small helpers for values.
package component

import (
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/guardai/terraform-provider-guardai/internal/guardai"
)

// ProviderData is what the provider hands to its components: a client, or the
// reason why there can't be one yet.
type ProviderData struct {
	client *guardai.Client
	// unknown names the provider's arguments whose values aren't known yet.
	unknown []string
}

// NewProviderData returns provider data with a client.
func NewProviderData(client *guardai.Client) *ProviderData {
	return &ProviderData{client: client}
}

// NewUnknownProviderData returns provider data without a client, for a provider
// block whose named arguments aren't known before something else was applied.
func NewUnknownProviderData(unknown []string) *ProviderData {
	return &ProviderData{unknown: unknown}
}

// Client returns the client. That there is none yet is an error only now, when
// something must be asked: planning new resources needs no client.
func (d *ProviderData) Client() (*guardai.Client, diag.Diagnostics) {
	var diags diag.Diagnostics
	switch {
	case d == nil:
		diags.AddError("Provider not configured",
			"A component was used before the provider was configured. This is a bug in the provider; please report it.")
	case len(d.unknown) > 0:
		names := strings.Join(d.unknown, ", ")
		diags.AddError("Provider configuration not known yet", fmt.Sprintf(
			"The provider argument %s depends on a value that is known only after another resource is applied, but the provider needs it now to call the platform. "+
				"Apply that resource first (for example with -target), or set the argument to a known value.", names))
	default:
		return d.client, nil
	}
	return nil, diags
}
