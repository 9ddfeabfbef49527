package export

import (
	"fmt"
	"io"
	"sync"
	"time"
)

// progressInterval is the minimum time between two updates.
const progressInterval = 100 * time.Millisecond

// progress counts what is done, and shows it on a terminal.
type progress struct {
	// to is a terminal, or nil.
	to io.Writer

	mu          sync.Mutex
	total, done int
	files       int
	bytes       int64
	shown       time.Time
}

func (p *progress) start(organizations int) { p.total = organizations }

// organization begins an organization with some files. The returned function must be called at the end of each file.
func (p *progress) organization(files int) func() {
	if files == 0 {
		p.change(func() { p.done++ })
	}
	return func() {
		p.change(func() {
			files--
			if files == 0 {
				p.done++
			}
		})
	}
}

func (p *progress) downloaded() { p.change(func() { p.files++ }) }

// counting counts the bytes read from content.
func (p *progress) counting(content io.Reader) io.Reader { return &countingReader{content, p} }

type countingReader struct {
	io.Reader
	progress *progress
}

func (c *countingReader) Read(to []byte) (int, error) {
	n, err := c.Reader.Read(to)
	c.progress.change(func() { c.progress.bytes += int64(n) })
	return n, err
}

func (p *progress) change(what func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	what()
	if p.to != nil && time.Since(p.shown) >= progressInterval {
		p.shown = time.Now()
		fmt.Fprintf(p.to, "\r\033[K%d of %s, %s", p.done, count(p.total, "organization"), size(p.bytes))
	}
}

// end clears the line.
func (p *progress) end() {
	if p.to != nil {
		fmt.Fprint(p.to, "\r\033[K")
	}
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

func size(bytes int64) string {
	const unit = 1024
	if bytes < unit {
		return count(int(bytes), "byte")
	}
	value, units := float64(bytes)/unit, "KMGTPE"
	for value >= unit && len(units) > 1 {
		value, units = value/unit, units[1:]
	}
	return fmt.Sprintf("%.1f %ciB", value, units[0])
}
