package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/zclconf/go-cty/cty"
)

// providerSchemas asks a provider for everything that it offers.
func providerSchemas(ctx context.Context, server tfprotov6.ProviderServer) (*tfjson.ProviderSchemas, error) {
	response, err := server.GetProviderSchema(ctx, &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		return nil, err
	}
	identities, err := server.GetResourceIdentitySchemas(ctx, &tfprotov6.GetResourceIdentitySchemasRequest{})
	if err != nil {
		return nil, err
	}
	if err := firstError(append(response.Diagnostics, identities.Diagnostics...)); err != nil {
		return nil, err
	}
	if len(response.Functions) > 0 || len(response.StateStoreSchemas) > 0 {
		return nil, errors.New("the provider offers functions or state stores, which this command doesn't describe yet")
	}
	return &tfjson.ProviderSchemas{
		FormatVersion: "1.0",
		Schemas: map[string]*tfjson.ProviderSchema{name: {
			ConfigSchema:             schema(response.Provider),
			ResourceSchemas:          each(response.ResourceSchemas, schema),
			DataSourceSchemas:        each(response.DataSourceSchemas, schema),
			EphemeralResourceSchemas: each(response.EphemeralResourceSchemas, schema),
			ListResourceSchemas:      each(response.ListResourceSchemas, schema),
			ActionSchemas:            each(response.ActionSchemas, actionSchema),
			ResourceIdentitySchemas:  each(identities.IdentitySchemas, identitySchema),
		}},
	}, nil
}

func firstError(diagnostics []*tfprotov6.Diagnostic) error {
	for _, d := range diagnostics {
		if d.Severity == tfprotov6.DiagnosticSeverityError {
			return fmt.Errorf("%s: %s", d.Summary, d.Detail)
		}
	}
	return nil
}

func each[From, To any](from map[string]*From, convert func(*From) *To) map[string]*To {
	to := make(map[string]*To, len(from))
	for key, value := range from {
		to[key] = convert(value)
	}
	return to
}

func schema(s *tfprotov6.Schema) *tfjson.Schema {
	return &tfjson.Schema{Version: uint64(s.Version), Block: block(s.Block)} //nolint:gosec // A version is no negative number.
}

func actionSchema(s *tfprotov6.ActionSchema) *tfjson.ActionSchema {
	return &tfjson.ActionSchema{Block: block(s.Schema.Block)}
}

func identitySchema(s *tfprotov6.ResourceIdentitySchema) *tfjson.IdentitySchema {
	converted := &tfjson.IdentitySchema{
		Version:    uint64(s.Version), //nolint:gosec // A version is no negative number.
		Attributes: map[string]*tfjson.IdentityAttribute{},
	}
	for _, a := range s.IdentityAttributes {
		converted.Attributes[a.Name] = &tfjson.IdentityAttribute{
			IdentityType: typeOf(a.Type), Description: a.Description,
			RequiredForImport: a.RequiredForImport, OptionalForImport: a.OptionalForImport,
		}
	}
	return converted
}

func block(b *tfprotov6.SchemaBlock) *tfjson.SchemaBlock {
	converted := &tfjson.SchemaBlock{
		Attributes: attributes(b.Attributes), NestedBlocks: map[string]*tfjson.SchemaBlockType{},
		Description: b.Description, DescriptionKind: kind(b.DescriptionKind), Deprecated: b.Deprecated,
	}
	for _, nested := range b.BlockTypes {
		converted.NestedBlocks[nested.TypeName] = &tfjson.SchemaBlockType{
			NestingMode: nesting(nested.Nesting), Block: block(nested.Block),
			MinItems: uint64(nested.MinItems), MaxItems: uint64(nested.MaxItems), //nolint:gosec // A count is no negative number.
		}
	}
	return converted
}

func attributes(from []*tfprotov6.SchemaAttribute) map[string]*tfjson.SchemaAttribute {
	to := make(map[string]*tfjson.SchemaAttribute, len(from))
	for _, a := range from {
		converted := &tfjson.SchemaAttribute{
			Description: a.Description, DescriptionKind: kind(a.DescriptionKind), Deprecated: a.Deprecated,
			Required: a.Required, Optional: a.Optional, Computed: a.Computed, Sensitive: a.Sensitive, WriteOnly: a.WriteOnly,
		}
		if a.NestedType == nil {
			converted.AttributeType = typeOf(a.Type)
		} else {
			converted.AttributeNestedType = &tfjson.SchemaNestedAttributeType{
				Attributes: attributes(a.NestedType.Attributes), NestingMode: nesting(a.NestedType.Nesting),
			}
		}
		to[a.Name] = converted
	}
	return to
}

// nesting goes by the name of a mode, which is the same in both forms but for its case.
func nesting(mode fmt.Stringer) tfjson.SchemaNestingMode {
	return tfjson.SchemaNestingMode(strings.ToLower(mode.String()))
}

func kind(k tfprotov6.StringKind) tfjson.SchemaDescriptionKind {
	if k == tfprotov6.StringKindMarkdown {
		return tfjson.SchemaDescriptionKindMarkdown
	}
	return tfjson.SchemaDescriptionKindPlain
}

// typeOf goes through JSON, in which both kinds of types are written the same.
func typeOf(t tftypes.Type) cty.Type {
	var converted cty.Type
	content, err := json.Marshal(t)
	if err == nil {
		err = converted.UnmarshalJSON(content)
	}
	if err != nil {
		panic(fmt.Sprintf("the type %s can't be described: %s", t, err))
	}
	return converted
}
