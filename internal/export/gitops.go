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

	// environment is the folder of the example that the CLI runs in.
	environment = "environments/production"
	moduleName  = "organizations"
)

// gitOps is the layout of examples/gitops: a YAML file for each organization, and a
// module that makes resources of them.
type gitOps struct{ examples fs.FS }

func (gitOps) root() string { return environment }

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
	entries, err := f.list(path.Join(environment, "organizations"))
	for _, name := range entries {
		if label, ok := strings.CutSuffix(name, ".yaml"); ok {
			organizations.take(label)
		}
	}
	// A folder of this name has the contents.
	organizations.take("files")
	return organizations, newNames(), err
}

// label is in ASCII, since it names a file that the CLI looks for: Terraform's function
// fileset overlooks some others.
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

func (gitOps) fileWish(_ *organizationItem, file *fileItem) wish {
	stem := strings.TrimSuffix(file.FileName, path.Ext(file.FileName))
	name := cmp.Or(label(stem), "file")
	return wish{name, name + "_" + cmp.Or(strings.TrimLeft(label(file.Ref), "_"), "file")}
}

func (g gitOps) write(f *folder, what *platform) error {
	if what.first {
		if err := g.copyExamples(f); err != nil {
			return err
		}
	}
	for _, org := range what.organizations {
		text, err := encodeYAML(organizationNode(org))
		if err != nil {
			return err
		}
		if err := f.add(path.Join(environment, "organizations", org.recorded.Label+".yaml"), text); err != nil {
			return err
		}
	}
	return g.addImports(f, what)
}

// copyExamples adds the parts of the repository's examples that are the same for every
// platform.
func (g gitOps) copyExamples(f *folder) error {
	copies := map[string]string{".github/workflows/guardai.yml": "gitops/.github/workflows/guardai.yml"}
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
	if err := f.add(path.Join(environment, "main.tf"), main); err != nil {
		return err
	}
	backend, err := fs.ReadFile(g.examples, "gitops/environments/production/backend.tf")
	if err != nil {
		return err
	}
	return f.add(path.Join(environment, "backend.tf"), commentedOut(backend))
}

// mainFile is the example's without what this layout has elsewhere, and without
// defaults, which the platform's organizations need not have.
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
	// The provider's comment and the empty lines around what was removed.
	if _, rest, found := bytes.Cut(written, []byte("locals {")); found {
		written = append([]byte("locals {"), rest...)
	}
	return emptyLineAtEnd.ReplaceAll(written, []byte("\n}")), nil
}

var emptyLineAtEnd = regexp.MustCompile(`\n\s*\n}`)

const backendHeader = `# Keep the state in one place that everybody shares, with a lock. Put a backend of your own here, such as this one.
#
`

// commentedOut is a file that does nothing yet.
func commentedOut(text []byte) []byte {
	out := []byte(backendHeader)
	for line := range bytes.Lines(text) {
		out = append(out, bytes.TrimRight([]byte("# "+strings.TrimPrefix(string(line), "# ")), " ")...)
	}
	return out
}

// importsFile has the ids to import, by the keys of the module.
const importsFile = "imports.yaml"

type imports struct {
	Organizations map[string]string `yaml:"organizations"`
	Files         map[string]string `yaml:"files"`
}

// addImports adds ids. Those that are there stay as they are.
func (gitOps) addImports(f *folder, what *platform) error {
	name := path.Join(environment, importsFile)
	before, err := f.read(name)
	if err != nil {
		return err
	}
	ids := imports{}
	if err := yaml.Unmarshal(before, &ids); err != nil {
		return fmt.Errorf("%s can't be read: %w", name, err)
	}
	added := imports{map[string]string{}, map[string]string{}}
	for _, org := range what.organizations {
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
	return f.add(path.Join(environment, "imports.tf"), []byte(gitOpsImports))
}

const gitOpsImports = `# These blocks import what imports.yaml lists. Once they are applied, you may delete both files.
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

// organizationNode is an organization as the module takes it.
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

// mapping is a mapping of keys and nodes that alternate.
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

// word is what some readers of YAML take for something else than text.
var word = regexp.MustCompile(`(?i)^(y|n|yes|no|on|off|true|false|null)$`)

// plainText is text that needs no quotes in YAML.
var plainText = regexp.MustCompile(`^[\pL_][\pL\pN_./ -]*[\pL\pN]$`)

// textNode is a text: in quotes unless it is plain, since the CLIs and this program
// read YAML by different rules.
func textNode(text string) *yaml.Node {
	node := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: text}
	if !plainText.MatchString(text) || word.MatchString(text) {
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
