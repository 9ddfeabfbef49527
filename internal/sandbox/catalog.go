package sandbox

import (
	"bytes"
	_ "embed"
)

// Catalog lists what users of an organization can choose from. The fields hold JSON as the API sends it.
type Catalog struct {
	Assets         map[string]any   `json:"assets"`
	Transforms     []map[string]any `json:"transforms"`
	HPODefinitions []map[string]any `json:"hpoDefinitions"`
	// Datasets are the predefined ones.
	Datasets []map[string]any `json:"datasets"`
}

//go:embed catalog.json
var catalogJSON []byte

// defaultCatalog applies to every organization without a catalog of its own.
var defaultCatalog = mustDecodeCatalog()

func mustDecodeCatalog() *Catalog {
	catalog := &Catalog{}
	if err := decodeJSON(bytes.NewReader(catalogJSON), catalog); err != nil {
		panic("sandbox: catalog.json is not a catalog: " + err.Error())
	}
	return catalog
}

// SetCatalog gives an organization its own catalog. It panics if the organization doesn't exist or the catalog can't be
// encoded as JSON.
func (s *Server) SetCatalog(organizationID int64, c Catalog) {
	normal := mustNormalize(&c)
	s.mustUpdate(organizationID, func(org *organization) { org.Catalog = normal })
}

// catalog returns the organization's catalog, which is replaced but never modified.
func (o *organization) catalog() *Catalog {
	if o.Catalog == nil {
		return defaultCatalog
	}
	return o.Catalog
}

func getAssetDefinitions(_ *call, org *organization) (any, error) {
	if assets := org.catalog().Assets; assets != nil {
		return assets, nil
	}
	return map[string]any{}, nil
}

// getDefinedTransforms lists the platform's transforms and the organization's own.
func getDefinedTransforms(_ *call, org *organization) (any, error) {
	return append(append([]map[string]any{}, org.catalog().Transforms...), org.definitions(Transform)...), nil
}

func getDefinedHPO(_ *call, org *organization) (any, error) {
	return append([]map[string]any{}, org.catalog().HPODefinitions...), nil
}
