package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"strconv"
	"time"

	"github.com/guardai/terraform-provider-guardai/internal/cli"
	"github.com/guardai/terraform-provider-guardai/internal/cmd/internal/program"
	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

// planned is a kind of configuration of which plans are measured.
type planned struct {
	name  string
	count int
	// oneByOne is how many calls it takes if each object takes its own.
	oneByOne int
	// prepare puts the objects on a platform, and their configuration and state into a folder.
	prepare func(ctx context.Context, f *folder, p *program.Sandbox, count int) error
	// noFloor leaves the comparison out.
	noFloor bool
	// noPeak leaves the memory out.
	noPeak bool
}

// plans are the kinds of configurations, in the order of the table.
func plans() []planned {
	return []planned{
		{name: "plan of organizations", count: 100, oneByOne: 1, prepare: organizations},
		{name: "plan of organizations", count: 500, oneByOne: 1, prepare: organizations},
		{name: "plan of organizations", count: 2000, oneByOne: 1, prepare: organizations},
		{name: "plan of organizations", count: 5000, oneByOne: 1, prepare: organizations},
		{name: "plan of resources that do nothing", count: 500, prepare: idles, noPeak: true},
		{name: "plan of organizations as data sources", count: 500, oneByOne: 1, prepare: dataSources},
		{name: "plan of a list of organizations", count: 1000, prepare: listed, noFloor: true},
		{name: "plan of a list of organizations", count: 10000, prepare: listed, noFloor: true},
		{name: "plan of files, content verified", count: 100, oneByOne: 2, prepare: files(true)},
		{name: "plan of files, content verified", count: 500, oneByOne: 2, prepare: files(true)},
		{name: "plan of files, content not verified", count: 100, oneByOne: 1, prepare: files(false)},
		{name: "plan of files, content not verified", count: 500, oneByOne: 1, prepare: files(false)},
	}
}

// planLines are the lines that measure plans.
func planLines(chosen options) []line {
	var lines []line
	for _, kind := range plans() {
		if chosen.quick {
			kind.count /= 10
		}
		lines = append(lines, line{name: fmt.Sprintf("%s (%d)", kind.name, kind.count), measure: kind.measure})
	}
	return lines
}

// measure takes the times of plans and, in turn, of the floor, so that what else the machine does slows both down.
func (k planned) measure(ctx context.Context, b *bench, runs int) (found []measurement, err error) {
	err = program.WithSandbox(sandbox.Config{Latency: latency}, func(p *program.Sandbox) error {
		f, err := b.folder(p)
		if err != nil {
			return err
		}
		defer func() { _ = os.RemoveAll(f.Dir) }() // The whole testbed is removed in the end.
		if err := k.prepare(ctx, f, p, k.count); err != nil {
			return err
		}
		floor, err := b.newFloor(ctx, k.count)
		if err != nil {
			return err
		}
		defer func() { _ = os.RemoveAll(floor.Dir) }()
		m, err := k.times(ctx, f, floor, p, runs)
		if err == nil && !k.noPeak {
			m.peak, err = f.peakMemory(ctx, (*folder).plan)
		}
		found = []measurement{m}
		return err
	})
	return found, err
}

// times measures all but the memory.
func (k planned) times(ctx context.Context, f, floor *folder, p *program.Sandbox, runs int) (measurement, error) {
	m := measurement{name: k.name, count: k.count, oneByOne: k.oneByOne * k.count, baseline: "`terraform_data`"}
	var took, baselineTook []time.Duration
	if k.count > oftenCount {
		runs = 1
	}
	for range runs {
		p.ClearRequests()
		one, err := f.plan(ctx)
		if err != nil {
			return m, err
		}
		took, m.calls = append(took, one), p.Count()
		if k.noFloor {
			continue
		}
		if one, err = floor.plan(ctx); err != nil {
			return m, err
		}
		baselineTook = append(baselineTook, one)
	}
	m.took, m.baselineTook = median(took), median(baselineTook)
	return m, nil
}

// oftenCount is of how many objects a plan is at most measured more than once: one of
// more takes the CLI alone half a minute.
const oftenCount = 2000

// newFloor makes a folder with as many objects of a resource that is built into the CLI and does nothing.
func (b *bench) newFloor(ctx context.Context, count int) (*folder, error) {
	f, err := b.folder(nil)
	if err != nil {
		return nil, err
	}
	config := func(count int) string {
		return fmt.Sprintf("resource \"terraform_data\" \"bench\" {\n  count = %d\n  input = \"Organization ${count.index}\"\n}\n", count)
	}
	err = f.applyOneOf(ctx, config, count, func(index int, copied instance) {
		for _, name := range []string{"input", "output"} {
			copied.set("attributes", name, map[string]any{"value": organizationName(index), "type": "string"})
		}
	})
	return f, err
}

// applyOneOf applies the configuration of one object and makes it that of count.
func (f *folder) applyOneOf(ctx context.Context, config func(count int) string, count int, change func(int, instance)) error {
	if err := f.Write("main.tf", config(1)); err != nil {
		return err
	}
	if _, err := f.apply(ctx); err != nil {
		return err
	}
	state, err := f.Read(stateFile)
	if err != nil {
		return err
	}
	if state, err = multiply(state, count, change); err != nil {
		return err
	}
	if err := f.Write(stateFile, state); err != nil {
		return err
	}
	return f.Write("main.tf", config(count))
}

func organizationName(index int) string { return fmt.Sprintf("Organization %d", index) }

// firstID is the id of a sandbox's first organization; the others follow.
const firstID = 1

// seed puts organizations on an empty platform.
func seed(p *program.Sandbox, count int) {
	settings := map[string]any{"disabledFeatures": []any{"ADV_CRAFTING"}, "maxItemCount": 1000, "maxTimeAllocated": 7200, "maxTimePerTask": 3600}
	created := time.Date(2024, time.May, 1, 12, 0, 0, 0, time.UTC)
	for index := range count {
		p.AddOrganization(sandbox.Organization{Name: organizationName(index), CreatedAt: created, Settings: settings})
	}
}

func organizationsConfig(count int) string {
	return cli.RequiredProviders + fmt.Sprintf(`resource "guardai_organization" "bench" {
  count = %d
  name  = "Organization ${count.index}"

  disabled_features = ["ADV_CRAFTING"]
  max_item_count    = 1000
}
`, count)
}

// organizations are resources.
func organizations(ctx context.Context, f *folder, p *program.Sandbox, count int) error {
	return f.applyOneOf(ctx, organizationsConfig, count, func(index int, copied instance) {
		org, _ := p.Organization(firstID)
		if index > 0 {
			org.ID, org.Name = 0, organizationName(index)
			org = p.AddOrganization(org)
		}
		copied.set("attributes", "id", strconv.FormatInt(org.ID, 10))
		copied.set("attributes", "name", org.Name)
		copied.set("identity", "id", strconv.FormatInt(org.ID, 10))
	})
}

// idles have the schema and the configuration of organizations, and do nothing: what
// they take is what the protocol and the framework take.
func idles(ctx context.Context, f *folder, _ *program.Sandbox, count int) error {
	// What main does for the provider is done for this one too.
	f.Env = append(f.Env, "TF_CLI_CONFIG_FILE="+f.bench.idleConfig, "TF_LOG_SDK=OFF", "GOGC=400")
	return f.applyOneOf(ctx, organizationsConfig, count, func(index int, copied instance) {
		copied.set("attributes", "name", organizationName(index))
	})
}

// dataSources are one data source for each organization.
func dataSources(_ context.Context, f *folder, p *program.Sandbox, count int) error {
	seed(p, count)
	return f.Write("main.tf", cli.RequiredProviders+fmt.Sprintf(`data "guardai_organization" "bench" {
  count = %d
  id    = count.index + 1
}
`, count))
}

// listed is one data source for all organizations.
func listed(_ context.Context, f *folder, p *program.Sandbox, count int) error {
	seed(p, count)
	return f.Write("main.tf", cli.RequiredProviders+"data \"guardai_organizations\" \"bench\" {}\n")
}

// fileSize is the size of each of many files, in bytes.
const fileSize = 4 << 10

// files are files of one organization.
func files(verify bool) func(context.Context, *folder, *program.Sandbox, int) error {
	return func(ctx context.Context, f *folder, p *program.Sandbox, count int) error {
		seed(p, 1)
		for index := range count {
			content := make([]byte, fileSize)
			if _, err := rand.Read(content); err != nil {
				return err
			}
			if err := f.Write(fmt.Sprintf("files/%d.bin", index), string(content)); err != nil {
				return err
			}
		}
		if err := f.Write("main.tf", cli.RequiredProviders+fmt.Sprintf(`resource "guardai_organization_file" "bench" {
  count           = %d
  organization_id = 1
  source          = "${path.module}/files/${count.index}.bin"
  verify_content  = %t
}
`, count, verify)); err != nil {
			return err
		}
		_, err := f.apply(ctx)
		return err
	}
}
