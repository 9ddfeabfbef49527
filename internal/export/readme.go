package export

import (
	"bytes"
	_ "embed"
	"strings"
	"text/template"
)

//go:embed readme.md.tmpl
var readmeText string

var readmeTemplate = template.Must(template.New("README.md").Parse(readmeText))

// readme returns README.md, which describes the folder, the next steps and the omissions.
func readme(opts options, done *result) ([]byte, error) {
	var out bytes.Buffer
	err := readmeTemplate.Execute(&out, map[string]any{
		"Host":    opts.config.Host,
		"GitOps":  opts.layout == layoutGitOps,
		"Root":    layoutOf(opts).root(),
		"Counts":  counts(done.organizations, done.files),
		"Imports": done.organizations + done.files,
		"Files":   done.files > 0,
		"Omitted": escaped(done.omitted),
	})
	return out.Bytes(), err
}

// escaped escapes Markdown in names.
func escaped(omitted []omission) []omission {
	plain := strings.NewReplacer(`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "<", "&lt;", "[", `\[`, "|", `\|`)
	var safe []omission
	for _, o := range omitted {
		safe = append(safe, omission{plain.Replace(o.What), plain.Replace(o.Why)})
	}
	return safe
}

func counts(organizations, files int) string {
	return count(organizations, "organization") + " and " + count(files, "file")
}

const gitIgnore = `# Once the provider is in a registry, commit .terraform.lock.hcl, which pins its version and checksums.
.terraform/
*.tfstate
*.tfstate.*
tfplan
`

const gitAttributes = `# Git must not change files, not even line endings, because their hashes are compared with the platform's.
**/files/** -text
`
