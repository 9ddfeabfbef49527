package provider

import (
	"errors"
	"fmt"
	"os"

	"go.yaml.in/yaml/v3"

	"github.com/guardai/terraform-provider-guardai/internal/component"
)

// maxConfigFile limits the size of the configuration file, in bytes; a real one has a few lines.
const maxConfigFile = 1 << 20

// connection is the section that the provider reads from a configuration file of GuardAI's Python client.
type connection struct {
	Host     string `yaml:"host"`
	APIKeyID string `yaml:"api-key-id"`
	APIKey   string `yaml:"api-key"`
}

// readConfigFile reads a configuration file of GuardAI's Python client. Its errors never quote the file, which contains
// a secret.
func readConfigFile(name string) (connection, error) {
	info, err := os.Stat(name)
	switch {
	case err != nil:
		return connection{}, component.UnwrapPathError(err)
	case info.IsDir():
		return connection{}, errors.New("it is a folder")
	case info.Size() > maxConfigFile:
		return connection{}, fmt.Errorf("it is larger than %d bytes", maxConfigFile)
	}
	raw, err := os.ReadFile(name) //nolint:gosec // The user names the file.
	if err != nil {
		return connection{}, component.UnwrapPathError(err)
	}
	return parseConfigFile(raw)
}

func parseConfigFile(raw []byte) (connection, error) {
	var file struct {
		Version    *int       `yaml:"version"`
		Connection connection `yaml:"connection"`
	}
	if err := yaml.Unmarshal(raw, &file); err != nil {
		return connection{}, errors.New("it is not YAML of the form\nversion: 1\nconnection:\n  host: …\n  api-key-id: …\n  api-key: …")
	}
	if file.Version != nil && *file.Version != 1 {
		return connection{}, fmt.Errorf("its version is %d; only version 1 is known", *file.Version)
	}
	return file.Connection, nil
}
