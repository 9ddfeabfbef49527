package faults

import (
	"fmt"
	"strings"

	"github.com/guardai/terraform-provider-guardai/internal/cli"
)

// kind says what carrying a call out a second time does.
type kind int

const (
	// reads changes nothing.
	reads kind = iota + 1
	// writes changes the same thing again, or makes another token.
	writes
	// creates makes something again.
	creates
)

// operation is a call of the provider, with a configuration that needs it.
type operation struct {
	// name is how the matrix names it.
	name string
	// call is the contract's operation id.
	call string
	kind kind
	// emptyResponse says that the contract's response has no body.
	emptyResponse bool
	// before is applied first; applying after needs the call.
	before, after configuration
}

// configuration is what a folder holds for the CLI, by file name.
type configuration map[string]string

// contentMark is in every file that the matrix uploads. Nothing but the file may
// hold it.
const contentMark = "only-the-file-may-hold-this"

const (
	content    = "id,class\n1," + contentMark + "\n"
	newContent = content + "2,pedestrian\n"

	doomedBlock = "resource \"guardai_organization\" \"doomed\" {\n  name = \"doomed\"\n}\n"
	othersBlock = "resource \"guardai_organization\" \"others\" {\n  count = 4\n  name  = \"other ${count.index}\"\n}\n"
	listBlock   = "data \"guardai_organizations\" \"all\" {}\n"
)

func organizationBlock(name string, items int, arguments ...string) string {
	return fmt.Sprintf("resource \"guardai_organization\" %[1]q {\n  name           = %[1]q\n  max_item_count = %[2]d\n%[3]s}\n",
		name, items, strings.Join(arguments, ""))
}

func fileBlock(label, name string) string {
	return fmt.Sprintf("resource \"guardai_organization_file\" %q {\n  organization_id = guardai_organization.main.id\n"+
		"  name            = %q\n  source          = \"%s.csv\"\n}\n", label, name, label)
}

// configure makes a configuration of blocks, with the files that they may name.
func configure(blocks ...string) configuration {
	return configuration{
		"main.tf":     cli.RequiredProviders + strings.Join(blocks, ""),
		"classes.csv": content, "more.csv": content,
	}
}

func (c configuration) with(name, text string) configuration {
	changed := configuration{name: text}
	for other, held := range c {
		if other != name {
			changed[other] = held
		}
	}
	return changed
}

// operations returns the rows of both resources, in the order in which the matrix
// shows them.
func operations() []operation {
	main, classes := organizationBlock("main", 10), fileBlock("classes", "classes.csv")
	changedMain := organizationBlock("main", 20)
	before := configure(main, classes)
	changed := configure(changedMain, classes)
	copied := organizationBlock("copy", 7, "  source_organization_id = guardai_organization.main.id\n")
	return []operation{
		{name: "create", call: "add_organization", kind: creates, before: before, after: configure(main, classes, organizationBlock("second", 5))},
		{name: "read", call: "get_organization", kind: reads, before: before, after: changed},
		{name: "update", call: "update_organization", kind: writes, before: before, after: changed},
		{name: "delete", call: "delete_organization", kind: writes, emptyResponse: true, before: configure(main, classes, doomedBlock), after: before},
		{name: "upload", call: "upload_organization_file", kind: creates, before: before, after: configure(main, classes, fileBlock("more", "more.csv"))},
		{name: "replace", call: "upload_organization_file", kind: creates, before: before, after: before.with("classes.csv", newContent)},
		{name: "rename", call: "rename_organization_file", kind: writes, emptyResponse: true, before: before, after: configure(main, fileBlock("classes", "renamed.csv"))},
		{name: "delete file", call: "delete_organization_file", kind: writes, emptyResponse: true, before: before, after: configure(main)},
		{name: "download", call: "download_organization_file", kind: reads, before: before, after: changed},
		{name: "copy", call: "copy_organization", kind: creates, before: before, after: configure(main, classes, copied)},
		{name: "list", call: "get_organizations", kind: reads, before: configure(main, classes, othersBlock), after: configure(changedMain, classes, othersBlock, listBlock)},
		{name: "login", call: login, kind: writes, before: before, after: changed},
	}
}
