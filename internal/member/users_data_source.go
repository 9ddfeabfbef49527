package member

import (
	"context"
	"regexp"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/guardai/terraform-provider-guardai/internal/component"
	"github.com/guardai/terraform-provider-guardai/internal/guardai"
)

var (
	_ datasource.DataSourceWithConfigure = (*usersDataSource)(nil)
	_ datasource.DataSourceWithConfigure = (*userDataSource)(nil)
	_ datasource.DataSourceWithConfigure = (*currentUserDataSource)(nil)
)

const personalData = "State contains personal data in plain text: names, email addresses and login times."

// userAttributes are the attributes of a user, without the avatar.
func userAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"id":               schema.StringAttribute{Computed: true, MarkdownDescription: "ID of the user."},
		"uid":              schema.StringAttribute{Computed: true, MarkdownDescription: "Unique identifier of the user."},
		"name":             schema.StringAttribute{Computed: true, MarkdownDescription: "Name of the user."},
		"email":            schema.StringAttribute{Computed: true, MarkdownDescription: "Email address of the user."},
		"roles":            schema.StringAttribute{Computed: true, MarkdownDescription: "Roles of the user, as a single string in the platform's format."},
		"registered":       schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether the user is registered."},
		"license_accepted": schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether the user has accepted the license."},
		"last_login_at":    schema.StringAttribute{Computed: true, CustomType: timetypes.RFC3339Type{}, MarkdownDescription: "Time of the last login, in RFC 3339 format and UTC."},
		"time_used":        schema.Int64Attribute{Computed: true, MarkdownDescription: "Time that the user has used. The API documentation doesn't name the unit."},
		"organization_ids": schema.ListAttribute{Computed: true, ElementType: types.StringType, MarkdownDescription: "IDs of the organizations that the platform lists with the user, in ascending order."},
		"organizations": schema.ListNestedAttribute{
			Computed:            true,
			MarkdownDescription: "Organizations that the platform lists with the user, by ascending ID.",
			NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
				"id":   schema.StringAttribute{Computed: true, MarkdownDescription: "ID of the organization."},
				"name": schema.StringAttribute{Computed: true, MarkdownDescription: "Name of the organization."},
			}},
		},
		"settings": schema.SingleNestedAttribute{
			Computed:            true,
			MarkdownDescription: "Settings of the user.",
			Attributes: map[string]schema.Attribute{
				"favorite_projects": schema.ListAttribute{Computed: true, ElementType: types.StringType, MarkdownDescription: "IDs of the user's favorite projects, in the platform's order."},
				"notifications":     schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether the user receives notifications."},
			},
		},
	}
}

type usersDataSource struct{ component.DataSource }

// NewUsersDataSource returns the data source guardai_users.
func NewUsersDataSource() datasource.DataSource { return &usersDataSource{} }

func (d *usersDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_users"
}

func (d *usersDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = usersSchema()
}

func usersSchema() schema.Schema {
	return schema.Schema{
		MarkdownDescription: "Lists the users of the platform. Requires administrator rights.\n\n" + personalData,
		Attributes: map[string]schema.Attribute{
			"email_regex": schema.StringAttribute{
				MarkdownDescription: "Regular expression in RE2 syntax. Only users whose email address it matches are listed, regardless of case. Default: all users.",
				Optional:            true,
				Validators:          []validator.String{component.RegularExpression()},
			},
			"users": schema.ListNestedAttribute{
				MarkdownDescription: "The users, by ascending ID. A field that the platform omits is null.",
				Computed:            true,
				NestedObject:        schema.NestedAttributeObject{Attributes: userAttributes()},
			},
		},
	}
}

func (d *usersDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var emailRegex types.String
	at := path.Root("email_regex")
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, at, &emailRegex)...)
	client, ok := d.ReadyClient(&resp.Diagnostics)
	if !ok {
		return
	}
	matcher, err := regexp.Compile("(?i)" + emailRegex.ValueString())
	if err != nil {
		resp.Diagnostics.AddAttributeError(at, "Invalid regular expression", err.Error())
		return
	}
	all, err := client.ListUsers(ctx)
	if err != nil {
		component.AddError(&resp.Diagnostics, "Unable to list users", err)
		return
	}
	var users []guardai.User
	for _, user := range all {
		if emailRegex.IsNull() || (user.Email != nil && matcher.MatchString(*user.Email)) {
			users = append(users, user)
		}
	}
	state := component.ObjectType(ctx, usersSchema().Type())
	resp.Diagnostics.Append(resp.State.Set(ctx, tftypes.NewValue(state, map[string]tftypes.Value{
		"email_regex": tftypes.NewValue(tftypes.String, emailRegex.ValueStringPointer()),
		"users":       listValue(state.AttributeTypes["users"], users, &resp.Diagnostics),
	}))...)
}

type userDataSource struct{ component.DataSource }

// NewUserDataSource returns the data source guardai_user.
func NewUserDataSource() datasource.DataSource { return &userDataSource{} }

func (d *userDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_user"
}

func (d *userDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := userAttributes()
	attributes["id"] = schema.StringAttribute{
		CustomType:          component.IDType{},
		MarkdownDescription: "ID of the user. Exactly one of `id` and `email` must be set.",
		Optional:            true,
		Computed:            true,
		Validators:          []validator.String{stringvalidator.ExactlyOneOf(path.MatchRoot("id"), path.MatchRoot("email"))},
	}
	attributes["email"] = schema.StringAttribute{
		MarkdownDescription: "Email address of the user, regardless of case. If no user or more than one has it, that is an error. Looking it up requires administrator rights.",
		Optional:            true,
		Computed:            true,
		Validators:          []validator.String{component.NotBlank()},
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Reads a user, by ID or by email address.\n\n" + personalData,
		Attributes:          attributes,
	}
}

func (d *userDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var id component.IDValue
	var email types.String
	at := path.Root("id")
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, at, &id)...)
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("email"), &email)...)
	id.Check(at, &resp.Diagnostics)
	client, ok := d.ReadyClient(&resp.Diagnostics)
	if !ok {
		return
	}
	var user *guardai.User
	if email.IsNull() {
		user = findByID(ctx, client, id.Int64(at, &resp.Diagnostics), at, &resp.Diagnostics)
	} else {
		user = findByEmail(ctx, client, email.ValueString(), path.Root("email"), &resp.Diagnostics)
	}
	if user != nil {
		state := component.ObjectType(ctx, req.Config.Schema.Type())
		resp.Diagnostics.Append(resp.State.Set(ctx, newMapper(state).value(user, &resp.Diagnostics))...)
	}
}

type currentUserDataSource struct{ component.DataSource }

// NewCurrentUserDataSource returns the data source guardai_current_user.
func NewCurrentUserDataSource() datasource.DataSource { return &currentUserDataSource{} }

func (d *currentUserDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_current_user"
}

func (d *currentUserDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Reads the user that the provider acts as.\n\n" + personalData,
		Attributes:          userAttributes(),
	}
}

func (d *currentUserDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	client, ok := d.ReadyClient(&resp.Diagnostics)
	if !ok {
		return
	}
	user, err := client.CurrentUser(ctx)
	if err != nil {
		component.AddError(&resp.Diagnostics, "Unable to read the current user", err)
		return
	}
	state := component.ObjectType(ctx, req.Config.Schema.Type())
	resp.Diagnostics.Append(resp.State.Set(ctx, newMapper(state).value(user, &resp.Diagnostics))...)
}
