package export

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"

	"github.com/guardai/terraform-provider-guardai/internal/component"
)

const layoutFlat = "flat"

// flat is the layout with a block for each object.
var flat = layout{root: ".", contents: "files", label: label, separator: "_", write: writeFlat}

// block is a resource block.
type block struct {
	// file is the file that contains the block.
	file        string
	kind, label string
	importID    string
	arguments   []string
}

func (b block) text() string {
	return fmt.Sprintf("resource %q %q {\n%s}\n", b.kind, b.label, strings.Join(b.arguments, ""))
}

func (b block) importText() string {
	return fmt.Sprintf("import {\nto = %s.%s\nid = %s\n}\n", b.kind, b.label, hcl(cty.StringVal(b.importID)))
}

func writeFlat(f *folder, p *platform, _ options) error {
	texts := map[string]*bytes.Buffer{}
	add := func(file, header, text string) {
		if texts[file] == nil {
			texts[file] = bytes.NewBufferString(header)
		} else {
			texts[file].WriteByte('\n')
		}
		texts[file].Write(hclwrite.Format([]byte(text)))
	}
	for _, org := range p.organizations {
		for _, b := range slices.Concat(organizationBlocks(org), fileBlocks(org), memberBlocks(org), transformBlocks(org, "guardai_organization."+org.label+".id")) {
			add(b.file, "", b.text())
			add("imports.tf", importsHeader, b.importText())
		}
	}
	for _, file := range slices.Sorted(maps.Keys(texts)) {
		if err := f.write(file, texts[file].Bytes()); err != nil {
			return err
		}
	}
	return f.write(".gitignore", []byte(gitIgnore))
}

const importsHeader = "# These blocks import existing objects. After you have applied them, you can delete this file.\n\n"

const gitIgnore = `# Once the provider is in a registry, commit .terraform.lock.hcl, which pins its version and checksums.
/.terraform/
/*.tfstate
/*.tfstate.*
/tfplan
`

func organizationBlocks(org *organizationItem) []block {
	b := block{file: "organizations.tf", kind: "guardai_organization", label: org.label, importID: org.id}
	b.arguments = append(b.arguments, argument("name", cty.StringVal(org.Name)))
	for _, s := range org.settings {
		b.arguments = append(b.arguments, argument(s.name, settingValue(s)))
	}
	return []block{b}
}

func fileBlocks(org *organizationItem) []block {
	var blocks []block
	for _, file := range org.files {
		// The plan of the import shows no change only if the id names the source exactly as the argument does.
		b := block{file: "files.tf", kind: "guardai_organization_file", label: file.label, importID: component.FormatFileImport(file.key, "./"+file.path)}
		b.arguments = []string{
			fmt.Sprintf("organization_id = guardai_organization.%s.id\n", org.label),
			argument("name", cty.StringVal(file.FileName)),
			// fileName ensures that the path needs no escaping.
			fmt.Sprintf("source = \"${path.module}/%s\"\n", file.path),
		}
		if file.DatasetID != nil {
			b.arguments = append(b.arguments, argument("dataset_id", cty.StringVal(component.FormatID(*file.DatasetID))))
		}
		blocks = append(blocks, b)
	}
	return blocks
}

func memberBlocks(org *organizationItem) []block {
	var blocks []block
	for _, m := range org.members {
		b := block{file: "members.tf", kind: "guardai_organization_member", label: m.label, importID: m.importID}
		user := argument("email", cty.StringVal(m.email))
		if m.email == "" {
			user = argument("user_id", cty.StringVal(component.FormatID(*m.ID)))
		}
		b.arguments = []string{fmt.Sprintf("organization_id = guardai_organization.%s.id\n", org.label), user}
		blocks = append(blocks, b)
	}
	return blocks
}

func settingValue(s setting) cty.Value {
	switch value := s.value.(type) {
	case int64:
		return cty.NumberIntVal(value)
	case []string:
		var elements []cty.Value
		for _, element := range value {
			elements = append(elements, cty.StringVal(element))
		}
		return cty.TupleVal(elements)
	}
	panic(fmt.Sprintf("export: the setting %s has a value of type %T", s.name, s.value))
}

func argument(name string, value cty.Value) string { return name + " = " + hcl(value) + "\n" }

// hcl returns a value as an expression.
func hcl(value cty.Value) string { return string(hclwrite.TokensForValue(value).Bytes()) }
