package filecontent

import (
	"path/filepath"
	"strings"
)

// mediaTypes is a fixed table, because that of the operating system differs between machines.
var mediaTypes = map[string]string{
	".7z": "application/x-7z-compressed", ".bmp": "image/bmp", ".bz2": "application/x-bzip2", ".csv": "text/csv",
	".gif": "image/gif", ".gz": "application/gzip", ".htm": "text/html", ".html": "text/html", ".jpeg": "image/jpeg",
	".jpg": "image/jpeg", ".json": "application/json", ".md": "text/markdown", ".mp4": "video/mp4", ".pdf": "application/pdf",
	".png": "image/png", ".py": "text/x-python", ".svg": "image/svg+xml", ".tar": "application/x-tar", ".tgz": "application/gzip",
	".tif": "image/tiff", ".tiff": "image/tiff", ".tsv": "text/tab-separated-values", ".txt": "text/plain", ".webp": "image/webp",
	".xml": "application/xml", ".yaml": "application/yaml", ".yml": "application/yaml", ".zip": "application/zip",
}

// MediaType returns the media type for the extension of a file's name.
func MediaType(name string) string {
	if mediaType, ok := mediaTypes[strings.ToLower(filepath.Ext(name))]; ok {
		return mediaType
	}
	return "application/octet-stream"
}
