package export

import (
	"bytes"
	"cmp"
	"path"
	"strings"

	"github.com/hashicorp/hcl/v2/hclwrite"

	"github.com/guardai/terraform-provider-guardai/internal/component"
)

const layoutFlat = "flat"

const importsHeader = "# These blocks import what exists. Once they are applied, you may delete this file.\n"

// flat is the layout with a block for each object.
type flat struct{}

func (flat) root() string { return "." }

func (flat) contents(org *organizationItem) string { return path.Join("files", org.recorded.Label) }

func (flat) ownFileLabels() bool { return false }

func (flat) refuse(*organizationItem, *fileItem) string { return "" }

// labels returns those of all files of the configuration, whoever wrote them.
func (flat) labels(f *folder) (organizations, files *names, err error) {
	organizations, files = newNames(), newNames()
	addresses, err := addressesOf(f)
	for address := range addresses {
		if label, ok := strings.CutPrefix(address, "resource."+organizationType+"."); ok {
			organizations.take(label)
		}
		if label, ok := strings.CutPrefix(address, "resource."+fileType+"."); ok {
			files.take(label)
		}
	}
	return organizations, files, err
}

// addressesOf returns what the blocks of a configuration are about.
func addressesOf(f *folder) (map[string]bool, error) {
	found := map[string]bool{}
	entries, err := f.list(".")
	if err != nil {
		return nil, err
	}
	for _, name := range entries {
		if path.Ext(name) != ".tf" {
			continue
		}
		text, err := f.read(name)
		if err != nil {
			return nil, err
		}
		addresses, err := addressesIn(name, text)
		if err != nil {
			return nil, err
		}
		for _, address := range addresses {
			found[address] = true
		}
	}
	return found, nil
}

func (flat) label(name string) string { return label(name) }

func (flat) fileWish(org *organizationItem, file *fileItem) wish {
	stem := strings.TrimSuffix(file.FileName, path.Ext(file.FileName))
	name := org.recorded.Label + "_" + cmp.Or(strings.TrimLeft(label(stem), "_"), "file")
	return wish{name, name + "_" + cmp.Or(strings.TrimLeft(label(file.Ref), "_"), "file")}
}

// write adds blocks to three files. Blocks that an interrupted export has written
// already aren't written again.
func (flat) write(f *folder, what *platform) error {
	there, err := addressesOf(f)
	if err != nil {
		return err
	}
	organizations, files, imports := &blocks{}, &blocks{}, &blocks{}
	for _, org := range what.organizations {
		label := org.recorded.Label
		if org.isNew() && !there["resource."+organizationType+"."+label] {
			organizations.append(func(body *hclwrite.Body) { organizationBlock(body, org) })
			there["resource."+organizationType+"."+label] = true
		}
		if org.isNew() && !there["import."+organizationType+"."+label] {
			imports.append(func(body *hclwrite.Body) { importBlock(body, organizationType, label, org.recorded.ID) })
		}
		for _, file := range org.files {
			label := file.recorded.Label
			if !there["resource."+fileType+"."+label] {
				isThere := there["resource."+organizationType+"."+org.recorded.Label]
				files.append(func(body *hclwrite.Body) { fileBlock(body, org, file, isThere) })
			}
			if !there["import."+fileType+"."+label] {
				imports.append(func(body *hclwrite.Body) { importBlock(body, fileType, label, importID(file, "./")) })
			}
		}
	}
	if err := organizations.add(f, "organizations.tf", ""); err != nil {
		return err
	}
	if err := files.add(f, "files.tf", ""); err != nil {
		return err
	}
	return imports.add(f, "imports.tf", importsHeader)
}

// importID is what a file is imported by. With the path of the content that its source
// has, the plan of the import changes nothing.
func importID(file *fileItem, below string) string {
	if !file.hasName() {
		return file.recorded.ID
	}
	return component.FormatFileImport(file.key, below+file.recorded.Path)
}

// blocks are the new blocks of a file, with an empty line between two. Each is formatted
// by itself, since hclwrite takes a hundred times the memory of the text.
type blocks struct{ text bytes.Buffer }

func (b *blocks) append(block func(*hclwrite.Body)) {
	if b.text.Len() > 0 {
		b.text.WriteByte('\n')
	}
	file := hclwrite.NewEmptyFile()
	block(file.Body())
	b.text.Write(hclwrite.Format(file.Bytes()))
}

// add puts the blocks at the end of a file, if there are any.
func (b *blocks) add(f *folder, name, header string) error {
	if b.text.Len() == 0 {
		return nil
	}
	before, err := f.read(name)
	if err != nil {
		return err
	}
	start := cmp.Or(strings.TrimRight(string(before), "\n"), strings.TrimRight(header, "\n"))
	if start != "" {
		start += "\n\n"
	}
	return f.write(name, append([]byte(start), b.text.Bytes()...))
}
