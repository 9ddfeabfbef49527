// Package organization implements the resource, the data sources, the list resource and the action for organizations.
package organization

import (
	"context"
	"fmt"
	"maps"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"golang.org/x/text/unicode/norm"

	"github.com/guardai/terraform-provider-guardai/internal/component"
	"github.com/guardai/terraform-provider-guardai/internal/guardai"
)

// resourceModel is the resource's state, plan or configuration. It isn't a struct with tags, because a table defines
// the settings.
type resourceModel struct {
	ID                   types.String
	Name                 types.String
	SourceOrganizationID types.String
	ForceDestroy         types.Bool
	CreatedAt            timetypes.RFC3339
	// Settings holds the values of the settings by attribute.
	Settings map[string]attr.Value
}

type identityModel struct {
	ID types.String `tfsdk:"id"`
}

type attributeReader interface {
	Get(ctx context.Context, target any) diag.Diagnostics
}

// readModel reads a model. The null state of a new resource gives an empty one.
func readModel(ctx context.Context, from attributeReader, diags *diag.Diagnostics) resourceModel {
	var object types.Object
	diags.Append(from.Get(ctx, &object)...)
	attributes := object.Attributes()
	model := resourceModel{
		ID:                   attributeValue[types.String](attributes, "id"),
		Name:                 attributeValue[types.String](attributes, "name"),
		SourceOrganizationID: attributeValue[types.String](attributes, "source_organization_id"),
		ForceDestroy:         attributeValue[types.Bool](attributes, "force_destroy"),
		CreatedAt:            attributeValue[timetypes.RFC3339](attributes, "created_at"),
		Settings:             map[string]attr.Value{},
	}
	for _, s := range settings {
		if value, ok := attributes[s.attribute]; ok {
			model.Settings[s.attribute] = value
		}
	}
	return model
}

// attributeValue returns an attribute's value; null if it is missing.
func attributeValue[T attr.Value](attributes map[string]attr.Value, name string) T {
	value, _ := attributes[name].(T)
	return value
}

// setting returns a setting's value; null if the model has none.
func (m *resourceModel) setting(ctx context.Context, s setting) attr.Value {
	if value, ok := m.Settings[s.attribute]; ok {
		return value
	}
	return s.null(ctx)
}

// object returns the model as a Terraform object.
func (m *resourceModel) object(ctx context.Context) (types.Object, diag.Diagnostics) {
	values := map[string]attr.Value{
		"id": m.ID, "name": m.Name, "source_organization_id": m.SourceOrganizationID,
		"force_destroy": m.ForceDestroy, "created_at": m.CreatedAt,
	}
	for _, s := range settings {
		values[s.attribute] = m.setting(ctx, s)
	}
	attributeTypes := map[string]attr.Type{}
	for name, value := range values {
		attributeTypes[name] = value.Type(ctx)
	}
	return types.ObjectValue(attributeTypes, values)
}

type attributeWriter interface {
	Set(ctx context.Context, value any) diag.Diagnostics
}

func (m *resourceModel) write(ctx context.Context, to attributeWriter) diag.Diagnostics {
	object, diags := m.object(ctx)
	if diags.HasError() {
		return diags
	}
	return append(diags, to.Set(ctx, object)...)
}

// fromAPI updates the model from a response. All state from the platform goes through it. Arguments that only the
// provider knows keep their values.
func (m *resourceModel) fromAPI(org *guardai.Organization) error {
	values, err := settingsFromAPI(org.Settings)
	if err != nil {
		return fmt.Errorf("organization %d: %w", org.ID, err)
	}
	m.ID = component.ID(org.ID)
	// Terraform normalizes strings to NFC.
	m.Name = types.StringValue(norm.NFC.String(org.Name))
	// If state has an empty list, the platform may omit it.
	for attribute, value := range values {
		before, isSet := m.Settings[attribute].(types.Set)
		if isSet && value.IsNull() && !before.IsNull() && !before.IsUnknown() && len(before.Elements()) == 0 {
			values[attribute] = before
		}
	}
	m.Settings = values
	// If a response omits the date, it hasn't changed.
	if created := component.Time(org.CreatedAt); !created.IsNull() || m.CreatedAt.IsUnknown() {
		m.CreatedAt = created
	}
	m.ForceDestroy = types.BoolValue(m.ForceDestroy.ValueBool())
	return nil
}

// clone returns a copy with its own settings map.
func (m *resourceModel) clone() resourceModel {
	clone := *m
	clone.Settings = maps.Clone(m.Settings)
	return clone
}
