package definition

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/guardai/terraform-provider-guardai/internal/component"
	"github.com/guardai/terraform-provider-guardai/internal/component/filecontent"
	"github.com/guardai/terraform-provider-guardai/internal/guardai"
)

var (
	_ resource.ResourceWithConfigure   = (*definitionResource)(nil)
	_ resource.ResourceWithIdentity    = (*definitionResource)(nil)
	_ resource.ResourceWithImportState = (*definitionResource)(nil)
	_ resource.ResourceWithModifyPlan  = (*definitionResource)(nil)
)

type definitionResource struct {
	component.Resource
	kind kind
}

func (r *definitionResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_" + string(r.kind.name)
}

// Create creates a definition that has a name, and then writes the rest. State is true after each call.
func (r *definitionResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	plan, state := r.kind.newModel(), r.kind.newModel()
	resp.Diagnostics.Append(req.Plan.Get(ctx, plan)...)
	key := plan.common().key(r.kind.name, &resp.Diagnostics)
	client, ok := r.ReadyClient(&resp.Diagnostics)
	if !ok {
		return
	}
	content := readContent(ctx, plan.common(), &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	name := plan.common().Name.ValueString()
	created, err := client.CreateDefinition(ctx, key.Kind, key.OrganizationID, name)
	if err != nil {
		component.AddError(&resp.Diagnostics, fmt.Sprintf("Unable to create %s %q", key.Kind, name), err)
		return
	}
	key.ID = created.ID
	if created.RecoveredFrom != nil {
		component.AddRecovered(&resp.Diagnostics, title(r.kind.name)+" found after its response was lost",
			fmt.Sprintf("The %s %q, id %s, was found on the platform by its name, and put into state.", key.Kind, name, key.ID), created.RecoveredFrom)
	}
	state.common().setKey(key)
	state.common().Name = plan.common().Name
	fromAPI(state, created.Definition, &resp.Diagnostics)
	w := write{client: client, key: key, plan: plan, state: state, created: true, save: func() {
		resp.Diagnostics.Append(resp.Identity.Set(ctx, state.common().identity())...)
		resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	}}
	w.save()
	w.run(ctx, content, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		resp.Diagnostics.AddWarning("The new "+string(key.Kind)+" is in state, marked as tainted", fmt.Sprintf(
			"The %s was created and has the id %s, but isn't as planned yet. To keep it, run terraform untaint on this resource and apply again. Otherwise the next apply replaces it.", key.Kind, key.ID))
	}
}

// readContent returns the planned content of the code file; nil if no argument sets it.
func readContent(ctx context.Context, plan *commonModel, diags *diag.Diagnostics) *filecontent.Content {
	content, ok := plan.content().ForUpload(ctx, plan.ContentSHA256, plan.Size, diags)
	if !ok || content == nil {
		return nil
	}
	// The first call creates the definition, so a file that is missing now must prevent it.
	file, err := content.Open()
	if err != nil {
		plan.content().AddUploadError(diags, "Unable to read the code file", err)
		return nil
	}
	_ = file.Close()
	return content
}

func (r *definitionResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	state := r.kind.newModel()
	resp.Diagnostics.Append(req.State.Get(ctx, state)...)
	common := state.common()
	key := common.key(r.kind.name, &resp.Diagnostics)
	client, ok := r.ReadyClient(&resp.Diagnostics)
	if !ok {
		return
	}
	// Set before the read, which may find nothing, because the identity must not be missing.
	resp.Diagnostics.Append(resp.Identity.Set(ctx, common.identity())...)
	imported := common.justImported()
	definition, err := client.GetDefinition(ctx, key, expectedFields(state)...)
	if err == nil {
		fromAPI(state, definition, &resp.Diagnostics)
		if imported || common.VerifyContent.ValueBool() {
			err = common.readCode(ctx, client, key)
		}
	}
	switch {
	case guardai.IsNotFound(err):
		if imported {
			resp.Diagnostics.AddError(title(r.kind.name)+" not found", fmt.Sprintf("The platform has no %s %s.", key.Kind, key))
		} else {
			resp.Diagnostics.AddWarning(title(r.kind.name)+" no longer exists", fmt.Sprintf(
				"The platform no longer has the %s %s with the name %s, so the provider removed it from state. If the configuration still contains it, the plan creates it again.", key.Kind, key, common.Name))
		}
		resp.State.RemoveResource(ctx)
	case err != nil:
		component.AddError(&resp.Diagnostics, fmt.Sprintf("Unable to read %s %s", key.Kind, key), err)
	default:
		resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	}
}

// expectedFields returns the fields that a list must contain to be believed: those that have a value in state or, for an
// import, all.
func expectedFields(state model) (names []string) {
	for _, f := range state.fields() {
		if state.common().justImported() || !guardai.SameField(f.name, f.encode(), nil) {
			names = append(names, f.name)
		}
	}
	return names
}

// readCode updates the hash and the size of the code file. If the content has changed, it drops the content in state,
// which would no longer match the hash.
func (m *commonModel) readCode(ctx context.Context, client *guardai.Client, key guardai.DefinitionKey) error {
	current, err := m.download(ctx, client, key)
	switch {
	case guardai.IsNotFound(err):
		m.Content = types.StringNull()
		m.setDigest(nil)
		return nil
	case err != nil:
		return err
	case current.SHA256 != m.ContentSHA256.ValueString():
		m.Content = types.StringNull()
	}
	m.setDigest(&current.Digest)
	return nil
}

func (m *commonModel) download(ctx context.Context, client *guardai.Client, key guardai.DefinitionKey) (filecontent.Downloaded, error) {
	return filecontent.Download(filecontent.MediaType(m.fileName(key.Kind)), func(sink guardai.Sink) error {
		return client.DownloadCode(ctx, key, sink)
	})
}

// Update writes the definition, then the code file, and saves each step to state.
func (r *definitionResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	config, plan, state := r.kind.newModel(), r.kind.newModel(), r.kind.newModel()
	resp.Diagnostics.Append(req.Config.Get(ctx, config)...)
	resp.Diagnostics.Append(req.Plan.Get(ctx, plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, state)...)
	key := state.common().key(r.kind.name, &resp.Diagnostics)
	client, ok := r.ReadyClient(&resp.Diagnostics)
	if !ok {
		return
	}
	planned := plan.common()
	if planned.ContentSHA256.IsUnknown() && config.common().content().IgnoresSource(planned.content()) {
		planned.ContentSHA256, planned.Size = state.common().ContentSHA256, state.common().Size
	}
	var content *filecontent.Content
	if !planned.ContentSHA256.Equal(state.common().ContentSHA256) {
		content = readContent(ctx, planned, &resp.Diagnostics)
	}
	if resp.Diagnostics.HasError() {
		return
	}
	w := write{client: client, key: key, plan: plan, state: state, save: func() {
		resp.Diagnostics.Append(resp.Identity.Set(ctx, state.common().identity())...)
		resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	}}
	w.run(ctx, content, &resp.Diagnostics)
}

// write brings a definition to its plan.
type write struct {
	client *guardai.Client
	key    guardai.DefinitionKey
	// state is true after each step, and save saves it.
	plan, state model
	created     bool
	save        func()
}

// run writes the fields and then the code file; content is nil if it stays as it is.
func (w *write) run(ctx context.Context, content *filecontent.Content, diags *diag.Diagnostics) {
	w.writeFields(ctx, diags)
	if diags.HasError() {
		return
	}
	plan, state := w.plan.common(), w.state.common()
	if content != nil && content.SHA256 != state.ContentSHA256.ValueString() {
		w.upload(ctx, content, diags)
		if diags.HasError() {
			return
		}
	} else {
		state.Content = plan.Content
	}
	state.Source, state.VerifyContent, state.ForceDestroy = plan.Source, plan.VerifyContent, plan.ForceDestroy
	w.save()
}

func (w *write) writeFields(ctx context.Context, diags *diag.Diagnostics) {
	change := map[string]json.RawMessage{}
	for i, f := range w.plan.fields() {
		if planned := f.encode(); planned != nil && !guardai.SameField(f.name, planned, w.state.fields()[i].encode()) {
			change[f.name] = planned
		}
	}
	if len(change) > 0 {
		updated, err := w.client.UpdateDefinition(ctx, w.key, change)
		if err != nil {
			component.AddError(diags, fmt.Sprintf("Unable to update %s %s", w.key.Kind, w.key), err)
			return
		}
		fromAPI(w.state, updated, diags)
	}
	w.reconcile(change, diags)
	w.save()
}

// reconcile compares the fields with the plan. A value that was sent and not accepted is reported. Any other difference is
// another client's change: state keeps the planned value, as Terraform requires, and the next refresh shows the change.
func (w *write) reconcile(sent map[string]json.RawMessage, diags *diag.Diagnostics) {
	actual := w.state.fields()
	for i, f := range w.plan.fields() {
		planned := f.attribute()
		if planned.IsUnknown() {
			continue
		}
		if sent[f.name] != nil && !guardai.SameField(f.name, sent[f.name], actual[i].encode()) {
			component.AddNotAccepted(diags, path.Root(f.name), planned.String(), actual[i].attribute().String(), w.created)
			if !w.created {
				continue
			}
		}
		actual[i].set(f)
	}
}

func (w *write) upload(ctx context.Context, content *filecontent.Content, diags *diag.Diagnostics) {
	plan, state := w.plan.common(), w.state.common()
	name := plan.fileName(w.key.Kind)
	err := w.client.UploadCode(ctx, w.key, guardai.Code{
		Name: name, ContentType: filecontent.MediaType(name), Size: content.Size, SHA256: content.SHA256, Open: content.Open,
	})
	if err != nil {
		plan.content().AddUploadError(diags, fmt.Sprintf("Unable to upload the code file of %s %s", w.key.Kind, w.key), err)
		return
	}
	state.Source, state.Content = plan.Source, plan.Content
	state.setDigest(&content.Digest)
	w.save()
	if !plan.VerifyContent.ValueBool() {
		return
	}
	actual, same, err := plan.content().Confirm(ctx, w.client, content.Digest, w.created,
		func(ctx context.Context) (filecontent.Downloaded, error) { return plan.download(ctx, w.client, w.key) },
		guardai.IsNotFound, diags)
	switch {
	case err != nil:
		diags.AddWarning(fmt.Sprintf("Unable to check the code file of %s %s after the upload", w.key.Kind, w.key), component.Detail(err))
	case !same && !w.created:
		state.Content = types.StringNull()
		state.setDigest(&actual)
		w.save()
	}
}

func (r *definitionResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	state := r.kind.newModel()
	resp.Diagnostics.Append(req.State.Get(ctx, state)...)
	key := state.common().key(r.kind.name, &resp.Diagnostics)
	client, ok := r.ReadyClient(&resp.Diagnostics)
	if !ok {
		return
	}
	destroy(ctx, client, key, state.common(), r.kind.checks, &resp.Diagnostics)
}
