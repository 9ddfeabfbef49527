package export

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"sync/atomic"
)

// partialDir is the folder for incomplete files. They are moved to their place when they are complete.
const partialDir = ".export-partial"

// folder is the output folder. Paths are relative to it and use slashes. os.Root prevents writes outside it, including
// through symbolic links.
type folder struct {
	root      *os.Root
	tempFiles atomic.Int64
}

// openFolder creates the folder if necessary, and removes the incomplete files of a killed run.
func openFolder(name string) (*folder, error) {
	if err := os.MkdirAll(name, 0o777); err != nil { //nolint:gosec // It is the user's own folder, for the umask to decide.
		return nil, err
	}
	root, err := os.OpenRoot(name)
	if err != nil {
		return nil, err
	}
	f := &folder{root: root}
	return f, root.RemoveAll(partialDir)
}

func (f *folder) close() error {
	return errors.Join(f.root.RemoveAll(partialDir), f.root.Close())
}

// create writes a file atomically: if fill fails, any previous file stays.
func (f *folder) create(name string, fill func(*os.File) error) error {
	if err := f.root.MkdirAll(partialDir, 0o777); err != nil {
		return err
	}
	temporary := path.Join(partialDir, fmt.Sprint(f.tempFiles.Add(1)))
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

// add writes a file unless it exists.
func (f *folder) add(name string, content []byte) error {
	if f.has(name) {
		return nil
	}
	return f.write(name, content)
}

// read returns a file's content; nil if it doesn't exist.
func (f *folder) read(name string) ([]byte, error) {
	content, err := f.root.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return content, err
}

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

// list returns the names in a folder; none if it doesn't exist.
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

// isEmpty reports whether a folder doesn't exist or contains nothing that an export could conflict with.
func isEmpty(name string) (bool, error) {
	entries, err := os.ReadDir(name)
	if errors.Is(err, fs.ErrNotExist) {
		return true, nil
	}
	for _, entry := range entries {
		if entry.Name() != ".git" && entry.Name() != partialDir {
			return false, nil
		}
	}
	return true, err
}
