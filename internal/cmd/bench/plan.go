package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/guardai/terraform-provider-guardai/internal/cli"
	"github.com/guardai/terraform-provider-guardai/internal/sandbox"
)

// planCase is a configuration whose plans are measured.
type planCase struct {
	name string
	// counts are the numbers of objects to measure it with, and count is one of them.
	counts []int
	count  int
	// oneByOne is the number of calls per object without sharing.
	oneByOne int
	// prepare puts objects on a sandbox, and their configuration and state into a folder.
	prepare func(ctx context.Context, f *folder, p *sandbox.Local, count int) error
	// baseline prepares a folder whose plans alternate with those of the case. By default, it is of the provider that does
	// nothing.
	baseline     func(ctx context.Context, b *bench, p *sandbox.Local, count int) (*folder, error)
	baselineName string
	// cpu measures CPU time, which varies less with other load. It suits plans in which the CLI does nearly all of the work.
	cpu bool
}

// plans returns all cases in the order of the table.
func plans() []planCase {
	return []planCase{
		{name: "plan of organizations", counts: []int{100, 500, 2000, 5000}, oneByOne: 1, prepare: organizationResources, baseline: idle(organizationsConfig, "name", organizationName)},
		{name: "plan of organizations as data sources", counts: []int{500}, oneByOne: 1, prepare: dataSources},
		{name: "plan of a list of organizations", counts: []int{2000, 5000, 10000}, prepare: organizationList, baseline: idleList},
		{name: "plan of memberships", counts: []int{500}, oneByOne: 1, prepare: memberships, baseline: idle(membershipsConfig, "email", email)},
		{
			name: "CPU time of a plan of organizations with a file, in the module", counts: []int{300, 900, 1000}, oneByOne: 2, prepare: inModule,
			baseline: withoutModule, baselineName: "the same without the module", cpu: true,
		},
		{name: "plan of files, content verified", counts: []int{100, 500}, oneByOne: 2, prepare: files(true)},
		{name: "plan of files, content not verified", counts: []int{100, 500}, oneByOne: 1, prepare: files(false)},
	}
}

func planBenchmarks(opts options) []benchmark {
	var benchmarks []benchmark
	for _, kind := range plans() {
		for _, kind.count = range kind.counts {
			if opts.quick {
				kind.count /= 10
			}
			benchmarks = append(benchmarks, benchmark{name: fmt.Sprintf("%s (%d)", kind.name, kind.count), measure: kind.measure})
		}
	}
	return benchmarks
}

// measure measures the plans of the case, and their calls and memory.
func (k planCase) measure(ctx context.Context, b *bench, runs int) (results []measurement, err error) {
	err = cli.WithSandbox(sandbox.Config{Latency: latency}, func(p *sandbox.Local) error {
		f, err := b.folder(p)
		if err != nil {
			return err
		}
		defer func() { _ = os.RemoveAll(f.Dir) }() // The testbed is removed in the end.
		if err := k.prepare(ctx, f, p, k.count); err != nil {
			return err
		}
		baseline := &folder{}
		if k.baseline != nil {
			if baseline, err = k.baseline(ctx, b, p, k.count); err != nil {
				return err
			}
			defer func() { _ = os.RemoveAll(baseline.Dir) }()
		}
		m, err := k.times(ctx, f, baseline, p, runs)
		if err == nil {
			m.peak, err = f.peakMemory(ctx, (*folder).plan)
		}
		results = []measurement{m}
		return err
	})
	return results, err
}

// times measures everything but the memory. The plans of the case and of its baseline alternate, so other load on the
// machine affects both.
func (k planCase) times(ctx context.Context, f, baseline *folder, p *sandbox.Local, runs int) (measurement, error) {
	m := measurement{name: k.name, count: k.count, oneByOne: k.oneByOne * k.count}
	var took, baselineTook []time.Duration
	if k.count > maxRepeatedCount {
		runs = 1
	}
	plan := (*folder).plan
	if k.cpu {
		plan = (*folder).planCPU
	}
	for range runs {
		p.ClearRequests()
		one, err := plan(f, ctx)
		if err != nil {
			return m, err
		}
		took, m.calls = append(took, one), p.Count()
		if k.baseline == nil {
			continue
		}
		if one, err = plan(baseline, ctx); err != nil {
			return m, err
		}
		baselineTook = append(baselineTook, one)
	}
	m.took = median(took)
	if k.baseline != nil {
		m.baseline, m.baselineTook = cmp.Or(k.baselineName, "the same from a provider that does nothing"), median(baselineTook)
	}
	return m, nil
}

// maxRepeatedCount is the largest number of objects that is measured more than once: a larger plan takes half a minute
// for the CLI alone.
const maxRepeatedCount = 2000

// idle creates a folder with resources that have the schema and configuration of real ones and do nothing. Their
// instances differ in one attribute.
func idle(config func(count int) string, attribute string, value func(index int) string) func(context.Context, *bench, *sandbox.Local, int) (*folder, error) {
	return func(ctx context.Context, b *bench, _ *sandbox.Local, count int) (*folder, error) {
		f, err := b.folder(nil, "TF_CLI_CONFIG_FILE="+b.idleConfig)
		if err != nil {
			return nil, err
		}
		err = f.applyMultiplied(ctx, config, count, func(index int, copied instance) { copied.set("attributes", attribute, value(index)) })
		return f, err
	}
}

// idleList creates a folder with a data source that returns a constant list.
func idleList(_ context.Context, b *bench, _ *sandbox.Local, count int) (*folder, error) {
	f, err := b.folder(nil, "TF_CLI_CONFIG_FILE="+b.idleConfig, fmt.Sprintf("COUNT=%d", count))
	if err != nil {
		return nil, err
	}
	err = f.Write("main.tf", listConfig)
	return f, err
}

// applyMultiplied applies the configuration of one object, and multiplies its state and configuration.
func (f *folder) applyMultiplied(ctx context.Context, config func(count int) string, count int, change func(int, instance)) error {
	if err := f.Write("main.tf", config(1)); err != nil {
		return err
	}
	if _, err := f.apply(ctx); err != nil {
		return err
	}
	state, err := f.Read(cli.StateFile)
	if err != nil {
		return err
	}
	if state, err = multiply(state, count, change); err != nil {
		return err
	}
	if err := f.Write(cli.StateFile, state); err != nil {
		return err
	}
	return f.Write("main.tf", config(count))
}

func organizationName(index int) string { return fmt.Sprintf("Organization %d", index) }

// firstID is the id of a sandbox's first organization.
const firstID = 1

// seedOrganizations adds organizations to an empty sandbox.
func seedOrganizations(p *sandbox.Local, count int) {
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

func organizationResources(ctx context.Context, f *folder, p *sandbox.Local, count int) error {
	return f.applyMultiplied(ctx, organizationsConfig, count, func(index int, copied instance) {
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

const withModule = `module "organization" {
  source   = %q
  for_each = toset([for index in range(%d) : tostring(index)])

  name  = "In the module ${each.key}"
  files = { "classes.csv" = { content = "id,class\n1,car\n" } }
}
`

const plainResources = `locals {
  keys = toset([for index in range(%d) : tostring(index)])
}

resource "guardai_organization" "bench" {
  for_each = local.keys
  name     = "Plain ${each.key}"
}

resource "guardai_organization_file" "bench" {
  for_each        = local.keys
  organization_id = guardai_organization.bench[each.key].id
  name            = "classes.csv"
  content         = "id,class\n1,car\n"
}
`

// inModule prepares organizations with a file each in the module of the examples.
func inModule(ctx context.Context, f *folder, _ *sandbox.Local, count int) error {
	source := filepath.Join(f.bench.testbed.Root, "examples", "modules", "organization")
	if err := f.Write("main.tf", cli.RequiredProviders+fmt.Sprintf(withModule, source, count)); err != nil {
		return err
	}
	if _, err := f.RequireSuccess(ctx, "get"); err != nil {
		return err
	}
	_, err := f.apply(ctx)
	return err
}

// withoutModule is the same as inModule with resources alone, on the same platform.
func withoutModule(ctx context.Context, b *bench, p *sandbox.Local, count int) (*folder, error) {
	f, err := b.folder(p)
	if err != nil {
		return nil, err
	}
	if err := f.Write("main.tf", cli.RequiredProviders+fmt.Sprintf(plainResources, count)); err != nil {
		return nil, err
	}
	_, err = f.apply(ctx)
	return f, err
}

func email(index int) string { return fmt.Sprintf("user%d@example.com", index) }

func membershipsConfig(count int) string {
	return cli.RequiredProviders + fmt.Sprintf(`resource "guardai_organization_member" "bench" {
  count           = %d
  organization_id = %d
  email           = "user${count.index}@example.com"
}
`, count, firstID)
}

// memberships prepares the members of one organization.
func memberships(ctx context.Context, f *folder, p *sandbox.Local, count int) error {
	seedOrganizations(p, 1)
	users := make([]sandbox.User, count)
	for index := range users {
		users[index] = p.AddUser(sandbox.User{Name: "User", Email: email(index), Organizations: []int64{firstID}})
	}
	return f.applyMultiplied(ctx, membershipsConfig, count, func(index int, copied instance) {
		id := strconv.FormatInt(users[index].ID, 10)
		copied.set("attributes", "id", fmt.Sprintf("%d/%s", firstID, id))
		copied.set("attributes", "user_id", id)
		copied.set("attributes", "email", email(index))
		copied.set("identity", "user_id", id)
	})
}

// dataSources prepares one data source for each organization.
func dataSources(_ context.Context, f *folder, p *sandbox.Local, count int) error {
	seedOrganizations(p, count)
	return f.Write("main.tf", cli.RequiredProviders+fmt.Sprintf(`data "guardai_organization" "bench" {
  count = %d
  id    = count.index + 1
}
`, count))
}

const listConfig = cli.RequiredProviders + "data \"guardai_organizations\" \"bench\" {}\n"

// organizationList prepares one data source for all organizations.
func organizationList(_ context.Context, f *folder, p *sandbox.Local, count int) error {
	seedOrganizations(p, count)
	return f.Write("main.tf", listConfig)
}

// fileSize is the size of each file in bytes.
const fileSize = 4 << 10

// files prepares the files of one organization.
func files(verify bool) func(context.Context, *folder, *sandbox.Local, int) error {
	return func(ctx context.Context, f *folder, p *sandbox.Local, count int) error {
		seedOrganizations(p, 1)
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
