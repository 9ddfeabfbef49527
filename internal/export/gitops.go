package export

import (
	"bytes"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"strings"

	"github.com/guardai/terraform-provider-guardai/internal/component"
)

const (
	layoutGitOps = "gitops"

	// environmentDir is the folder of the example that the CLI runs in.
	environmentDir = "environments/production"
)

// gitOps is the layout of examples/gitops: a YAML file for each organization, and a module that creates resources from
// them.
var gitOps = layout{root: environmentDir, contents: "files", label: asciiLabel, separator: "/", emails: true, write: writeGitOps}

func writeGitOps(f *folder, p *platform, opts options) error {
	if err := copyExamples(f, opts.examples); err != nil {
		return err
	}
	for _, org := range p.organizations {
		if err := f.write(path.Join(environmentDir, "organizations", org.label+".yaml"), organizationYAML(org)); err != nil {
			return err
		}
	}
	if err := f.write(path.Join(environmentDir, "imports.yaml"), importsYAML(p)); err != nil {
		return err
	}
	imports, err := writeTransforms(f, p)
	if err != nil {
		return err
	}
	return f.write(path.Join(environmentDir, "imports.tf"), []byte(gitOpsImports+imports))
}

// organizationYAML returns an organization in the module's format. Strings are quoted as in Go, which every YAML parser
// reads alike.
func organizationYAML(org *organizationItem) []byte {
	var text bytes.Buffer
	fmt.Fprintf(&text, "# yaml-language-server: $schema=organization.schema.json\nname: %q\n", org.Name)
	for _, s := range org.settings {
		value := fmt.Sprint(s.value)
		if list, ok := s.value.([]string); ok {
			value = "[" + strings.Join(quoted(list), ", ") + "]"
		}
		fmt.Fprintf(&text, "%s: %s\n", s.name, value)
	}
	if len(org.files) > 0 {
		text.WriteString("files:\n")
	}
	for _, file := range org.files {
		_, key, _ := strings.Cut(file.label, "/")
		fmt.Fprintf(&text, "  %q:\n    name: %q\n    source: %q\n", key, file.FileName, file.path)
		if file.DatasetID != nil {
			fmt.Fprintf(&text, "    dataset_id: %q\n", component.FormatID(*file.DatasetID))
		}
	}
	if len(org.members) > 0 {
		text.WriteString("members:\n")
	}
	for _, m := range org.members {
		fmt.Fprintf(&text, "  - %q\n", m.email)
	}
	return text.Bytes()
}

func quoted(texts []string) []string {
	var all []string
	for _, text := range texts {
		all = append(all, fmt.Sprintf("%q", text))
	}
	return all
}

// importsYAML returns the import ids by the keys that gitOpsImports uses.
func importsYAML(p *platform) []byte {
	var text bytes.Buffer
	for _, org := range p.organizations {
		fmt.Fprintf(&text, "%q:\n  id: %q\n", org.label, org.id)
		text.WriteString("  files:" + emptyMap(len(org.files)))
		for _, file := range org.files {
			_, key, _ := strings.Cut(file.label, "/")
			fmt.Fprintf(&text, "    %q: %q\n", key, component.FormatFileImport(file.key, file.path))
		}
		text.WriteString("  members:" + emptyMap(len(org.members)))
		for _, m := range org.members {
			fmt.Fprintf(&text, "    %q: %q\n", emailKey(m.User), m.importID)
		}
	}
	return text.Bytes()
}

// emptyMap returns what follows the key of a map with n entries.
func emptyMap(n int) string {
	if n == 0 {
		return " {}\n"
	}
	return "\n"
}

const gitOpsImports = `# These blocks import the objects in imports.yaml. After you have applied them, you can delete both files.
locals {
  imports = yamldecode(file("${path.module}/imports.yaml"))

  # The argument "to" can't call functions.
  imported = {
    for kind in ["files", "members"] : kind => merge([
      for organization, o in local.imports : {
        for key, id in o[kind] : "${organization}/${key}" => { organization = organization, key = key, id = id }
      }
    ]...)
  }
}

import {
  for_each = local.imports

  to = module.organization[each.key].guardai_organization.this
  id = each.value.id
}

import {
  for_each = local.imported.files

  to = module.organization[each.value.organization].guardai_organization_file.this[each.value.key]
  id = each.value.id
}

import {
  for_each = local.imported.members

  to = module.organization[each.value.organization].guardai_organization_member.this[each.value.key]
  id = each.value.id
}
`

// copyExamples writes the parts of the examples that are the same for every platform.
func copyExamples(f *folder, examples fs.FS) error {
	names, err := fs.Glob(examples, "modules/organization/*.*")
	if err != nil {
		return err
	}
	names = append(names, "gitops/.github/workflows/guardai.yml", "gitops/.gitignore", "gitops/policy/guardai.rego", "gitops/policy/guardai_test.rego",
		"gitops/"+environmentDir+"/main.tf", "gitops/"+environmentDir+"/checks.tf", "gitops/"+environmentDir+"/backend.tf",
		"gitops/"+environmentDir+"/organizations/organization.schema.json")
	for _, name := range names {
		text, err := fs.ReadFile(examples, name)
		if err != nil {
			return err
		}
		switch path.Join(path.Base(path.Dir(name)), path.Base(name)) {
		case "production/main.tf":
			text = exampleProvider.ReplaceAll(text, nil)
		case "production/backend.tf":
			text = commentedOut(text)
		}
		if err := f.write(strings.TrimPrefix(name, "gitops/"), text); err != nil {
			return err
		}
	}
	return nil
}

// exampleProvider matches the provider block of the example's main.tf, which is in provider.tf, with its comment.
var exampleProvider = regexp.MustCompile(`(?s)^.*?provider "guardai" \{\}\n\n`)

// commentedOut comments out the example's backend.tf.
func commentedOut(text []byte) []byte {
	out := []byte("# Keep the state in a shared backend with locking, such as this one.\n#\n")
	for line := range bytes.Lines(text) {
		out = append(out, bytes.TrimRight([]byte("# "+strings.TrimPrefix(string(line), "# ")), " ")...)
	}
	return out
}
