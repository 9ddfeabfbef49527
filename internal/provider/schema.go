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
			MarkdownDescription: "Base URL of the platform, such as `https://guardai.navinfo.cloud`. It may include a path prefix, but not `/api/v1`. Required: set it here, in the environment or in `config_file`. Environment variable: `GUARDAI_HOST`.",
			Optional:            true,
			Validators:          notBlank,
		},
		"api_key_id": schema.StringAttribute{
			MarkdownDescription: "ID of the API key. Create an API key in your profile in GuardAI's web interface. Requires `api_key`. Environment variable: `GUARDAI_API_KEY_ID`.",
			Optional:            true,
			Validators:          notBlank,
		},
		"api_key": schema.StringAttribute{
			MarkdownDescription: "API key. The provider exchanges it for a short-lived token when it sends the first request, and renews the token before it expires. Requires `api_key_id`. Environment variable: `GUARDAI_API_KEY`.",
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
			MarkdownDescription: "Path of the configuration file of GuardAI's Python client, such as `guardai-sdk-config.yml`. The provider reads the host and the API key from it. Environment variable: `GUARDAI_CONFIG_FILE`.",
			Optional:            true,
			Validators:          notBlank,
		},
		"max_retries": schema.NumberAttribute{
			MarkdownDescription: "Maximum number of retries of a failed request. The provider retries a request only if that is safe, and a refused connection at most three times. `0` disables retries. " +
				"The wait between retries starts at 0.5 seconds and doubles up to 30 seconds. Each wait is shortened by a random amount of up to a quarter. With the default, the waits add up to between 68 and 92 seconds. Default: `8`. Environment variable: `GUARDAI_MAX_RETRIES`.",
			Optional: true,
		},
		"max_requests_per_second": schema.NumberAttribute{
			MarkdownDescription: "Maximum number of requests per second, including retries and logins. Fractions are allowed. Default: no limit. Environment variable: `GUARDAI_MAX_REQUESTS_PER_SECOND`.",
			Optional:            true,
		},
		"request_timeout": schema.StringAttribute{
			MarkdownDescription: "Maximum time that a request may make no progress, as a duration such as `30s` or `2m`. It limits the wait for a response and pauses during a transfer, but not the duration of a transfer. It applies to each attempt separately. Default: `30s`. Environment variable: `GUARDAI_REQUEST_TIMEOUT`.",
			Optional:            true,
		},
		"ca_certificate": schema.StringAttribute{
			MarkdownDescription: "Certificates of a private certificate authority, as PEM text or the path of a PEM file. The provider trusts them in addition to the system's. Environment variable: `GUARDAI_CA_CERTIFICATE`.",
			Optional:            true,
			Validators:          notBlank,
		},
		"insecure_skip_verify": schema.BoolAttribute{
			MarkdownDescription: "Whether to skip the verification of the platform's certificate. The provider then shows a warning, because anyone who can intercept the connection can read the credentials. Default: `false`.",
			Optional:            true,
		},
	}
}
