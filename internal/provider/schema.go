package provider

import (
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/guardai/terraform-provider-guardai/internal/component"
)

// model is the provider block.
type model struct {
	Host                 types.String `tfsdk:"host"`
	APIKeyID             types.String `tfsdk:"api_key_id"`
	APIKey               types.String `tfsdk:"api_key"`
	Token                types.String `tfsdk:"token"`
	ConfigFile           types.String `tfsdk:"config_file"`
	MaxRetries           types.Number `tfsdk:"max_retries"`
	MaxRequestsPerSecond types.Number `tfsdk:"max_requests_per_second"`
	RequestTimeout       types.String `tfsdk:"request_timeout"`
	CACertificate        types.String `tfsdk:"ca_certificate"`
	InsecureSkipVerify   types.Bool   `tfsdk:"insecure_skip_verify"`
}

func attributes() map[string]schema.Attribute {
	notBlank := []validator.String{component.NotBlank()}
	return map[string]schema.Attribute{
		"host": schema.StringAttribute{
			MarkdownDescription: "Base URL of the platform, such as `https://guardai.navinfo.cloud`; it may carry a path prefix, and leaves out `/api/v1`. Required here, in the environment or in `config_file`. Environment: `GUARDAI_HOST`.",
			Optional:            true,
			Validators:          notBlank,
		},
		"api_key_id": schema.StringAttribute{
			MarkdownDescription: "Id of the API key, which is made in the profile of GuardAI's web interface. Needs `api_key`. Environment: `GUARDAI_API_KEY_ID`.",
			Optional:            true,
			Validators:          notBlank,
		},
		"api_key": schema.StringAttribute{
			MarkdownDescription: "API key. It is traded for a short-lived token at the first request, and again whenever that ends. Needs `api_key_id`. Environment: `GUARDAI_API_KEY`.",
			Optional:            true,
			Sensitive:           true,
			Validators:          notBlank,
		},
		"token": schema.StringAttribute{
			MarkdownDescription: "Ready token (JWT), used as it is; when it ends, so do the provider's rights. Can't be set together with `api_key_id` or `api_key`. Environment: `GUARDAI_TOKEN`.",
			Optional:            true,
			Sensitive:           true,
			Validators: []validator.String{
				component.NotBlank(),
				stringvalidator.ConflictsWith(path.MatchRoot("api_key_id"), path.MatchRoot("api_key")),
			},
		},
		"config_file": schema.StringAttribute{
			MarkdownDescription: "Path of a configuration file of GuardAI's Python client (`guardai-sdk-config.yml`), for the host and the API key. Environment: `GUARDAI_CONFIG_FILE`.",
			Optional:            true,
			Validators:          notBlank,
		},
		"max_retries": schema.NumberAttribute{
			MarkdownDescription: "How often a request that failed is repeated, where repeating it can do no harm; 0 turns that off. The waits double from half a second to 30 seconds, so that the default outlasts an outage of more than a minute. " +
				"An address where nobody accepts a connection is tried three times more at most. Default: `8`. Environment: `GUARDAI_MAX_RETRIES`.",
			Optional: true,
		},
		"max_requests_per_second": schema.NumberAttribute{
			MarkdownDescription: "How many requests the provider sends per second at most, repeated ones and logins included; fractions are fine. Default: no limit. Environment: `GUARDAI_MAX_REQUESTS_PER_SECOND`.",
			Optional:            true,
		},
		"request_timeout": schema.StringAttribute{
			MarkdownDescription: "How long an attempt may go without hearing from the platform, as a duration such as `30s` or `2m`: until the response begins, and between its bytes. A transfer may take as long as it moves. Default: `30s`. Environment: `GUARDAI_REQUEST_TIMEOUT`.",
			Optional:            true,
		},
		"ca_certificate": schema.StringAttribute{
			MarkdownDescription: "Certificates to trust in addition to the system's, for a private certificate authority: PEM text, or the path of a file with it. Environment: `GUARDAI_CA_CERTIFICATE`.",
			Optional:            true,
			Validators:          notBlank,
		},
		"insecure_skip_verify": schema.BoolAttribute{
			MarkdownDescription: "Don't verify the platform's certificate. For experiments only: anyone on the way can then read the credentials. Default: `false`.",
			Optional:            true,
		},
	}
}
