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

const importsHeader = "# These blocks import existing objects. After you have applied them, you can delete this file.\n"

// flat is the layout with one block for each organization and file.
type flat struct{}

func (flat) root() string { return "." }

func (flat) contents(org *organizationItem) string { return path.Join("files", org.recorded.Label) }

func (flat) ownFileLabels() bool { return false }

func (flat) refuse(*organizationItem, *fileItem) string { return "" }

// labels includes the labels of blocks that the export didn't write.
func (flat) labels(f *folder) (organizations, files *names, err error) {
	organizations, files = newNames(), newNames()
	addresses, err := existingAddresses(f)
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

// existingAddresses returns the addresses in all .tf files of a folder, as in addressesIn.
func existingAddresses(f *folder) (map[string]bool, error) {
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

func (flat) fileCandidate(org *organizationItem, file *fileItem) candidate {
	stem := strings.TrimSuffix(file.FileName, path.Ext(file.FileName))
	name := org.recorded.Label + "_" + cmp.Or(strings.TrimLeft(label(stem), "_"), "file")
	return candidate{name, name + "_" + cmp.Or(strings.TrimLeft(label(file.Ref), "_"), "file")}
}

// write appends blocks to three files, unless an interrupted export has written them.
func (flat) write(f *folder, plan *exportPlan) error {
	existing, err := existingAddresses(f)
	if err != nil {
		return err
	}
	organizations, files, imports := &blocks{}, &blocks{}, &blocks{}
	for _, org := range plan.organizations {
		label := org.recorded.Label
		if org.isNew() && !existing["resource."+organizationType+"."+label] {
			organizations.append(func(body *hclwrite.Body) { organizationBlock(body, org) })
			existing["resource."+organizationType+"."+label] = true
		}
		if org.isNew() && !existing["import."+organizationType+"."+label] {
			imports.append(func(body *hclwrite.Body) { importBlock(body, organizationType, label, org.recorded.ID) })
		}
		for _, file := range org.files {
			label := file.recorded.Label
			if !existing["resource."+fileType+"."+label] {
				linked := existing["resource."+organizationType+"."+org.recorded.Label]
				files.append(func(body *hclwrite.Body) { fileBlock(body, org, file, linked) })
			}
			if !existing["import."+fileType+"."+label] {
				imports.append(func(body *hclwrite.Body) { importBlock(body, fileType, label, importID(file, "./")) })
			}
		}
	}
	if err := organizations.appendTo(f, "organizations.tf", ""); err != nil {
		return err
	}
	if err := files.appendTo(f, "files.tf", ""); err != nil {
		return err
	}
	return imports.appendTo(f, "imports.tf", importsHeader)
}

// importID returns a file's import id, with the path of its content as in source, so that the plan of the import shows
// no change. prefix is the start of that path.
func importID(file *fileItem, prefix string) string {
	if !file.hasName() {
		return file.recorded.ID
	}
	return component.FormatFileImport(file.key, prefix+file.recorded.Path)
}

// blocks is the text of new blocks, separated by blank lines. Each is formatted separately, because hclwrite takes a
// hundred times the memory of its text.
type blocks struct{ text bytes.Buffer }

func (b *blocks) append(block func(*hclwrite.Body)) {
	if b.text.Len() > 0 {
		b.text.WriteByte('\n')
	}
	file := hclwrite.NewEmptyFile()
	block(file.Body())
	b.text.Write(hclwrite.Format(file.Bytes()))
}

// appendTo appends the blocks, if any, to a file. It starts a new file with header.
func (b *blocks) appendTo(f *folder, name, header string) error {
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
