package provider

import (
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/guardai/terraform-provider-guardai/internal/component"
)

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
			MarkdownDescription: "Base URL of the platform, such as `https://guardai.navinfo.cloud`. It may include a path prefix, but not `/api/v1`. Required in the provider block, in the environment or in `config_file`. Environment variable: `GUARDAI_HOST`.",
			Optional:            true,
			Validators:          notBlank,
		},
		"api_key_id": schema.StringAttribute{
			MarkdownDescription: "ID of the API key. Create an API key in your profile in GuardAI's web interface. Requires `api_key`. Environment variable: `GUARDAI_API_KEY_ID`.",
			Optional:            true,
			Validators:          notBlank,
		},
		"api_key": schema.StringAttribute{
			MarkdownDescription: "API key. The provider exchanges it for a short-lived token at the first request and renews the token before it expires. Requires `api_key_id`. Environment variable: `GUARDAI_API_KEY`.",
			Optional:            true,
			Sensitive:           true,
			Validators:          notBlank,
		},
		"token": schema.StringAttribute{
			MarkdownDescription: "Token (JWT) to use in place of an API key. The provider can't renew it: requests fail once it has expired. Conflicts with `api_key_id` and `api_key`. Environment variable: `GUARDAI_TOKEN`.",
			Optional:            true,
			Sensitive:           true,
			Validators: []validator.String{
				component.NotBlank(),
				stringvalidator.ConflictsWith(path.MatchRoot("api_key_id"), path.MatchRoot("api_key")),
			},
		},
		"config_file": schema.StringAttribute{
			MarkdownDescription: "Path of a configuration file of GuardAI's Python client (`guardai-sdk-config.yml`), from which the provider reads the host and the API key. Environment variable: `GUARDAI_CONFIG_FILE`.",
			Optional:            true,
			Validators:          notBlank,
		},
		"max_retries": schema.NumberAttribute{
			MarkdownDescription: "Maximum number of times the provider retries a failed request. It retries only requests that are safe to repeat. `0` disables retries. The wait doubles from half a second to 30 seconds, less up to a quarter at random, so the default waits 69 to 92 seconds in total. " +
				"A connection that is refused is retried at most three times. Default: `8`. Environment variable: `GUARDAI_MAX_RETRIES`.",
			Optional: true,
		},
		"max_requests_per_second": schema.NumberAttribute{
			MarkdownDescription: "Maximum number of requests per second, including retries and logins. Fractions are allowed. Default: no limit. Environment variable: `GUARDAI_MAX_REQUESTS_PER_SECOND`.",
			Optional:            true,
		},
		"request_timeout": schema.StringAttribute{
			MarkdownDescription: "Maximum time without progress in one attempt of a request, as a duration such as `30s` or `2m`. It limits the wait for the response and the pauses during a transfer, not the duration of a whole transfer. Default: `30s`. Environment variable: `GUARDAI_REQUEST_TIMEOUT`.",
			Optional:            true,
		},
		"ca_certificate": schema.StringAttribute{
			MarkdownDescription: "Certificates of a private certificate authority, to trust in addition to the system's: PEM text, or the path of a PEM file. Environment variable: `GUARDAI_CA_CERTIFICATE`.",
			Optional:            true,
			Validators:          notBlank,
		},
		"insecure_skip_verify": schema.BoolAttribute{
			MarkdownDescription: "Whether to skip verification of the platform's certificate. Anyone who can intercept the connection can then read the credentials. Default: `false`.",
			Optional:            true,
		},
	}
}
