package conformance

import (
	"fmt"
	"regexp"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

var (
	// sentences matches text that starts with a capital letter or a quoted word, and ends with a period.
	sentences = regexp.MustCompile("(?s)^[A-Z`].*[^.]\\.$")
	// secrets matches the names of secret attributes. The id of a secret isn't secret.
	secrets = regexp.MustCompile(`(^|_)(credential|jwt|key|passphrase|password|secret|token)s?$`)
	// ids matches the names of ids, which must be strings.
	ids = regexp.MustCompile(`(^|_)ids?$`)
	// defaults matches the statement of a default.
	defaults = regexp.MustCompile("Default: `[^`]+`|`[^`]+`,( which is)? the default|the platform chooses")
)

// checkSchema returns the problems of a schema.
func checkSchema(where string, schema *tfprotov6.Schema) []string {
	if schema == nil || schema.Block == nil {
		return []string{where + ": there is no schema"}
	}
	return checkBlock(where, schema.Block)
}

func checkBlock(where string, block *tfprotov6.SchemaBlock) []string {
	problems := checkDescription(where, block.Description, block.DescriptionKind)
	problems = append(problems, checkAttributes(where, "", block.Attributes)...)
	for _, nested := range block.BlockTypes {
		problems = append(problems, checkBlock(where+"."+nested.TypeName, nested.Block)...)
	}
	return problems
}

func checkAttributes(where, prefix string, attributes []*tfprotov6.SchemaAttribute) []string {
	var problems []string
	for _, attribute := range attributes {
		name := prefix + attribute.Name
		problems = append(problems, checkAttribute(fmt.Sprintf("%s: attribute %s", where, name), attribute)...)
		if attribute.NestedType != nil {
			problems = append(problems, checkAttributes(where, name+".", attribute.NestedType.Attributes)...)
		}
	}
	return problems
}

func checkAttribute(where string, attribute *tfprotov6.SchemaAttribute) []string {
	problems := checkDescription(where, attribute.Description, attribute.DescriptionKind)
	if secrets.MatchString(attribute.Name) && !attribute.Sensitive {
		problems = append(problems, where+": it is named like a secret and is not sensitive")
	}
	if ids.MatchString(attribute.Name) && attribute.Type != nil && !isText(attribute.Type) {
		problems = append(problems, where+": it is named like an id and is not a string")
	}
	// An omitted boolean means true or false, or what the platform chooses, so its default must be documented.
	if attribute.Optional && tftypes.Bool.Equal(attribute.Type) && !defaults.MatchString(attribute.Description) {
		problems = append(problems, where+": the description of an optional switch doesn't name its default")
	}
	return problems
}

// isText reports whether a type is a string or a collection of strings.
func isText(of tftypes.Type) bool {
	switch of := of.(type) {
	case tftypes.List:
		return isText(of.ElementType)
	case tftypes.Set:
		return isText(of.ElementType)
	}
	return of.Is(tftypes.String)
}

// checkIdentity returns the problems of a resource's identity schema.
func checkIdentity(where string, identity *tfprotov6.ResourceIdentitySchema) []string {
	if identity == nil {
		return []string{where + ": there is no identity"}
	}
	var problems []string
	for _, attribute := range identity.IdentityAttributes {
		at := where + ": identity attribute " + attribute.Name
		if !sentences.MatchString(attribute.Description) {
			problems = append(problems, at+noSentence)
		}
		if ids.MatchString(attribute.Name) && !isText(attribute.Type) {
			problems = append(problems, at+": it is named like an id and is not a string")
		}
	}
	return problems
}

const noSentence = ": its description is not a sentence, with a capital and a period"

func checkDescription(where, description string, format tfprotov6.StringKind) []string {
	if !sentences.MatchString(description) {
		return []string{where + noSentence}
	}
	if format != tfprotov6.StringKindMarkdown {
		return []string{where + ": its description is not a MarkdownDescription"}
	}
	return nil
}
