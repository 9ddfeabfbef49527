package export

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/go-version"
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"

	"github.com/guardai/terraform-provider-guardai/internal/organization"
)

const (
	organizationType = "guardai_organization"
	fileType         = "guardai_organization_file"
)

// versions returns versions.tf.
func versions(opts options) []byte {
	required := ">= 1.5"
	if opts.layout == layoutGitOps {
		// Import blocks with for_each.
		required = ">= 1.7"
	}
	file := hclwrite.NewEmptyFile()
	block := file.Body().AppendNewBlock("terraform", nil).Body()
	block.SetAttributeValue("required_version", cty.StringVal(required))
	block.AppendNewline()
	block.AppendNewBlock("required_providers", nil).Body().SetAttributeValue("guardai", cty.ObjectVal(map[string]cty.Value{
		"source":  cty.StringVal("guardai/guardai"),
		"version": cty.StringVal(constraint(opts.version)),
	}))
	return hclwrite.Format(file.Bytes())
}

// prerelease matches the suffixes of published pre-releases. Builds from a checkout have others.
var prerelease = regexp.MustCompile(`^(alpha|beta|rc)\b`)

// constraint returns the version constraint for the provider: this version, or newer ones without breaking changes.
func constraint(text string) string {
	this, err := version.NewSemver(text)
	switch {
	case err != nil || !strings.Contains(text, "."):
		return "~> 0.1"
	case prerelease.MatchString(this.Prerelease()):
		return this.Original()
	}
	segments := this.Segments()
	return fmt.Sprintf("~> %d.%d", segments[0], segments[1])
}

const providerComment = `# Credentials come from the environment (GUARDAI_API_KEY_ID and GUARDAI_API_KEY, or GUARDAI_TOKEN) or from the file
# that GUARDAI_CONFIG_FILE names. Keep them out of this file.
`

// providerBlock returns provider.tf, without secrets.
func providerBlock(opts options) []byte {
	file := hclwrite.NewEmptyFile()
	comment(file.Body(), providerComment)
	body := file.Body().AppendNewBlock("provider", []string{"guardai"}).Body()
	body.SetAttributeValue("host", cty.StringVal(opts.config.Host))
	for _, name := range slices.Sorted(maps.Keys(opts.arguments)) {
		value := cty.StringVal(opts.arguments[name])
		switch name {
		case "max_retries", "max_requests_per_second":
			number, err := cty.ParseNumberVal(opts.arguments[name])
			if err != nil {
				continue
			}
			value = number
		case "insecure_skip_verify":
			value = cty.True
		case "request_timeout":
		default:
			continue
		}
		body.SetAttributeValue(name, value)
	}
	return hclwrite.Format(file.Bytes())
}

// comment appends lines that start with #.
func comment(body *hclwrite.Body, lines string) {
	for line := range strings.Lines(lines) {
		body.AppendUnstructuredTokens(hclwrite.Tokens{{Type: hclsyntax.TokenComment, Bytes: []byte(line)}})
	}
}

func organizationBlock(body *hclwrite.Body, org *organizationItem) {
	block := body.AppendNewBlock("resource", []string{organizationType, org.recorded.Label}).Body()
	block.SetAttributeValue("name", cty.StringVal(org.Name))
	for _, setting := range org.settings {
		block.SetAttributeValue(setting.Attribute, settingValue(setting))
	}
}

func settingValue(setting organization.SettingValue) cty.Value {
	switch value := setting.Value.(type) {
	case int64:
		return cty.NumberIntVal(value)
	case []string:
		elements := make([]cty.Value, 0, len(value))
		for _, element := range value {
			elements = append(elements, cty.StringVal(element))
		}
		return cty.TupleVal(elements)
	}
	panic(fmt.Sprintf("export: the setting %s has a value of type %T", setting.Attribute, setting.Value))
}

// fileBlock appends a file's resource block. fileName ensures that its path needs no escaping. linked selects a
// reference to the organization's resource in place of its id.
func fileBlock(body *hclwrite.Body, org *organizationItem, file *fileItem, linked bool) {
	if !file.hasName() {
		comment(body, fmt.Sprintf("# The platform has no name for this file. The provider leaves its content alone. A copy is in %s.\n"+
			"# To manage the content, set name and source, and remove the lifecycle block.\n", file.recorded.Path))
	}
	block := body.AppendNewBlock("resource", []string{fileType, file.recorded.Label}).Body()
	if linked {
		block.SetAttributeTraversal("organization_id", traversal(organizationType, org.recorded.Label, "id"))
	} else {
		block.SetAttributeValue("organization_id", cty.StringVal(org.recorded.ID))
	}
	if !file.hasName() {
		ignored := block.AppendNewBlock("lifecycle", nil).Body()
		ignored.SetAttributeRaw("ignore_changes", hclwrite.TokensForTuple([]hclwrite.Tokens{
			hclwrite.TokensForIdentifier("content"), hclwrite.TokensForIdentifier("content_base64"),
		}))
		return
	}
	block.SetAttributeValue("name", cty.StringVal(file.FileName))
	block.SetAttributeRaw("source", hclwrite.Tokens{
		{Type: hclsyntax.TokenQuotedLit, Bytes: []byte(`"${path.module}/` + file.recorded.Path + `"`)},
	})
	if file.DatasetID != nil {
		block.SetAttributeValue("dataset_id", cty.StringVal(fmt.Sprint(*file.DatasetID)))
	}
}

func importBlock(body *hclwrite.Body, resource, label, id string) {
	block := body.AppendNewBlock("import", nil).Body()
	block.SetAttributeTraversal("to", traversal(resource, label))
	block.SetAttributeValue("id", cty.StringVal(id))
}

func traversal(root string, attributes ...string) hcl.Traversal {
	steps := hcl.Traversal{hcl.TraverseRoot{Name: root}}
	for _, name := range attributes {
		steps = append(steps, hcl.TraverseAttr{Name: name})
	}
	return steps
}

// addressesIn returns the addresses of the resource and import blocks in a file, such as
// resource.guardai_organization.a.
func addressesIn(name string, text []byte) ([]string, error) {
	file, diags := hclwrite.ParseConfig(text, name, hcl.InitialPos)
	if diags.HasErrors() {
		return nil, fmt.Errorf("%s can't be read: %w", name, diags)
	}
	var found []string
	for _, block := range file.Body().Blocks() {
		switch labels := block.Labels(); {
		case block.Type() == "resource" && len(labels) == 2:
			found = append(found, "resource."+labels[0]+"."+labels[1])
		case block.Type() == "import":
			if to := block.Body().GetAttribute("to"); to != nil {
				found = append(found, "import."+strings.TrimSpace(string(to.Expr().BuildTokens(nil).Bytes())))
			}
		}
	}
	return found, nil
}
