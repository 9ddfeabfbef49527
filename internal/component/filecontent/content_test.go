package filecontent

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func writeSource(t *testing.T, name, content string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

// If a file changes after it was hashed, no reader gets to the end of its content.
func TestUploadOfAChangingFile(t *testing.T) {
	t.Parallel()
	planned := strings.Repeat("planned ", 10_000)
	for name, change := range map[string]func(t *testing.T, name string){
		"same size":  func(t *testing.T, name string) { t.Helper(); writeSource(t, name, strings.Repeat("changed ", 10_000)) },
		"last byte":  func(t *testing.T, name string) { t.Helper(); writeSource(t, name, planned[:len(planned)-1]+"!") },
		"longer":     func(t *testing.T, name string) { t.Helper(); writeSource(t, name, planned+"!") },
		"shorter":    func(t *testing.T, name string) { t.Helper(); writeSource(t, name, planned[1:]) },
		"empty":      func(t *testing.T, name string) { t.Helper(); writeSource(t, name, "") },
		"not at all": nil,
	} {
		for _, opened := range []bool{false, true} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				source := filepath.Join(t.TempDir(), "map.csv")
				writeSource(t, source, planned)
				content, err := fromFile(t.Context(), source)
				if err != nil {
					t.Fatal(err)
				}
				got, err := readChanging(t, content, source, change, opened)
				switch {
				case change == nil && (err != nil || got != planned):
					t.Errorf("got %d bytes, %v", len(got), err)
				case change != nil && (!errors.Is(err, errChanged) || len(got) >= len(planned)):
					t.Errorf("got %d of %d bytes, %v", len(got), len(planned), err)
				}
			})
		}
	}
}

// readChanging reads content whose file changes before or after it is opened.
func readChanging(t *testing.T, content *Content, source string, change func(*testing.T, string), opened bool) (string, error) {
	t.Helper()
	if change != nil && !opened {
		change(t, source)
	}
	reader, err := content.Open()
	if err != nil {
		return "", err
	}
	defer func() { _ = reader.Close() }()
	if change != nil && opened {
		change(t, source)
	}
	got, err := io.ReadAll(reader)
	return string(got), err
}

func TestUploadOfADeletedFile(t *testing.T) {
	t.Parallel()
	source := filepath.Join(t.TempDir(), "map.csv")
	writeSource(t, source, "x")
	content, err := fromFile(t.Context(), source)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(source); err != nil {
		t.Fatal(err)
	}
	if _, err := content.Open(); !errors.Is(err, errNotExist) || !strings.Contains(err.Error(), "map.csv") {
		t.Errorf("got %v", err)
	}
}

// Windows opens ok.csv under each of the refused names.
func TestNamesThatWindowsChanges(t *testing.T) {
	t.Parallel()
	for name, refused := range map[string]bool{"ok.csv": false, `C:\a. \ok.csv`: false, "ok.csv.": true, "ok.csv ": true, `a\ok.csv. .`: true} {
		if err := checkName("windows", name); (err != nil) != refused {
			t.Errorf("%q: %v", name, err)
		}
		if err := checkName("linux", name); err != nil {
			t.Errorf("%q on Linux: %v", name, err)
		}
	}
}
