package sandbox

import (
	"bytes"
	_ "embed"
	"net/http"
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
	normal := &Catalog{
		Assets:         mustNormalize(c.Assets),
		Transforms:     mustNormalizeAll(c.Transforms),
		HPODefinitions: mustNormalizeAll(c.HPODefinitions),
	}
	s.mustUpdate(organizationID, func(org *organization) { org.catalog = normal })
}

func (s *Server) getAssetDefinitions(w http.ResponseWriter, r *http.Request, who *user) error {
	catalog, err := s.catalog(r, who)
	if err != nil {
		return err
	}
	if catalog.Assets == nil {
		return writeJSON(w, http.StatusOK, map[string]any{})
	}
	return writeJSON(w, http.StatusOK, catalog.Assets)
}

func (s *Server) getDefinedTransforms(w http.ResponseWriter, r *http.Request, who *user) error {
	catalog, err := s.catalog(r, who)
	if err != nil {
		return err
	}
	return writeJSON(w, http.StatusOK, listOf(catalog.Transforms))
}

func (s *Server) getDefinedHPO(w http.ResponseWriter, r *http.Request, who *user) error {
	catalog, err := s.catalog(r, who)
	if err != nil {
		return err
	}
	return writeJSON(w, http.StatusOK, listOf(catalog.HPODefinitions))
}

// catalog returns the catalog of the organization that a request names. It is
// never changed, only replaced.
func (s *Server) catalog(r *http.Request, who *user) (*Catalog, error) {
	id, err := pathID(r)
	if err != nil {
		return nil, err
	}
	catalog := defaultCatalog
	err = s.state.view(id, who, func(org *organization) error {
		if org.catalog != nil {
			catalog = org.catalog
		}
		return nil
	})
	return catalog, err
}

// listOf returns objects such that none of them is [] on the wire, not null.
func listOf(objects []map[string]any) []map[string]any {
	if objects == nil {
		return []map[string]any{}
	}
	return objects
}
