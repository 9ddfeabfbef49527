package sandbox

import (
	"embed"
	"path"
)

// seeds is a state folder with examples: organizations of teams that build cars,
// two of them with the same name, their files and members.
//
//go:embed seed
var seeds embed.FS

// seed fills an empty sandbox with the examples, the same each time.
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
