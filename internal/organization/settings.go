package organization

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	dataschema "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/guardai/terraform-provider-guardai/internal/component"
	"github.com/guardai/terraform-provider-guardai/internal/guardai"
)

// setting is a field of the API's OrganizationSettings that the provider manages. Schemas, requests, comparisons and
// plans are derived from the table below.
type setting struct {
	// attribute is the name in Terraform, and field the name in JSON.
	attribute, field string
	kind             settingKind
	description      string
}

var settings = []setting{
	{
		"disabled_features", "disabledFeatures",
		featureSet{},
		"Disabled features of the organization. The API documentation names " + quotedFeatures + ".",
	},
	{"max_item_count", "maxItemCount", quota{}, "Maximum number of items."},
	{
		"max_time_allocated", "maxTimeAllocated",
		quota{},
		"Total time that the organization may use. The API documentation doesn't name the unit.",
	},
	{
		"max_time_per_task", "maxTimePerTask",
		quota{},
		"Time that a single task may use. The API documentation doesn't name the unit.",
	},
}

// settingKind is the type of a setting.
type settingKind interface {
	attrType() attr.Type
	// fromAPI decodes a field of a response; null if it is absent or null.
	fromAPI(raw json.RawMessage) (attr.Value, error)
	// toAPI returns a known value for a request.
	toAPI(value attr.Value) any
	resourceAttribute(description string) schema.Attribute
	dataAttribute(description string) dataschema.Attribute
}

func (s setting) unknown(ctx context.Context) attr.Value {
	return s.value(ctx, tftypes.UnknownValue)
}

func (s setting) null(ctx context.Context) attr.Value { return s.value(ctx, nil) }

func (s setting) value(ctx context.Context, value any) attr.Value {
	attrType := s.kind.attrType()
	// Null and unknown values fit every type.
	converted, _ := attrType.ValueFromTerraform(ctx, tftypes.NewValue(attrType.TerraformType(ctx), value))
	return converted
}

// settingsFromAPI maps an organization's settings to Terraform values by attribute.
func settingsFromAPI(response guardai.Settings) (map[string]attr.Value, error) {
	values := map[string]attr.Value{}
	for _, s := range settings {
		value, err := s.kind.fromAPI(response.Values[s.field])
		if err != nil {
			return nil, fmt.Errorf("the platform reports a setting %s that can't be used: %w", s.field, err)
		}
		values[s.attribute] = value
	}
	return values, nil
}

// featureSet is a set of feature names.
type featureSet struct{}

// knownFeatures are the features that the API documents. The platform may have others.
var knownFeatures = []string{"ADV_CRAFTING", "EVALUATION", "ROBUSTNESS"}

const quotedFeatures = "`ADV_CRAFTING`, `EVALUATION` and `ROBUSTNESS`"

func (featureSet) attrType() attr.Type { return types.SetType{ElemType: types.StringType} }

// fromAPI removes duplicates.
func (featureSet) fromAPI(raw json.RawMessage) (attr.Value, error) {
	var features []string
	if len(raw) > 0 {
		if err := json.Unmarshal(raw, &features); err != nil {
			return nil, fmt.Errorf("it is not a list of texts: %.60q", raw)
		}
	}
	if features == nil {
		return types.SetNull(types.StringType), nil
	}
	slices.Sort(features)
	elements := []attr.Value{}
	for _, feature := range slices.Compact(features) {
		elements = append(elements, types.StringValue(feature))
	}
	return types.SetValueMust(types.StringType, elements), nil
}

func (featureSet) toAPI(value attr.Value) any { return featureNames(value) }

// featureNames returns the known elements of a set, sorted.
func featureNames(value attr.Value) []string {
	names := []string{}
	set, _ := value.(types.Set)
	for _, element := range set.Elements() {
		if text, ok := element.(types.String); ok && !text.IsUnknown() {
			names = append(names, text.ValueString())
		}
	}
	slices.Sort(names)
	return names
}

func (featureSet) resourceAttribute(description string) schema.Attribute {
	return schema.SetAttribute{
		MarkdownDescription: description + " If you set another name, the provider shows a warning and sends it to the platform. An empty set enables all features.",
		Optional:            true,
		Computed:            true,
		ElementType:         types.StringType,
		Validators:          []validator.Set{setvalidator.NoNullValues()},
	}
}

func (featureSet) dataAttribute(description string) dataschema.Attribute {
	return dataschema.SetAttribute{MarkdownDescription: description, Computed: true, ElementType: types.StringType}
}

// quota is a 32-bit integer, for which the API documents no lower bound.
type quota struct{}

func (quota) attrType() attr.Type { return types.NumberType }

func (quota) fromAPI(raw json.RawMessage) (attr.Value, error) {
	var number *int64
	if len(raw) > 0 {
		if err := json.Unmarshal(raw, &number); err != nil {
			return nil, fmt.Errorf("it is not a whole number: %.60q", raw)
		}
	}
	return component.Number(number), nil
}

func (quota) toAPI(value attr.Value) any {
	number, _ := value.(types.Number)
	if number.IsNull() || number.IsUnknown() {
		return nil
	}
	whole, _ := number.ValueBigFloat().Int64()
	return whole
}

func (quota) resourceAttribute(description string) schema.Attribute {
	return schema.NumberAttribute{
		MarkdownDescription: description + " Must be a whole number.",
		Optional:            true,
		Computed:            true,
		Validators:          []validator.Number{component.WholeNumber(math.MinInt32, math.MaxInt32)},
	}
}

func (quota) dataAttribute(description string) dataschema.Attribute {
	return dataschema.NumberAttribute{MarkdownDescription: description, Computed: true}
}

// unknownFeatures returns the features that a plan adds and the API doesn't document.
func unknownFeatures(plan, state attr.Value) []string {
	existing := featureNames(state)
	return slices.DeleteFunc(featureNames(plan), func(name string) bool {
		return slices.Contains(knownFeatures, name) || slices.Contains(existing, name)
	})
}

func quoteEach(names []string) []string {
	quoted := make([]string, 0, len(names))
	for _, name := range names {
		quoted = append(quoted, fmt.Sprintf("%q", name))
	}
	return quoted
}
