package export

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/guardai/terraform-provider-guardai/internal/component"
)

// verifyClone expects that a clone of a repository with the exported folder has the same files with the same contents:
// Git ignores none of them, and changes no line endings. The rules are those of the export, of the user's settings and
// of the repository that the output folder is in. temp is an empty folder. It returns what was found.
func verifyClone(ctx context.Context, f *folder, form layout, temp string) (string, error) {
	git, _ := exec.LookPath("git") // Empty if there is none.
	if git == "" {
		return "There is no git on the PATH, so it wasn't checked whether a clone has the same files.", nil
	}
	files, folders, err := list(f.root.FS())
	if err != nil {
		return "", err
	}
	// A new repository with the exported folder as its work tree, because the folder may be in another repository.
	own := &gitRepository{git: git, dir: f.path, args: []string{"--git-dir=" + filepath.Join(temp, "git"), "--work-tree=" + f.path}}
	if _, err := own.run(ctx, nil, "init", "-q"); err != nil {
		return "", err
	}
	missing, err := own.problems(ctx, "", form, files, folders)
	if err != nil {
		return "", err
	}
	outer := &gitRepository{git: git, dir: filepath.Dir(f.out)}
	if inside, err := outer.run(ctx, nil, "rev-parse", "--is-inside-work-tree"); err == nil && string(inside) == "true\n" {
		more, err := outer.problems(ctx, filepath.Base(f.out), form, files, folders)
		if err != nil {
			return "", err
		}
		missing = append(missing, more...)
	}
	if len(missing) > 0 {
		return "", fmt.Errorf("a clone would differ from the exported folder:\n%s\nChange these rules of Git, or export to a folder that they don't apply to",
			component.JoinLimited(missing, "\n"))
	}
	return "A clone has the same files.", nil
}

// list returns the paths of all files, and of all folders.
func list(root fs.FS) (files, folders []string, err error) {
	err = fs.WalkDir(root, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil || name == ".":
			return err
		case entry.IsDir():
			folders = append(folders, name)
		default:
			files = append(files, name)
		}
		return nil
	})
	return files, folders, err
}

// gitRepository is a repository, and a folder in its work tree where git runs.
type gitRepository struct {
	git, dir string
	args     []string
}

// problems returns why a clone lacks files or has other contents. prefix is the exported folder's path below dir; if it
// isn't empty, the folder doesn't exist yet.
func (r *gitRepository) problems(ctx context.Context, prefix string, form layout, files, folders []string) (problems []string, err error) {
	records, err := r.query(ctx, prefix, files, 4, "check-ignore", "--verbose", "--no-index")
	for _, record := range records {
		if source, line, pattern := record[0], record[1], record[2]; !strings.HasPrefix(pattern, "!") {
			problems = append(problems, fmt.Sprintf("%s would be left out: line %s of %s, %s, ignores it", record[3], line, source, pattern))
		}
	}
	if err != nil {
		return nil, err
	}
	records, err = r.query(ctx, prefix, append(folders, files...), 3, "check-attr", "export-ignore", "text")
	contents := path.Join(form.root, form.contents) + "/"
	for _, record := range records {
		switch name, attribute, value := record[0], record[1], record[2]; {
		case attribute == "export-ignore" && value == "set":
			problems = append(problems, name+" would be left out of archives: it has the attribute export-ignore")
		case attribute == "text" && value != "unset" && prefix == "" && strings.HasPrefix(name, contents):
			problems = append(problems, name+" would have other line endings on some systems: it lacks the attribute -text")
		}
	}
	return problems, err
}

// query passes paths to a command of git, and returns its output as records of so many fields.
func (r *gitRepository) query(ctx context.Context, prefix string, names []string, fields int, command ...string) (records [][]string, err error) {
	var input bytes.Buffer
	for _, name := range names {
		input.WriteString(path.Join(prefix, name) + "\x00")
	}
	output, err := r.run(ctx, input.Bytes(), append([]string{command[0], "-z", "--stdin"}, command[1:]...)...)
	// check-ignore ends with 1 if it found nothing.
	if exit, ok := errors.AsType[*exec.ExitError](err); ok && exit.ExitCode() == 1 && command[0] == "check-ignore" {
		err = nil
	}
	values := strings.Split(string(output), "\x00")
	for len(values) > fields {
		records, values = append(records, values[:fields]), values[fields:]
	}
	return records, err
}

func (r *gitRepository) run(ctx context.Context, input []byte, args ...string) ([]byte, error) {
	command := exec.CommandContext(ctx, r.git, slices.Concat(r.args, args)...) //nolint:gosec // The user's own git.
	command.Dir, command.Stdin = r.dir, bytes.NewReader(input)
	// Git sets these for hooks and aliases.
	command.Env = slices.DeleteFunc(os.Environ(), func(variable string) bool {
		name, _, _ := strings.Cut(variable, "=")
		return slices.Contains([]string{"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"}, name)
	})
	output, err := command.Output()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		err = fmt.Errorf("git %s: %w\n%s", args[0], err, bytes.TrimSpace(exit.Stderr))
	}
	return output, err
}
