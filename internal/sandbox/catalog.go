package sandbox

import (
	"bytes"
	_ "embed"
)

// Catalog is what can be used in an organization, as it is on the wire.
type Catalog struct {
	// Assets is an AssetsResponse.
	Assets map[string]any `json:"assets"`
	// Transforms are TransformDefinitions.
	Transforms []map[string]any `json:"transforms"`
	// HPODefinitions are HPODefinitions.
	HPODefinitions []map[string]any `json:"hpoDefinitions"`
}

//go:embed catalog.json
var catalogJSON []byte

// defaultCatalog is the catalog of every organization that isn't given another.
var defaultCatalog = mustReadCatalog()

func mustReadCatalog() *Catalog {
	catalog := &Catalog{}
	if err := decodeJSON(bytes.NewReader(catalogJSON), catalog); err != nil {
		panic("sandbox: catalog.json is not a catalog: " + err.Error())
	}
	return catalog
}

// SetCatalog gives an organization a catalog of its own. It panics where there is
// no such organization, or where the catalog is not JSON.
func (s *Server) SetCatalog(organizationID int64, c Catalog) {
	normal := mustNormalize(&c)
	s.mustChange(organizationID, func(org *organization) { org.Catalog = normal })
}

// catalog returns an organization's catalog. It is never changed, only replaced.
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

func getDefinedTransforms(_ *call, org *organization) (any, error) {
	return append([]map[string]any{}, org.catalog().Transforms...), nil
}

func getDefinedHPO(_ *call, org *organization) (any, error) {
	return append([]map[string]any{}, org.catalog().HPODefinitions...), nil
}
