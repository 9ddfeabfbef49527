package export

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"sync/atomic"
)

// partial is where files are written before they are moved to their place, so that
// what has its name is whole.
const partial = ".export-partial"

// folder is where an export is written to. Nothing can be written outside it, whatever
// a path or a symbolic link says. Its paths have slashes.
type folder struct {
	root *os.Root
	made atomic.Int64
}

// openFolder creates the folder where there is none, and removes what a run that was
// killed has left unfinished.
func openFolder(name string) (*folder, error) {
	if err := os.MkdirAll(name, 0o777); err != nil { //nolint:gosec // It is the user's own folder, for the umask to decide.
		return nil, err
	}
	root, err := os.OpenRoot(name)
	if err != nil {
		return nil, err
	}
	f := &folder{root: root}
	return f, root.RemoveAll(partial)
}

func (f *folder) close() error {
	return errors.Join(f.root.RemoveAll(partial), f.root.Close())
}

// create writes a file. Until fill has succeeded there is none of that name, or the
// one before.
func (f *folder) create(name string, fill func(*os.File) error) error {
	if err := f.root.MkdirAll(partial, 0o777); err != nil {
		return err
	}
	temporary := path.Join(partial, fmt.Sprint(f.made.Add(1)))
	file, err := f.root.OpenFile(temporary, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o666)
	if err != nil {
		return err
	}
	if err := errors.Join(fill(file), file.Close()); err != nil {
		return errors.Join(err, f.root.Remove(temporary))
	}
	if err := f.root.MkdirAll(path.Dir(name), 0o777); err != nil {
		return err
	}
	return f.root.Rename(temporary, name)
}

func (f *folder) write(name string, content []byte) error {
	return f.create(name, func(file *os.File) error {
		_, err := file.Write(content)
		return err
	})
}

// add writes a file unless there is one.
func (f *folder) add(name string, content []byte) error {
	if f.has(name) {
		return nil
	}
	return f.write(name, content)
}

// read returns a file's content, nil where there is none.
func (f *folder) read(name string) ([]byte, error) {
	content, err := f.root.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return content, err
}

// remove removes a file, if it is there.
func (f *folder) remove(name string) error {
	if err := f.root.Remove(name); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

func (f *folder) has(name string) bool {
	_, err := f.root.Lstat(name)
	return err == nil
}

// list returns the names in a folder, none where it isn't there.
func (f *folder) list(name string) ([]string, error) {
	entries, err := fs.ReadDir(f.root.FS(), name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	found := make([]string, 0, len(entries))
	for _, entry := range entries {
		found = append(found, entry.Name())
	}
	return found, err
}

// isEmpty reports whether a folder isn't there or has nothing in it that an export
// could clash with.
func isEmpty(name string) (bool, error) {
	entries, err := os.ReadDir(name)
	if errors.Is(err, fs.ErrNotExist) {
		return true, nil
	}
	for _, entry := range entries {
		if entry.Name() != ".git" && entry.Name() != partial {
			return false, nil
		}
	}
	return true, err
}
