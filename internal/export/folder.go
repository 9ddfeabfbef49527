package export

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
)

// folder is a temporary folder next to the output folder, which it becomes at the end. Names of files are relative to
// it and use slashes.
type folder struct {
	path, out string
	// existed is set if the output folder existed, empty. The temporary folder is then that folder itself, renamed, so
	// that its owner and permissions stay.
	existed bool
	root    *os.Root
}

// checkOut returns an error if an export can't become this folder.
func checkOut(out string) error {
	const remedy = "Choose a folder that doesn't exist yet or is empty"
	info, err := os.Stat(out)
	if errors.Is(err, fs.ErrNotExist) {
		parent := filepath.Dir(filepath.Clean(out))
		if info, err := os.Stat(parent); err != nil || !info.IsDir() {
			return fmt.Errorf("-out is %s, but there is no folder %s. Create it first", out, parent)
		}
		return nil
	}
	if err == nil && !info.IsDir() {
		return fmt.Errorf("-out is %s, which is a file. %s", out, remedy)
	}
	entries, err := os.ReadDir(out)
	if err == nil && len(entries) > 0 {
		return fmt.Errorf("-out is %s, which isn't empty. %s. An export never changes an earlier one: write to another folder, and compare the two", out, remedy)
	}
	return err
}

// createFolder returns the temporary folder for an output folder that checkOut accepts.
func createFolder(out string) (*folder, error) {
	out, err := filepath.Abs(out)
	if err != nil {
		return nil, err
	}
	f := &folder{out: out, path: filepath.Join(filepath.Dir(out), "."+filepath.Base(out)+"."+rand.Text())}
	_, err = os.Lstat(out)
	f.existed = err == nil
	if f.existed {
		err = os.Rename(out, f.path)
	} else {
		err = os.Mkdir(f.path, 0o777) //nolint:gosec // It is the user's own folder, for the umask to decide.
	}
	if err != nil {
		return nil, fmt.Errorf("the export needs a temporary folder next to -out: %w. Choose a folder that doesn't exist yet, where you may create one", err)
	}
	if f.root, err = os.OpenRoot(f.path); err != nil {
		return nil, errors.Join(err, f.discard())
	}
	return f, nil
}

// publish makes the folder the output folder.
func (f *folder) publish() error {
	// Windows can't rename a folder that is open.
	if err := f.root.Close(); err != nil {
		return err
	}
	return os.Rename(f.path, f.out)
}

// discard removes the folder. An output folder that existed is empty again.
func (f *folder) discard() error {
	if f.root != nil {
		_ = f.root.Close() // It may be closed already.
	}
	if !f.existed {
		return os.RemoveAll(f.path)
	}
	entries, err := os.ReadDir(f.path)
	for _, entry := range entries {
		err = errors.Join(err, os.RemoveAll(filepath.Join(f.path, entry.Name())))
	}
	return errors.Join(err, os.Rename(f.path, f.out))
}

// create creates a file that doesn't exist yet.
func (f *folder) create(name string, fill func(*os.File) error) error {
	if err := f.root.MkdirAll(path.Dir(name), 0o777); err != nil {
		return err
	}
	file, err := f.root.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o666)
	if err != nil {
		return err
	}
	return errors.Join(fill(file), file.Close())
}

func (f *folder) write(name string, content []byte) error {
	return f.create(name, func(file *os.File) error {
		_, err := file.Write(content)
		return err
	})
}
