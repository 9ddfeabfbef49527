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
var gitOps = layout{root: environmentDir, contents: "organizations/files", label: asciiLabel, separator: "/", write: writeGitOps}

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
	return f.write(path.Join(environmentDir, "imports.tf"), []byte(gitOpsImports))
}

// organizationYAML returns an organization in the module's format. Strings are quoted as in Go, which every YAML parser
// reads alike.
func organizationYAML(org *organizationItem) []byte {
	var text bytes.Buffer
	fmt.Fprintf(&text, "name: %q\n", org.Name)
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
	return text.Bytes()
}

func quoted(texts []string) []string {
	var all []string
	for _, text := range texts {
		all = append(all, fmt.Sprintf("%q", text))
	}
	return all
}

// importsYAML maps the module's keys to import ids, for gitOpsImports.
func importsYAML(p *platform) []byte {
	var organizations, files bytes.Buffer
	for _, org := range p.organizations {
		fmt.Fprintf(&organizations, "  %q: %q\n", org.label, org.id)
		for _, file := range org.files {
			fmt.Fprintf(&files, "  %q: %q\n", file.label, component.FormatFileImport(file.key, file.path))
		}
	}
	if files.Len() == 0 {
		return fmt.Appendf(nil, "organizations:\n%sfiles: {}\n", &organizations)
	}
	return fmt.Appendf(nil, "organizations:\n%sfiles:\n%s", &organizations, &files)
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

// copyExamples writes the parts of the examples that are the same for every platform.
func copyExamples(f *folder, examples fs.FS) error {
	names, err := fs.Glob(examples, "modules/organization/*.*")
	if err != nil {
		return err
	}
	names = append(names, "gitops/.github/workflows/guardai.yml", "gitops/.gitignore", "gitops/policy/guardai.rego", "gitops/policy/guardai_test.rego",
		"gitops/"+environmentDir+"/main.tf", "gitops/"+environmentDir+"/backend.tf")
	for _, name := range names {
		text, err := fs.ReadFile(examples, name)
		if err != nil {
			return err
		}
		switch path.Join(path.Base(path.Dir(name)), path.Base(name)) {
		case "production/main.tf":
			text = ofTheExample.ReplaceAll(text, nil)
		case "production/backend.tf":
			text = commentedOut(text)
		}
		if err := f.write(strings.TrimPrefix(name, "gitops/"), text); err != nil {
			return err
		}
	}
	return nil
}

// ofTheExample matches the parts of the example's main.tf that don't fit every platform: the provider block, which is in
// provider.tf, with its comment, and default settings, which the platform's organizations may not share.
var ofTheExample = regexp.MustCompile(`(?s)^.*?provider "guardai" \{\}\n\n|\n\n +default_settings = \{[^}]*\}`)

// commentedOut comments out the example's backend.tf.
func commentedOut(text []byte) []byte {
	out := []byte("# Keep the state in a shared backend with locking, such as this one.\n#\n")
	for line := range bytes.Lines(text) {
		out = append(out, bytes.TrimRight([]byte("# "+strings.TrimPrefix(string(line), "# ")), " ")...)
	}
	return out
}
