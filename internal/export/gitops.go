package export

import (
	"bytes"
	"cmp"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"go.yaml.in/yaml/v3"
	"golang.org/x/text/unicode/norm"

	"github.com/guardai/terraform-provider-guardai/internal/organization"
)

const (
	layoutGitOps = "gitops"

	// environmentDir is the folder of the example that the CLI runs in.
	environmentDir = "environments/production"
	moduleName     = "organizations"
)

// gitOps is the layout of examples/gitops: a YAML file for each organization, and a module that creates resources from
// them.
type gitOps struct{ examples fs.FS }

func (gitOps) root() string { return environmentDir }

func (gitOps) contents(org *organizationItem) string {
	return path.Join("organizations", "files", org.recorded.Label)
}

func (gitOps) ownFileLabels() bool { return true }

func (gitOps) refuse(org *organizationItem, file *fileItem) string {
	switch {
	case !org.isNew():
		return fmt.Sprintf("it belongs to an organization that was exported before; add it to organizations/%s.yaml yourself", org.recorded.Label)
	case !file.hasName():
		return "the platform has no name for it, and the module needs one"
	}
	return ""
}

func (gitOps) labels(f *folder) (organizations, files *names, err error) {
	organizations = newNames()
	entries, err := f.list(path.Join(environmentDir, "organizations"))
	for _, name := range entries {
		if label, ok := strings.CutSuffix(name, ".yaml"); ok {
			organizations.take(label)
		}
	}
	// The folder of file contents has this name.
	organizations.take("files")
	return organizations, newNames(), err
}

// label returns an ASCII label, because it names a file, and Terraform's fileset function misses some non-ASCII names.
func (gitOps) label(name string) string {
	return label(strings.Map(func(r rune) rune {
		switch {
		case unicode.IsMark(r):
			return -1
		case r > unicode.MaxASCII:
			return ' '
		}
		return r
	}, norm.NFKD.String(name)))
}

func (gitOps) fileCandidate(_ *organizationItem, file *fileItem) candidate {
	stem := strings.TrimSuffix(file.FileName, path.Ext(file.FileName))
	name := cmp.Or(label(stem), "file")
	return candidate{name, name + "_" + cmp.Or(strings.TrimLeft(label(file.Ref), "_"), "file")}
}

func (g gitOps) write(f *folder, plan *exportPlan) error {
	if plan.first {
		if err := g.copyExamples(f); err != nil {
			return err
		}
	}
	for _, org := range plan.organizations {
		text, err := encodeYAML(organizationNode(org))
		if err != nil {
			return err
		}
		if err := f.add(path.Join(environmentDir, "organizations", org.recorded.Label+".yaml"), text); err != nil {
			return err
		}
	}
	return g.addImports(f, plan)
}

// copyExamples adds the parts of the examples that are the same for every platform.
func (g gitOps) copyExamples(f *folder) error {
	copies := map[string]string{}
	for _, name := range []string{".github/workflows/guardai.yml", ".gitignore", "policy/guardai.rego", "policy/guardai_test.rego"} {
		copies[name] = "gitops/" + name
	}
	module, err := fs.ReadDir(g.examples, "modules/organization")
	if err != nil {
		return err
	}
	for _, entry := range module {
		if !entry.IsDir() {
			copies["modules/organization/"+entry.Name()] = "modules/organization/" + entry.Name()
		}
	}
	for to, from := range copies {
		text, err := fs.ReadFile(g.examples, from)
		if err != nil {
			return err
		}
		if err := f.add(to, text); err != nil {
			return err
		}
	}
	main, err := g.mainFile()
	if err != nil {
		return err
	}
	if err := f.add(path.Join(environmentDir, "main.tf"), main); err != nil {
		return err
	}
	backend, err := fs.ReadFile(g.examples, "gitops/environments/production/backend.tf")
	if err != nil {
		return err
	}
	return f.add(path.Join(environmentDir, "backend.tf"), commentedOut(backend))
}

// mainFile returns the example's main.tf without the provider block, which is in provider.tf, and without default
// settings, which the platform's organizations may not share.
func (g gitOps) mainFile() ([]byte, error) {
	const name = "gitops/environments/production/main.tf"
	text, err := fs.ReadFile(g.examples, name)
	if err != nil {
		return nil, err
	}
	file, diags := hclwrite.ParseConfig(text, name, hcl.InitialPos)
	if diags.HasErrors() {
		return nil, diags
	}
	for _, block := range file.Body().Blocks() {
		switch block.Type() {
		case "provider":
			file.Body().RemoveBlock(block)
		case "module":
			block.Body().RemoveAttribute("default_settings")
		}
	}
	written := hclwrite.Format(file.Bytes())
	// Remove the comment above the provider block, and the empty lines that the removals left.
	if _, rest, found := bytes.Cut(written, []byte("locals {")); found {
		written = append([]byte("locals {"), rest...)
	}
	return emptyLineAtEnd.ReplaceAll(written, []byte("\n}")), nil
}

var emptyLineAtEnd = regexp.MustCompile(`\n\s*\n}`)

const backendHeader = `# Keep the state in a shared backend with locking, such as this one.
#
`

// commentedOut comments out a file, after backendHeader.
func commentedOut(text []byte) []byte {
	out := []byte(backendHeader)
	for line := range bytes.Lines(text) {
		out = append(out, bytes.TrimRight([]byte("# "+strings.TrimPrefix(string(line), "# ")), " ")...)
	}
	return out
}

// importsFile maps the module's keys to import ids.
const importsFile = "imports.yaml"

type imports struct {
	Organizations map[string]string `yaml:"organizations"`
	Files         map[string]string `yaml:"files"`
}

// addImports adds import ids. Existing ones stay.
func (gitOps) addImports(f *folder, plan *exportPlan) error {
	name := path.Join(environmentDir, importsFile)
	before, err := f.read(name)
	if err != nil {
		return err
	}
	ids := imports{}
	if err := yaml.Unmarshal(before, &ids); err != nil {
		return fmt.Errorf("%s can't be read: %w", name, err)
	}
	added := imports{map[string]string{}, map[string]string{}}
	for _, org := range plan.organizations {
		added.Organizations[org.recorded.Label] = org.recorded.ID
		for _, file := range org.files {
			added.Files[org.recorded.Label+"/"+file.recorded.Label] = importID(file, "")
		}
	}
	if before != nil && len(added.Organizations) == 0 {
		return nil
	}
	maps.Copy(added.Organizations, ids.Organizations)
	maps.Copy(added.Files, ids.Files)
	text, err := encodeYAML(mapping(
		"organizations", textsNode(added.Organizations), "files", textsNode(added.Files),
	))
	if err != nil {
		return err
	}
	if err := f.write(name, text); err != nil {
		return err
	}
	return f.add(path.Join(environmentDir, "imports.tf"), []byte(gitOpsImports))
}

const gitOpsImports = `# These blocks import the objects in imports.yaml. After you have applied them, you can delete both files.
locals {
  imports = yamldecode(file("${path.module}/imports.yaml"))
}

import {
  for_each = local.imports.organizations

  to = module.organizations.guardai_organization.this[each.key]
  id = each.value
}

import {
  for_each = local.imports.files

  to = module.organizations.guardai_organization_file.this[each.key]
  id = each.value
}
`

// organizationNode returns an organization in the module's format.
func organizationNode(org *organizationItem) *yaml.Node {
	node := mapping("name", textNode(org.Name))
	for _, setting := range org.settings {
		node.Content = append(node.Content, textNode(setting.Attribute), settingNode(setting))
	}
	files := mapping()
	for _, file := range org.files {
		attributes := mapping("name", textNode(file.FileName), "source", textNode(file.recorded.Path))
		if file.DatasetID != nil {
			attributes.Content = append(attributes.Content, textNode("dataset_id"), textNode(fmt.Sprint(*file.DatasetID)))
		}
		files.Content = append(files.Content, textNode(file.recorded.Label), attributes)
	}
	if len(org.files) > 0 {
		node.Content = append(node.Content, textNode("files"), files)
	}
	return node
}

func settingNode(setting organization.SettingValue) *yaml.Node {
	if list, ok := setting.Value.([]string); ok {
		node := &yaml.Node{Kind: yaml.SequenceNode, Style: yaml.FlowStyle}
		for _, element := range list {
			node.Content = append(node.Content, textNode(element))
		}
		return node
	}
	return &yaml.Node{Kind: yaml.ScalarNode, Value: fmt.Sprint(setting.Value)}
}

func textsNode(texts map[string]string) *yaml.Node {
	node := mapping()
	for _, key := range slices.Sorted(maps.Keys(texts)) {
		node.Content = append(node.Content, textNode(key), textNode(texts[key]))
	}
	if len(texts) == 0 {
		node.Style = yaml.FlowStyle
	}
	return node
}

// mapping returns a YAML mapping. pairs alternates keys and values, each a string or a *yaml.Node.
func mapping(pairs ...any) *yaml.Node {
	node := &yaml.Node{Kind: yaml.MappingNode}
	for _, part := range pairs {
		switch part := part.(type) {
		case string:
			node.Content = append(node.Content, textNode(part))
		case *yaml.Node:
			node.Content = append(node.Content, part)
		}
	}
	return node
}

// ambiguousWord matches strings that some YAML parsers read as booleans or null.
var ambiguousWord = regexp.MustCompile(`(?i)^(y|n|yes|no|on|off|true|false|null)$`)

// plainText matches strings that need no quotes in YAML.
var plainText = regexp.MustCompile(`^[\pL_][\pL\pN_./ -]*[\pL\pN]$`)

// textNode returns a string, quoted unless it is plain, because the CLIs and this program parse YAML by different
// rules.
func textNode(text string) *yaml.Node {
	node := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: text}
	if !plainText.MatchString(text) || ambiguousWord.MatchString(text) {
		node.Style = yaml.DoubleQuotedStyle
	}
	return node
}

func encodeYAML(node *yaml.Node) ([]byte, error) {
	var out bytes.Buffer
	encoder := yaml.NewEncoder(&out)
	encoder.SetIndent(2)
	if err := encoder.Encode(node); err != nil {
		return nil, err
	}
	return out.Bytes(), encoder.Close()
}
