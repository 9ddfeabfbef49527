package export

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/guardai/terraform-provider-guardai/internal/component"
)

// state is the part of the CLI's state that identifies managed objects.
type state struct {
	Resources []struct {
		Module    string `json:"module"`
		Type      string `json:"type"`
		Mode      string `json:"mode"`
		Name      string `json:"name"`
		Instances []struct {
			IndexKey   any `json:"index_key"`
			Attributes struct {
				ID   string `json:"id"`
				Name string `json:"name"`
			} `json:"attributes"`
		} `json:"instances"`
	} `json:"resources"`
}

// readState reads the state of a folder, local or remote. It is empty if there is none.
func readState(ctx context.Context, dir string) (*state, error) {
	var found state
	var raw []byte
	var err error
	if exists(filepath.Join(dir, ".terraform")) {
		raw, err = pullState(ctx, dir)
	} else {
		raw, err = os.ReadFile(filepath.Join(dir, localState)) //nolint:gosec // It is in the user's folder.
		if errors.Is(err, fs.ErrNotExist) {
			return &found, nil
		}
	}
	if err != nil || len(raw) == 0 {
		return &found, err
	}
	if err := json.Unmarshal(raw, &found); err != nil {
		return nil, fmt.Errorf("the state can't be read: %w", err)
	}
	return &found, nil
}

func pullState(ctx context.Context, dir string) ([]byte, error) {
	cli, err := findCLI()
	if err != nil {
		return nil, fmt.Errorf("%s is initialized, but its state, which shows what it already manages, can't be read: %w", dir, err)
	}
	command := exec.CommandContext(ctx, cli, "state", "pull") //nolint:gosec // The user's own CLI.
	command.Dir, command.Env = dir, append(os.Environ(), noColor)
	raw, err := command.Output()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return nil, fmt.Errorf("the state of %s can't be read: %s", dir, strings.TrimSpace(string(exit.Stderr)))
	}
	return raw, err
}

// adopt records objects that the configuration manages but the export didn't write, so that an update doesn't add them
// again.
func (r *record) adopt(found *state) {
	known := map[string]bool{}
	for _, org := range r.Organizations {
		known[org.ID] = true
	}
	for _, file := range r.Files {
		known[file.ID] = true
	}
	for _, resource := range found.Resources {
		for _, instance := range resource.Instances {
			id := instance.Attributes.ID
			if resource.Mode != "managed" || known[id] {
				continue
			}
			label := instanceLabel(resource.Module, resource.Name, instance.IndexKey)
			switch resource.Type {
			case organizationType:
				r.Organizations = append(r.Organizations, &recordedOrganization{ID: id, Label: cmp.Or(label, "organization_"+id)})
			case fileType:
				key, err := component.ParseFileID(id)
				if err != nil {
					continue
				}
				r.Files = append(r.Files, &recordedFile{ID: id, OrganizationID: component.FormatID(key.OrganizationID), Name: instance.Attributes.Name, Label: label})
			}
		}
	}
}

// instanceLabel returns the label of a resource instance: its name in the root module, or its key in the GitOps module.
func instanceLabel(module, name string, key any) string {
	switch key := key.(type) {
	case nil:
		if module == "" {
			return name
		}
	case string:
		if module == "module."+moduleName {
			return key
		}
	}
	return ""
}
