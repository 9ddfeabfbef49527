package guardai

import (
	"net/http"
	"slices"
	"testing"
)

// The files that an organization listed at first are read once, and don't include files that this run deletes.
func TestFilesNamed(t *testing.T) {
	t.Parallel()
	p := newPlatform(t, respond(200, "application/json",
		`{"id":7,"name":"o","settings":{"classMappingFiles":[{"ref":"r1","fileName":"e\u0301.csv"},{"ref":"r2","fileName":"\u00e9.csv"},{"ref":"r3","fileName":"b.csv"},{"fileName":"\u00e9.csv"}]}}`))
	client := p.client(t)
	key := func(ref string) FileKey { return FileKey{7, FileTypeClassMapping, ref} }
	for _, want := range [][]FileKey{{key("r1"), key("r2")}, {key("r2")}} {
		found, err := client.FilesNamed(background(t), 7, "\u00e9.csv")
		if err != nil || !slices.Equal(found, want) {
			t.Errorf("got %v, %v, want %v", found, err, want)
		}
		if err := client.DeleteFile(background(t), key("r1")); err != nil {
			t.Error(err)
		}
	}
	if got := p.count(http.MethodGet); got != 1 {
		t.Errorf("got %d reads, want 1", got)
	}
}
