package acceptance

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
	ctyjson "github.com/zclconf/go-cty/cty/json"
	"github.com/zclconf/go-cty/cty/msgpack"

	"github.com/guardai/terraform-provider-guardai/internal/provider"
)

// Direct applies configurations of one resource, or reads a data source, by direct calls of the provider. That takes
// milliseconds, but leaves out what a CLI itself does, such as the meta-arguments. A configuration is that of a CLI: a
// provider block and one other. In it, unknown stands for a value that isn't known yet.
type Direct struct {
	t        testing.TB
	state    cty.Value
	identity *tfprotov6.ResourceIdentityData
	// tainted means that the next plan replaces the object.
	tainted bool
}

// NewDirect returns a Direct without state.
func NewDirect(t testing.TB) *Direct {
	t.Helper()
	return &Direct{t: t}
}

// Outcome is what a call of a Direct led to.
type Outcome struct {
	t testing.TB
	// Action is the planned action: create, update, replace or no-op.
	Action string
	// Text has a line for each error and warning, with the argument that it is about.
	Text   string
	Failed bool
	// Values are the attributes in the new state, or in the plan, where unknown ones are nil.
	Values map[string]any
}

// Must fails the test unless the call succeeded and planned an action, if one is given.
func (o Outcome) Must(action ...string) Outcome {
	o.t.Helper()
	if o.Failed || len(action) > 0 && o.Action != action[0] {
		o.t.Fatalf("got %q with these diagnostics, want %q:\n%s", o.Action, action, o.Text)
	}
	return o
}

// MustFail fails the test unless the call failed with an error that matches a pattern.
func (o Outcome) MustFail(pattern string) {
	o.t.Helper()
	if !o.Failed || !regexp.MustCompile("(?s)"+pattern).MatchString(o.Text) {
		o.t.Errorf("no error %q (failed: %t):\n%s", pattern, o.Failed, o.Text)
	}
}

// MustHave fails the test unless the call succeeded and attributes have these values.
func (o Outcome) MustHave(values map[string]knownvalue.Check) {
	o.t.Helper()
	o.Must()
	for name, want := range values {
		if err := want.CheckValue(o.Values[name]); err != nil {
			o.t.Errorf("%s: %v", name, err)
		}
	}
}

type protocolServer interface {
	tfprotov6.ProviderServer
	tfprotov6.ListResourceServer
}

// Listed is a resource that List found, with the values of its attributes if they were included.
type Listed struct {
	Name   string
	Values map[string]any
}

// walk is one use of the provider, for which a CLI would start it.
type walk struct {
	*Outcome

	server protocolServer
	name   string
	schema *tfprotov6.Schema
	config cty.Value
	// resource is the schema of the resources that a list block lists.
	resource *tfprotov6.Schema
}

func must[T any](value T, err error) func(t testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
}

// walk configures a new provider.
func (d *Direct) walk(config string) *walk {
	d.t.Helper()
	w := &walk{Outcome: &Outcome{t: d.t}}
	w.server, _ = provider.NewServer(Version)().(protocolServer)
	file, problems := hclsyntax.ParseConfig([]byte(config), "main.tf", hcl.InitialPos)
	if problems.HasErrors() {
		d.t.Fatal(problems)
	}
	schemas := must(w.server.GetProviderSchema(d.t.Context(), &tfprotov6.GetProviderSchemaRequest{}))(d.t)
	body, _ := file.Body.(*hclsyntax.Body)
	for _, block := range body.Blocks {
		switch block.Type {
		case "provider":
			w.evaluate(schemas.Provider, block.Body)
			w.report(must(w.server.ValidateProviderConfig(d.t.Context(), &tfprotov6.ValidateProviderConfigRequest{Config: w.encode(w.config)}))(d.t).Diagnostics)
			w.report(must(w.server.ConfigureProvider(d.t.Context(), &tfprotov6.ConfigureProviderRequest{Config: w.encode(w.config)}))(d.t).Diagnostics)
		case "resource":
			w.name = block.Labels[0]
			w.evaluate(schemas.ResourceSchemas[w.name], block.Body)
		case "data":
			w.name = block.Labels[0]
			w.evaluate(schemas.DataSourceSchemas[w.name], block.Body)
		case "list":
			w.name = block.Labels[0]
			w.evaluate(schemas.ListResourceSchemas[w.name], listConfig(block.Body))
			w.resource = schemas.ResourceSchemas[w.name]
		default:
			d.t.Fatalf("only a CLI knows %s blocks", block.Type)
		}
	}
	return w
}

// evaluate sets the configuration to that in a block. Attributes that it doesn't set are null.
func (w *walk) evaluate(schema *tfprotov6.Schema, body *hclsyntax.Body) {
	w.t.Helper()
	object := must(ctyjson.UnmarshalType(must(json.Marshal(schema.ValueType()))(w.t)))(w.t)
	values := map[string]cty.Value{}
	for name, attributeType := range object.AttributeTypes() {
		values[name] = cty.NullVal(attributeType)
		if attribute := body.Attributes[name]; attribute != nil {
			value, problems := attribute.Expr.Value(&hcl.EvalContext{Variables: map[string]cty.Value{"unknown": cty.DynamicVal}})
			if problems.HasErrors() {
				w.t.Fatal(problems)
			}
			values[name] = must(convert.Convert(value, attributeType))(w.t)
		}
		delete(body.Attributes, name)
	}
	if len(body.Attributes) > 0 {
		w.t.Fatalf("there are no arguments %v", body.Attributes)
	}
	w.schema, w.config = schema, cty.ObjectVal(values)
}

func (w *walk) null() cty.Value { return cty.NullVal(w.config.Type()) }

func (w *walk) encode(value cty.Value) *tfprotov6.DynamicValue {
	w.t.Helper()
	return &tfprotov6.DynamicValue{MsgPack: must(msgpack.Marshal(value, w.config.Type()))(w.t)}
}

// decode returns a value, and makes it the outcome's.
func (w *walk) decode(encoded *tfprotov6.DynamicValue) cty.Value {
	w.t.Helper()
	object := must(msgpack.Unmarshal(encoded.MsgPack, w.config.Type()))(w.t)
	known := must(cty.Transform(object, func(_ cty.Path, value cty.Value) (cty.Value, error) {
		if value.IsKnown() {
			return value, nil
		}
		return cty.NullVal(value.Type()), nil
	}))(w.t)
	w.Values = nil
	decoder := json.NewDecoder(bytes.NewReader(must(ctyjson.Marshal(known, known.Type()))(w.t)))
	decoder.UseNumber()
	must(0, decoder.Decode(&w.Values))(w.t)
	return object
}

// report adds diagnostics to the outcome. It returns whether there was no error so far.
func (w *walk) report(diags []*tfprotov6.Diagnostic) bool {
	for _, d := range diags {
		w.Failed = w.Failed || d.Severity == tfprotov6.DiagnosticSeverityError
		argument := ""
		if steps := d.Attribute.Steps(); len(steps) > 0 {
			argument = fmt.Sprint(steps[0], " =")
			if value := w.config.GetAttr(fmt.Sprint(steps[0])); value.Type() == cty.String && value.IsKnown() && !value.IsNull() {
				argument += fmt.Sprintf(" %q", value.AsString())
			}
		}
		w.Text += strings.Join(strings.Fields(d.Summary+": "+argument+" "+d.Detail), " ") + "\n"
	}
	return !w.Failed
}

// Read reads a data source.
func (d *Direct) Read(config string) Outcome {
	d.t.Helper()
	w := d.walk(config)
	encoded := w.encode(w.config)
	if w.report(must(w.server.ValidateDataResourceConfig(d.t.Context(), &tfprotov6.ValidateDataResourceConfigRequest{TypeName: w.name, Config: encoded}))(d.t).Diagnostics) {
		read := must(w.server.ReadDataSource(d.t.Context(), &tfprotov6.ReadDataSourceRequest{TypeName: w.name, Config: encoded}))(d.t)
		if w.report(read.Diagnostics) {
			w.decode(read.State)
		}
	}
	return *w.Outcome
}

// listConfig returns the configuration in a list block.
func listConfig(list *hclsyntax.Body) *hclsyntax.Body {
	for _, block := range list.Blocks {
		return block.Body
	}
	return &hclsyntax.Body{}
}

// List runs the configured list block, whose own limit and include_resource only a CLI reads.
func (d *Direct) List(config string, limit int64, include bool) (found []Listed, outcome Outcome) {
	d.t.Helper()
	w := d.walk(config)
	encoded := w.encode(w.config)
	valid := must(w.server.ValidateListResourceConfig(d.t.Context(), &tfprotov6.ValidateListResourceConfigRequest{TypeName: w.name, Config: encoded}))(d.t)
	if !w.report(valid.Diagnostics) {
		return nil, *w.Outcome
	}
	stream := must(w.server.ListResource(d.t.Context(), &tfprotov6.ListResourceRequest{TypeName: w.name, Config: encoded, Limit: limit, IncludeResource: include}))(d.t)
	for result := range stream.Results {
		if !w.report(result.Diagnostics) {
			continue
		}
		if result.Identity == nil || (result.Resource != nil) != include {
			d.t.Fatalf("got %+v", result)
		}
		if include {
			w.evaluate(w.resource, &hclsyntax.Body{})
			w.decode(result.Resource)
		}
		found = append(found, Listed{result.DisplayName, w.Values})
	}
	return found, *w.Outcome
}

// Import imports the configured resource by its import id.
func (d *Direct) Import(config, id string) Outcome {
	d.t.Helper()
	w := d.walk(config)
	got := must(w.server.ImportResourceState(d.t.Context(), &tfprotov6.ImportResourceStateRequest{TypeName: w.name, ID: id}))(d.t)
	if w.report(got.Diagnostics) {
		d.state, d.identity = w.decode(got.ImportedResources[0].State), got.ImportedResources[0].Identity
		if d.refresh(w) && d.state.IsNull() {
			w.Failed, w.Text = true, "there is no such object"
		}
	}
	return *w.Outcome
}

// Refresh updates the state of the configured resource.
func (d *Direct) Refresh(config string) Outcome {
	d.t.Helper()
	w := d.walk(config)
	d.refresh(w)
	return *w.Outcome
}

// Plan refreshes the state and plans.
func (d *Direct) Plan(config string) Outcome {
	d.t.Helper()
	w := d.walk(config)
	d.plan(w)
	return *w.Outcome
}

// Apply refreshes the state, plans and applies.
func (d *Direct) Apply(config string) Outcome {
	d.t.Helper()
	w := d.walk(config)
	planned := d.plan(w)
	if w.Failed || w.Action == "no-op" {
		return *w.Outcome
	}
	again := d.walk(config)
	again.Outcome = w.Outcome
	if w.Action != "replace" || d.apply(again, again.null(), nil) {
		d.apply(again, again.config, planned)
	}
	return *w.Outcome
}

// Destroy destroys the resource in state, without a refresh.
func (d *Direct) Destroy(config string) Outcome {
	d.t.Helper()
	w := d.walk(config)
	d.apply(w, w.null(), nil)
	return *w.Outcome
}

// refresh returns false after an error.
func (d *Direct) refresh(w *walk) bool {
	d.t.Helper()
	if d.state == cty.NilVal || d.state.IsNull() {
		d.state, d.identity = w.null(), nil
		return !w.Failed
	}
	read := must(w.server.ReadResource(d.t.Context(), &tfprotov6.ReadResourceRequest{TypeName: w.name, CurrentState: w.encode(d.state), CurrentIdentity: d.identity}))(d.t)
	if w.report(read.Diagnostics) {
		d.state, d.identity = w.decode(read.NewState), read.NewIdentity
	}
	return !w.Failed
}

// Untaint makes the next plan keep an object whose creation failed in part.
func (d *Direct) Untaint() { d.tainted = false }

// plan validates the configuration, refreshes the state and plans.
func (d *Direct) plan(w *walk) *tfprotov6.PlanResourceChangeResponse {
	d.t.Helper()
	valid := must(w.server.ValidateResourceConfig(d.t.Context(), &tfprotov6.ValidateResourceConfigRequest{TypeName: w.name, Config: w.encode(w.config)}))(d.t)
	if !w.report(valid.Diagnostics) || !d.refresh(w) {
		return nil
	}
	planned := d.planFrom(w, d.state)
	switch {
	case w.Failed:
	case d.state.IsNull():
		w.Action = "create"
	case d.tainted || len(planned.RequiresReplace) > 0:
		w.Action = "replace"
		return d.planFrom(w, w.null())
	case w.decode(planned.PlannedState).RawEquals(d.state):
		w.Action = "no-op"
	default:
		w.Action = "update"
	}
	return planned
}

func (d *Direct) planFrom(w *walk, prior cty.Value) *tfprotov6.PlanResourceChangeResponse {
	d.t.Helper()
	proposed := w.config.AsValueMap()
	for _, attribute := range w.schema.Block.Attributes {
		if attribute.Computed && proposed[attribute.Name].IsNull() && !prior.IsNull() {
			proposed[attribute.Name] = prior.GetAttr(attribute.Name)
		}
	}
	planned := must(w.server.PlanResourceChange(d.t.Context(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: w.name, PriorState: w.encode(prior), ProposedNewState: w.encode(cty.ObjectVal(proposed)), Config: w.encode(w.config), PriorIdentity: d.identity,
	}))(d.t)
	if w.report(planned.Diagnostics) {
		w.decode(planned.PlannedState)
	}
	return planned
}

// apply applies a plan, or a destroy if it is nil, and rejects a result that isn't as planned.
func (d *Direct) apply(w *walk, config cty.Value, plan *tfprotov6.PlanResourceChangeResponse) bool {
	d.t.Helper()
	request := &tfprotov6.ApplyResourceChangeRequest{TypeName: w.name, PriorState: w.encode(d.state), PlannedState: w.encode(config), Config: w.encode(config), PlannedIdentity: d.identity}
	if plan != nil {
		request.PlannedState, request.PlannedPrivate, request.PlannedIdentity = plan.PlannedState, plan.PlannedPrivate, plan.PlannedIdentity
	}
	planned, created := w.decode(request.PlannedState), d.state.IsNull()
	applied := must(w.server.ApplyResourceChange(d.t.Context(), request))(d.t)
	d.state, d.identity = w.decode(applied.NewState), applied.NewIdentity
	w.report(applied.Diagnostics)
	if d.tainted = w.Failed && (created || d.tainted); w.Failed || planned.IsNull() {
		return !w.Failed
	}
	for name, value := range planned.AsValueMap() {
		if got := d.state.GetAttr(name); value.IsWhollyKnown() && !value.RawEquals(got) {
			d.t.Errorf("%s should become %#v as planned, but is %#v", name, value, got)
		}
	}
	return true
}
