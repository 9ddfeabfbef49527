package sandbox

import (
	"embed"
	"path"
)

// seeds is a state folder with example organizations, two of them with the same name, and their files and members.
//
//go:embed seed
var seeds embed.FS

// seed adds the examples to an empty sandbox.
func (s *Server) seed() error {
	document, err := seeds.ReadFile(path.Join("seed", stateFile))
	if err != nil {
		return err
	}
	return s.state.restore(document, func(c *content) (*content, error) {
		data, err := seeds.Open(path.Join("seed", c.Name))
		if err != nil {
			return nil, err
		}
		return s.state.dir.store(data)
	})
}
