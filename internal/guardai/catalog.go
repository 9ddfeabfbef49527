package guardai

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"

	"github.com/guardai/terraform-provider-guardai/internal/guardai/rest"
)

// Assets is the API's AssetsResponse. Fields that the platform omits are nil.
type Assets struct {
	AdversarialAttacks *string `json:"adversarialAttacks"`
	DatasetFormats     *string `json:"datasetFormats"`
	Defenses           *string `json:"defenses"`
	DomainAdaptations  *string `json:"domainAdaptations"`
	MetaAttacks        *string `json:"metaAttacks"`
	Metrics            *string `json:"metrics"`
	Noises             *string `json:"noises"`
}

// TransformDefinition is the API's TransformDefinition, whose JSON names are in snake_case. Free-form values stay raw
// JSON, so numbers lose no precision. Fields that the platform omits are nil; a raw value may also be null.
type TransformDefinition struct {
	ID                    *int64          `json:"id"`
	Name                  *string         `json:"name"`
	Description           *string         `json:"description"`
	Enabled               *bool           `json:"enabled"`
	CodebaseName          *string         `json:"codebase_name"`
	ConvertedTargetFormat *string         `json:"converted_target_format"`
	TargetFormat          []*string       `json:"target_format"`
	Tasks                 []*string       `json:"tasks"`
	Params                json.RawMessage `json:"params"`
	ApplyMapping          json.RawMessage `json:"apply_mapping"`
}

// MetricDefinition is the API's MetricDefinition, like TransformDefinition. A metric's id is its UID.
type MetricDefinition struct {
	UID          *string         `json:"uid"`
	Name         *string         `json:"name"`
	Description  *string         `json:"description"`
	Enabled      *bool           `json:"enabled"`
	CodebaseName *string         `json:"codebase_name"`
	MetricType   *string         `json:"metric_type"`
	Tasks        []*string       `json:"tasks"`
	Params       json.RawMessage `json:"params"`
}

// HPODefinition is the API's HPODefinition, a method for hyperparameter optimization. Free-form values stay raw JSON as
// in TransformDefinition.
type HPODefinition struct {
	ID          *int64          `json:"id"`
	Name        *string         `json:"name"`
	Description *string         `json:"description"`
	Enabled     *bool           `json:"enabled"`
	Params      json.RawMessage `json:"params"`
}

// GetAssets returns the assets defined for an organization.
func (c *Client) GetAssets(ctx context.Context, organizationID int64) (*Assets, error) {
	return fetch(ctx, c, organizationRequest(http.MethodGet, "/assets", organizationID), func(r *rest.Response) (*Assets, error) {
		assets, err := rest.DecodeJSON[*Assets](r)
		if err == nil && assets == nil {
			err = &InvalidResponseError{Problem: "it is null"}
		}
		return assets, err
	})
}

// ListTransforms returns the transforms defined for an organization, by ascending id.
func (c *Client) ListTransforms(ctx context.Context, organizationID int64) ([]TransformDefinition, error) {
	return fetchList(ctx, c, organizationRequest(http.MethodGet, "/transforms", organizationID),
		func(t TransformDefinition) *int64 { return t.ID })
}

// ListMetrics returns the custom metrics that the caller may see, by ascending uid, those without one first.
func (c *Client) ListMetrics(ctx context.Context) ([]MetricDefinition, error) {
	metrics, err := fetchList(ctx, c, &rest.Request{Method: http.MethodGet, Path: "/api/v1/metrics"}, func(MetricDefinition) *int64 { return nil })
	slices.SortStableFunc(metrics, func(a, b MetricDefinition) int { return cmp.Compare(text(a.UID), text(b.UID)) })
	return metrics, err
}

// text returns an optional text, empty for nil.
func text(optional *string) string {
	if optional == nil {
		return ""
	}
	return *optional
}

// ListHPODefinitions returns the hyperparameter optimization methods defined for an organization, by ascending id.
func (c *Client) ListHPODefinitions(ctx context.Context, organizationID int64) ([]HPODefinition, error) {
	return fetchList(ctx, c, organizationRequest(http.MethodGet, "/hpo", organizationID),
		func(d HPODefinition) *int64 { return d.ID })
}

// fetchList fetches a list and sorts it by ascending id, because the platform guarantees no order. Elements without an
// id come last.
func fetchList[T any](ctx context.Context, c *Client, req *rest.Request, id func(T) *int64) ([]T, error) {
	return fetchConvertedList(ctx, c, req, func(element T) (T, error) { return element, nil }, id)
}

// fetchConvertedList is fetchList for elements that aren't as the API sends them.
func fetchConvertedList[T, U any](ctx context.Context, c *Client, req *rest.Request, convert func(T) (U, error), id func(U) *int64) ([]U, error) {
	list, err := fetch(ctx, c, req, func(r *rest.Response) ([]U, error) { return rest.DecodeList(r, convert) })
	slices.SortStableFunc(list, func(a, b U) int { return compareIDs(id(a), id(b)) })
	return list, err
}

// NormalizeJSON returns JSON without white space and with sorted keys, so that equal values are equal texts. Numbers keep
// all digits. Absent JSON is null.
func NormalizeJSON(raw json.RawMessage) (string, error) {
	return normalizeJSON(raw, func(value any) any { return value })
}

// normalizeJSON is NormalizeJSON with a conversion of the decoded value, in which numbers are of the type json.Number.
func normalizeJSON(raw json.RawMessage, convert func(any) any) (string, error) {
	if len(raw) == 0 {
		return "null", nil
	}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		return "", fmt.Errorf("the platform sent JSON that can't be normalized: %w", err)
	}
	var normal bytes.Buffer
	encoder := json.NewEncoder(&normal)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(convert(value))
	return string(bytes.TrimSpace(normal.Bytes())), err
}
