package sandbox

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// The page shows the newest objects first, up to these limits.
const (
	pageOrganizations = 50
	pageRequests      = 30
)

//go:embed page.html
var pageHTML string

var pageTemplate = template.Must(template.New("page").Parse(pageHTML))

// page is the data of the page. It holds no credentials: neither keys and tokens, nor the queries of requests and the
// bodies of faults, which may contain anything.
type page struct {
	Host                            string
	Paused                          bool
	Organizations                   []pageOrganization
	Requests                        []pageRequest
	Faults                          []string
	OrganizationCount, RequestCount int
	HiddenOrganizations             int
}

type pageOrganization struct {
	ID    int64
	Name  string
	Facts []pageFact
}

// pageFact is a kind of things that an organization has.
type pageFact struct {
	Name   string
	Values []string
}

type pageRequest struct {
	Time, Method, Path, Status, Details string
	Failed                              bool
}

// showPage responds with the state of the sandbox as an HTML page, which reloads itself unless the query is "paused".
func (s *Server) showPage(w http.ResponseWriter, r *http.Request) {
	requests := s.Requests()
	p := page{Host: r.Host, Paused: r.URL.RawQuery == "paused", RequestCount: len(requests)}
	for _, request := range slices.Backward(requests[max(0, len(requests)-pageRequests):]) {
		p.Requests = append(p.Requests, request.onPage())
	}
	for _, fault := range s.Faults() {
		p.Faults = append(p.Faults, fault.onPage())
	}
	s.addOrganizations(&p)
	var html bytes.Buffer
	if err := pageTemplate.Execute(&html, p); err != nil {
		writeError(w, r, err)
		return
	}
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; img-src data:")
	w.Header().Set("Cache-Control", "no-store")
	writeBody(w, http.StatusOK, "text/html;charset=UTF-8", html.Bytes())
}

func (s *Server) addOrganizations(p *page) {
	s.state.mu.RLock()
	defer s.state.mu.RUnlock()
	all := s.state.sorted()
	p.OrganizationCount = len(all)
	p.HiddenOrganizations = max(0, len(all)-pageOrganizations)
	for _, org := range slices.Backward(all[p.HiddenOrganizations:]) {
		p.Organizations = append(p.Organizations, pageOrganization{org.ID, org.Name, s.state.facts(org)})
	}
}

// facts describes what an organization has. Empty kinds are left out.
func (st *state) facts(org *organization) []pageFact {
	facts := []pageFact{
		{"Settings", org.settingsOnPage()},
		{"Files", org.filesOnPage()},
		{"Members", st.membersOnPage(org.ID)},
		{"Transforms", definitionsOnPage(org.Transforms)},
		{"Metrics", definitionsOnPage(org.Metrics)},
		{"Projects", namesOnPage(org.Projects)},
		{"Models", namesOnPage(org.Models)},
		{"Datasets", namesOnPage(org.Datasets)},
	}
	return slices.DeleteFunc(facts, func(f pageFact) bool { return len(f.Values) == 0 })
}

// settingsOnPage lists the settings apart from the files, which have their own line.
func (o *organization) settingsOnPage() []string {
	var shown []string
	for _, name := range slices.Sorted(maps.Keys(o.Settings)) {
		if name == settingFiles {
			continue
		}
		shown = append(shown, fmt.Sprintf("%s = %v", name, o.Settings[name]))
	}
	return shown
}

func (o *organization) filesOnPage() []string {
	var shown []string
	for _, f := range o.Files {
		text := fmt.Sprintf("%s (%s", f.Name, f.Type)
		if f.DatasetID != nil {
			text += ", dataset " + strconv.FormatInt(*f.DatasetID, 10)
		}
		shown = append(shown, text+")")
	}
	return shown
}

func (st *state) membersOnPage(organizationID int64) []string {
	var shown []string
	for _, u := range st.users {
		if slices.Contains(u.Organizations, organizationID) {
			shown = append(shown, u.Name+" <"+u.Email+">")
		}
	}
	return shown
}

func definitionsOnPage(definitions []*definition) []string {
	var shown []string
	for _, d := range definitions {
		text := fmt.Sprint(d.Fields["name"])
		if d.Code == nil {
			text += " (no code)"
		}
		shown = append(shown, text)
	}
	return shown
}

func namesOnPage(objects []map[string]any) []string {
	var shown []string
	for _, object := range objects {
		shown = append(shown, fmt.Sprint(object["name"]))
	}
	return shown
}

func (r *Request) onPage() pageRequest {
	shown := pageRequest{Time: r.Time.Format(time.TimeOnly), Method: r.Method, Path: r.Path, Status: strconv.Itoa(r.Status)}
	shown.Details = "in progress"
	if r.Duration != 0 {
		shown.Details = r.Duration.Round(time.Microsecond).String()
	}
	if r.Status == 0 {
		shown.Status = "no response"
	}
	if r.Fault != "" {
		shown.Details += ", fault: " + string(r.Fault)
	}
	shown.Failed = r.Fault != "" || r.Status >= http.StatusBadRequest
	return shown
}

// onPage describes a fault without its body and location.
func (f *Fault) onPage() string {
	text := string(f.Kind)
	if f.Status != 0 {
		text += " " + strconv.Itoa(f.Status)
	}
	if f.Delay != 0 {
		text += " " + f.Delay.String()
	}
	if f.Operation == "" {
		text += ", any call"
	} else {
		text += ", " + f.Operation
	}
	if f.Every > 1 {
		text += fmt.Sprintf(", one in %d calls", f.Every)
	}
	if f.Rate > 0 {
		text += fmt.Sprintf(", with probability %g", f.Rate)
	}
	switch f.Times {
	case -1:
		return text + ", until removed"
	case 1:
		return text + ", once more"
	}
	return text + fmt.Sprintf(", %d times more", f.Times)
}
