// Command plot draws the figures that make bench wrote into a page: what a plan of
// organizations takes in calls and in time. It is a module of its own, so that what it
// draws with is no dependency of the provider.
package main

import (
	"bytes"
	"errors"
	"flag"
	"image/color"
	"log"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("plot: ")
	page := flag.String("page", filepath.Join("development", "performance.md"), "`page` with the table of make bench")
	out := flag.String("out", "assets", "`folder` to write the pictures to")
	flag.Parse()
	if err := run(*page, *out); err != nil {
		log.Fatal(err)
	}
}

func run(page, out string) error {
	text, err := os.ReadFile(page) //nolint:gosec // The flag names the page.
	if err != nil {
		return err
	}
	plans, err := plansOf(string(text), "plan of organizations")
	if err != nil {
		return err
	}
	for name, draw := range map[string]func([]plan) (*plot.Plot, error){"calls.svg": calls, "time.svg": times} {
		p, err := draw(plans)
		if err != nil {
			return err
		}
		if err := save(filepath.Join(out, name), p); err != nil {
			return err
		}
	}
	return nil
}

// The colors are legible for the color-blind too.
var (
	ours   = color.RGBA{R: 0x09, G: 0x69, B: 0xda, A: 0xff}
	others = color.RGBA{R: 0xbc, G: 0x4c, B: 0x00, A: 0xff}
	grid   = color.RGBA{R: 0xd8, G: 0xde, B: 0xe4, A: 0xff}
)

// calls compares the calls of a plan with one call for each organization.
func calls(plans []plan) (*plot.Plot, error) {
	p := newPlot("Calls in a plan", "organizations", "calls")
	return p, errors.Join(
		addLine(p, "one call for each organization", others, points(plans, func(a plan) float64 { return a.oneByOne })),
		addLine(p, "this provider", ours, points(plans, func(a plan) float64 { return a.calls })),
	)
}

// times compares the time of a plan with that of resources that do nothing.
func times(plans []plan) (*plot.Plot, error) {
	p := newPlot("Time of a plan", "organizations", "seconds")
	return p, errors.Join(
		addLine(p, "this provider", ours, points(plans, func(a plan) float64 { return a.took })),
		addLine(p, "resources that do nothing", others, points(plans, func(a plan) float64 { return a.baseline })),
	)
}

func points(plans []plan, y func(plan) float64) plotter.XYs {
	xys := make(plotter.XYs, 0, len(plans))
	for _, each := range plans {
		xys = append(xys, plotter.XY{X: each.count, Y: y(each)})
	}
	return xys
}

func newPlot(title, x, y string) *plot.Plot {
	p := plot.New()
	p.BackgroundColor = color.White
	p.Title.Text, p.X.Label.Text, p.Y.Label.Text = title, x, y
	p.X.Tick.Marker, p.Y.Tick.Marker = wholeNumbers{}, wholeNumbers{}
	p.Title.Padding = vg.Points(10)
	for _, style := range []*draw.TextStyle{&p.Title.TextStyle, &p.X.Label.TextStyle, &p.Y.Label.TextStyle, &p.X.Tick.Label, &p.Y.Tick.Label, &p.Legend.TextStyle} {
		style.Font = font.From(font.Font{Typeface: "Liberation", Variant: "Sans"}, style.Font.Size)
	}
	p.Title.TextStyle.Font.Size = vg.Points(14)
	p.Legend.Top, p.Legend.Left = true, true
	p.Legend.Padding, p.Legend.XOffs, p.Legend.YOffs = vg.Points(3), vg.Points(10), vg.Points(-6)
	lines := plotter.NewGrid()
	lines.Horizontal.Color, lines.Vertical.Color = grid, grid
	p.Add(lines)
	return p
}

func addLine(p *plot.Plot, name string, c color.Color, xys plotter.XYs) error {
	line, marks, err := plotter.NewLinePoints(xys)
	if err != nil {
		return err
	}
	line.Color, line.Width = c, vg.Points(2)
	marks.Color, marks.Shape, marks.Radius = c, draw.CircleGlyph{}, vg.Points(3)
	p.Add(line, marks)
	p.Legend.Add(name, line, marks)
	p.X.Min, p.Y.Min = 0, 0
	return nil
}

// wholeNumbers are the default ticks without decimals and with thousands apart.
type wholeNumbers struct{}

func (wholeNumbers) Ticks(low, high float64) []plot.Tick {
	ticks := plot.DefaultTicks{}.Ticks(low, high)
	for i := range ticks {
		if ticks[i].IsMinor() {
			continue
		}
		label := strconv.FormatFloat(ticks[i].Value, 'f', 0, 64)
		if len(label) > 3 {
			label = label[:len(label)-3] + "," + label[len(label)-3:]
		}
		ticks[i].Label = label
	}
	return ticks
}

// family is the fonts that a browser has, for one that few have.
const family = "'Liberation Sans',Arial,Helvetica,sans-serif"

// save writes a plot as an SVG on a white ground, which is legible on any page.
func save(file string, p *plot.Plot) error {
	const width, height, margin = 440, 300, 12
	canvas := vgsvg.New(width, height)
	whole := draw.New(canvas)
	whole.SetColor(color.White)
	whole.Fill(whole.Path())
	p.Draw(draw.Crop(whole, margin, -margin, margin, -margin))
	var picture bytes.Buffer
	if _, err := canvas.WriteTo(&picture); err != nil {
		return err
	}
	text := strings.ReplaceAll(picture.String(), "font-family:Liberation Sans", "font-family:"+family)
	return os.WriteFile(file, []byte(text), 0o644) //nolint:gosec // A picture is for everyone to read.
}
