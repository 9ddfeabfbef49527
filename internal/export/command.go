package export

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/mattn/go-isatty"
	"golang.org/x/text/unicode/norm"

	"github.com/guardai/terraform-provider-guardai/internal/component"
	"github.com/guardai/terraform-provider-guardai/internal/guardai"
)

const (
	exitDone   = 0
	exitFailed = 1
	exitUsage  = 2
)

// Program is what the command needs from the program that runs it.
type Program struct {
	Stdout, Stderr *os.File
	// Version is the provider's version.
	Version string
	// Examples contains the folders gitops and modules of the repository's examples.
	Examples fs.FS
	// Config returns the client's configuration. flags is keyed by provider argument.
	Config func(flags map[string]string) (guardai.Config, error)
}

const usage = `Usage: terraform-provider-guardai export -out FOLDER [options]

Writes the organizations of a GuardAI platform, with their files, as a Terraform
configuration that is ready to commit: a block for each organization and file,
the contents of files, import blocks, and a README that lists the next steps.
The export only reads. The first plan of the configuration imports everything
and changes nothing.

What to export:
  -out FOLDER            folder to write to; created if it doesn't exist
  -organization ID       export only this organization; repeat it for several.
                         Without it, all organizations are exported, which
                         requires administrator rights
  -name-regex REGEX      export only organizations whose name matches (RE2)
  -files=false           omit files

How to write it:
  -layout flat           a block for each organization and file (default)
  -layout gitops         a YAML file for each organization and a module, as in
                         examples/gitops; needs Terraform or OpenTofu 1.7
  -update                add organizations and files that are new on the
                         platform to an earlier export, with its selection and
                         layout unless you set others. It never changes existing
                         files, and lists objects that no longer exist. With
                         -layout gitops, it lists new files of organizations
                         that were exported before, and doesn't add them
  -verify                run the plan with the terraform or tofu on the PATH and
                         fail unless it only imports; after a first export, also
                         apply it to a temporary state and expect no changes

Which platform (each flag overrides the environment variable in parentheses):
  -host URL                       base URL (GUARDAI_HOST)
  -config-file FILE               file of GuardAI's Python client, for the host
                                  and the API key (GUARDAI_CONFIG_FILE)
  -max-retries N                  (GUARDAI_MAX_RETRIES)
  -max-requests-per-second N      (GUARDAI_MAX_REQUESTS_PER_SECOND)
  -request-timeout DURATION       (GUARDAI_REQUEST_TIMEOUT)
  -ca-certificate FILE            (GUARDAI_CA_CERTIFICATE)
  -insecure-skip-verify           don't verify the platform's certificate

Credentials come from the environment, as for the provider: GUARDAI_API_KEY_ID
and GUARDAI_API_KEY, or GUARDAI_TOKEN, or the file. There are no flags for them,
because other users of the machine can see flags.

To continue an interrupted export, run the same command again.

Examples:
  export GUARDAI_HOST=https://guardai.navinfo.cloud
  export GUARDAI_API_KEY_ID=… GUARDAI_API_KEY=…
  terraform-provider-guardai export -out platform -verify
  terraform-provider-guardai export -out some -organization 42 -organization 43
  terraform-provider-guardai export -out teams -layout gitops -name-regex '^Team'
  terraform-provider-guardai export -out platform -update
`

// Command runs the export command and returns its exit code.
func Command(ctx context.Context, args []string, program Program) int {
	opts, err := parse(args, program)
	switch {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprint(program.Stdout, usage)
		return exitDone
	case err != nil:
		fmt.Fprintf(program.Stderr, "Error: %s.\n\nRun terraform-provider-guardai export -help for usage.\n", strings.TrimSuffix(err.Error(), "."))
		return exitUsage
	}
	if err := export(ctx, opts, program); err != nil {
		fmt.Fprintln(program.Stderr, errorMessage(ctx, err))
		return exitFailed
	}
	return exitDone
}

var errVerificationInterrupted = errors.New("the verification was interrupted")

func errorMessage(ctx context.Context, err error) string {
	switch {
	case errors.Is(err, errVerificationInterrupted):
		return "Interrupted. The export is done. To verify it, run the command again with -update -verify."
	case ctx.Err() != nil:
		return "Interrupted. Run the same command again to go on."
	}
	message := "Error: " + strings.TrimSuffix(err.Error(), ".") + "."
	if next := component.Remedy(err); next != "" {
		message += "\n\n" + next
	}
	return message
}

func export(ctx context.Context, opts options, program Program) error {
	shown := &progress{}
	if isatty.IsTerminal(program.Stderr.Fd()) {
		shown.to = program.Stderr
	}
	opts, err := opts.withRecorded()
	if err != nil {
		return err
	}
	done, err := run(ctx, opts, shown)
	if err != nil {
		return err
	}
	summarize(program.Stdout, opts, done)
	if !opts.verify {
		return nil
	}
	summary, err := verify(ctx, opts, done)
	switch {
	case ctx.Err() != nil:
		return errVerificationInterrupted
	case err == nil:
		fmt.Fprintln(program.Stdout, summary)
	}
	return err
}

func summarize(w io.Writer, opts options, done *result) {
	verb := "Exported %s to %s"
	if opts.update {
		verb = "Added %s to %s"
	}
	fmt.Fprintf(w, verb, counts(done.organizations, done.files), opts.out)
	if done.downloaded > 0 {
		fmt.Fprintf(w, "; downloaded %s, %s", count(done.downloaded, "file"), size(done.bytes))
	}
	fmt.Fprintln(w, ".")
	if len(done.omitted) > 0 {
		fmt.Fprintf(w, "Not exported:\n")
	}
	for _, o := range done.omitted {
		fmt.Fprintf(w, "  %s: %s\n", o.What, o.Why)
	}
	if len(done.vanished) > 0 {
		fmt.Fprintf(w, "In the folder, but no longer on the platform. Delete their configuration and imports:\n")
	}
	for _, what := range done.vanished {
		fmt.Fprintf(w, "  %s\n", what)
	}
	if opts.update {
		fmt.Fprintln(w, "Plan and apply to import what was added.")
		return
	}
	fmt.Fprintf(w, "The next steps are in %s.\n", filepath.Join(opts.out, "README.md"))
}

// parse parses the flags, and loads the client's configuration.
func parse(args []string, program Program) (options, error) {
	opts := options{version: program.Version, examples: program.Examples, arguments: map[string]string{}}
	flags := flag.NewFlagSet("export", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.StringVar(&opts.out, "out", "", "")
	flags.StringVar(&opts.layout, "layout", "", "")
	flags.BoolVar(&opts.files, "files", true, "")
	flags.BoolVar(&opts.update, "update", false, "")
	flags.BoolVar(&opts.verify, "verify", false, "")
	flags.Func("organization", "", func(text string) error {
		id, err := component.ParseID(text)
		if err == nil && !slices.Contains(opts.selection.IDs, id) {
			opts.selection.IDs = append(opts.selection.IDs, id)
		}
		return err
	})
	flags.Func("name-regex", "", func(text string) (err error) {
		opts.selection.NameRegex, err = regexp.Compile(norm.NFC.String(text))
		return err
	})
	for _, name := range []string{"host", "config-file", "max-retries", "max-requests-per-second", "request-timeout", "ca-certificate"} {
		flags.Func(name, "", func(text string) error {
			if text == "" {
				return errors.New("it is empty")
			}
			opts.arguments[argument(name)] = text
			return nil
		})
	}
	flags.BoolFunc("insecure-skip-verify", "", func(text string) error {
		skip, err := strconv.ParseBool(text)
		if skip {
			opts.arguments["insecure_skip_verify"] = "true"
		}
		return err
	})
	if err := flags.Parse(args); err != nil {
		return opts, err
	}
	switch {
	case flags.NArg() > 0:
		return opts, fmt.Errorf("unexpected argument %q; flags begin with a dash", flags.Arg(0))
	case opts.out == "":
		return opts, errors.New("-out is missing; name the folder to write to")
	case !slices.Contains([]string{"", layoutFlat, layoutGitOps}, opts.layout):
		return opts, fmt.Errorf("-layout is %q, and must be %s or %s", opts.layout, layoutFlat, layoutGitOps)
	}
	slices.Sort(opts.selection.IDs)
	var err error
	opts.config, err = program.Config(opts.arguments)
	opts.config.UserAgent = "terraform-provider-guardai/" + program.Version + " export"
	return opts, err
}

// argument returns the provider argument that a flag sets.
func argument(flagName string) string { return strings.ReplaceAll(flagName, "-", "_") }
