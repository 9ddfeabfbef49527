// Command terraform-provider-guardai is the Terraform provider for GuardAI.
package main

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"log"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"
	tfaddr "github.com/hashicorp/terraform-registry-address"

	"github.com/guardai/terraform-provider-guardai/internal/export"
	"github.com/guardai/terraform-provider-guardai/internal/provider"
	sandbox "github.com/guardai/terraform-provider-guardai/internal/sandbox/command"
)

// Set by the release build.
var (
	version = "dev"
	commit  = "none"
	date    = "unknown"
)

const usage = `Usage: terraform-provider-guardai [-debug] [-version]
       terraform-provider-guardai export -help
       terraform-provider-guardai sandbox -help

Terraform and OpenTofu start this program. Run it yourself only to export a
GuardAI platform as a Terraform configuration, or to try configurations with a
local GuardAI API: see export -help and sandbox -help.

  -debug     run under a debugger such as Delve
  -version   print the version, commit and date of this build, and exit
`

func main() {
	if len(os.Args) > 1 {
		switch os.Args[1] {
		case "export":
			os.Exit(runExport(os.Args[2:]))
		case "sandbox":
			os.Exit(sandbox.Main(os.Args[2:]))
		}
	}
	flag.Usage = func() { fmt.Fprint(os.Stderr, usage) }
	debugging := flag.Bool("debug", false, "")
	showVersion := flag.Bool("version", false, "")
	flag.Parse()
	if flag.NArg() > 0 {
		fmt.Fprintf(os.Stderr, "unexpected argument %q\n%s", flag.Arg(0), usage)
		os.Exit(2)
	}
	if *showVersion {
		fmt.Println(buildInfo()) //nolint:forbidigo // The flag prints to standard output.
		return
	}
	// The CLI copies this line to its log, with its own timestamp and at the level in brackets.
	log.SetFlags(0)
	log.Print("[INFO] ", buildInfo())
	configureGC(servingGCPercent, servingMemoryLimit)
	if !*debugging {
		setFrameworkLogLevel()
	}
	if err := serve(*debugging); err != nil {
		log.Fatal(err)
	}
}

// runExport runs the export command and returns its exit code. Ctrl-C interrupts it gracefully.
func runExport(args []string) int {
	configureGC(exportGCPercent, exportMemoryLimit)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	return export.Command(ctx, args, export.Program{
		Stdout: os.Stdout, Stderr: os.Stderr, Version: version, Examples: examples(), Config: provider.ConfigFromEnvironment,
	})
}

// serve serves the provider until the CLI ends it, or Ctrl-C in debug mode. Otherwise Ctrl-C reaches both the CLI and
// the provider, and cancels the provider's calls in progress: while an apply is still planning, the CLI doesn't ask
// providers to stop.
func serve(debugging bool) error {
	address := tfaddr.Provider{Hostname: tfaddr.DefaultProviderRegistryHost, Namespace: "guardai", Type: "guardai"}
	if debugging {
		return tf6server.Serve(address.String(), provider.NewServer(version), tf6server.WithManagedDebug())
	}
	interrupted, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	return tf6server.Serve(address.String(), provider.NewServer(version, provider.WithInterrupt(interrupted)))
}

// Settings of the garbage collector, for configureGC. An export creates more garbage and needn't be as fast.
const (
	servingGCPercent, servingMemoryLimit = 400, 64 << 20
	exportGCPercent, exportMemoryLimit   = 100, 32 << 20
)

// configureGC makes the garbage collector run less often while the provider uses little memory, which saves a fifth of
// its time in a plan of many objects. Above the soft limit it runs more often: the framework copies a large response
// several times on its way to the CLI, and those copies must not pile up. GOGC and GOMEMLIMIT take precedence.
func configureGC(percent int, limit int64) {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(percent)
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(limit)
	}
}

// setFrameworkLogLevel makes the framework log only what the CLI keeps, which is nothing without TF_LOG. Otherwise the
// framework writes dozens of lines for each object, and the CLI reads and discards them, which takes half of the time
// of a plan. The framework's own variables take precedence.
func setFrameworkLogLevel() {
	const all, framework, protocol = "TF_LOG_SDK", "TF_LOG_SDK_FRAMEWORK", "TF_LOG_SDK_PROTO"
	level := cmp.Or(os.Getenv(all), os.Getenv("TF_LOG_PROVIDER"), os.Getenv("TF_LOG"), "OFF")
	for _, variable := range []string{all, framework, protocol} {
		if err := os.Setenv(variable, cmp.Or(os.Getenv(variable), level)); err != nil {
			log.Print("[WARN] The level of the framework's log can't be set: ", err)
		}
	}
}

// buildInfo describes this build: version, commit and date.
func buildInfo() string {
	return fmt.Sprintf("terraform-provider-guardai %s (commit %s, built %s)", version, commit, date)
}
