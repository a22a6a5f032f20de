package doc_test

import (
	"encoding/json"
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/mortise-wasm/mortise/internal/reftool"
	"github.com/mortise-wasm/mortise/wit"
	"github.com/mortise-wasm/mortise/wit/doc"
)

// widths holds the widths of a document and of its window.
type widths struct{ Page, Window int }

func (w widths) fit() bool { return w.Window > 0 && w.Page <= w.Window }

// browserReport is the report of testdata/check.html.
type browserReport struct {
	Failed string
	Frames []struct {
		Width          int
		Widths, Opened widths
		Structure      struct {
			IDs, Scripts                   int
			Twice, Broken, Handlers, Loads []string
		}
		Searches []struct {
			Query, Count, Hash                  string
			Focused, Open, Fits, Closed, InView bool
			Results                             []string
			Steps                               []int
			Contrast                            float64
		}
		Contrast struct {
			Least float64
			Where string
		}
		Menu struct {
			States []bool
			Fits   bool
		}
		Errors []string
	}
	NoScript struct {
		Search, Before, After bool
		Widths                widths
	}
}

// inspect loads a page in a browser and returns the report about it.
func inspect(t *testing.T, page []byte, dark bool, queries ...string) browserReport {
	t.Helper()
	browser := reftool.NewChromium(t)
	check, err := os.ReadFile("testdata/check.html")
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	for path, data := range map[string][]byte{"/check": check, "/page": page} {
		mux.HandleFunc(path, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			_, _ = w.Write(data)
		})
	}
	server := httptest.NewServer(mux)
	defer server.Close()
	dom, console := browser.DumpDOM(server.URL+"/check?"+url.Values{"q": queries}.Encode(), dark)
	for _, line := range console {
		if strings.Contains(line, "Blocked script execution") {
			continue // the frame without scripts
		}
		t.Errorf("the console has: %s", line)
	}
	_, text, _ := strings.Cut(dom, `<pre id="report">`)
	text, _, ok := strings.Cut(text, "</pre>")
	var r browserReport
	if err := json.Unmarshal([]byte(html.UnescapeString(text)), &r); !ok || err != nil {
		t.Fatalf("no report: %v\n%.2000s", err, dom)
	}
	if r.Failed != "" || len(r.Frames) != 2 {
		t.Fatalf("the check failed: %s", r.Failed)
	}
	return r
}

// minContrast is the contrast that WCAG 2 requires of text at level AA.
const minContrast = 4.5

// checkBrowser fails if a report shows a fault that no page may have.
func checkBrowser(t *testing.T, r browserReport) {
	t.Helper()
	for _, f := range r.Frames {
		if !f.Widths.fit() || !f.Opened.fit() {
			t.Errorf("%d: the page scrolls sideways: %+v, all opened %+v", f.Width, f.Widths, f.Opened)
		}
		t.Logf("%d: %+v, contrast at least %.2f of %s", f.Width, f.Widths, f.Contrast.Least, f.Contrast.Where)
		if f.Contrast.Least < minContrast {
			t.Errorf("%d: contrast %.2f of %s", f.Width, f.Contrast.Least, f.Contrast.Where)
		}
		if len(f.Errors) > 0 {
			t.Errorf("%d: %q", f.Width, f.Errors)
		}
		s := f.Structure
		if f.Width == 1280 && (s.IDs == 0 || s.Scripts != 1 || len(s.Twice)+len(s.Broken)+len(s.Handlers)+len(s.Loads) > 0) {
			t.Errorf("structure: %+v", s)
		}
		for _, q := range f.Searches {
			if !q.Focused || !q.Open || !q.Fits || !q.Closed || !q.InView || q.Contrast < minContrast {
				t.Errorf("%d: search: %+v", f.Width, q)
			}
		}
		// The states are: closed; open and announced as open, twice; closed by a link; closed by Escape.
		if f.Width == 390 && (!slices.Equal(f.Menu.States, []bool{false, true, true, false, false}) || !f.Menu.Fits) {
			t.Errorf("the menu: %+v", f.Menu)
		}
	}
	if n := r.NoScript; n.Search || n.Before || !n.After || !n.Widths.fit() {
		t.Errorf("without script: %+v", n)
	}
}

func TestBrowser(t *testing.T) {
	for _, c := range []struct{ name, dir, query, first, hash string }{
		{"http-0.2", "wasi/http-0.2", "fields.get", "method wasi:http/types@0.2.12.fields get", "#wasi:http/types@0.2.12.fields.get"},
		{"http-0.3", "wasi/http-0.3", "filesystem/types.descriptor", "resource wasi:filesystem/types@0.3.0 descriptor", "#wasi:filesystem/types@0.3.0.descriptor"},
	} {
		for _, dark := range []bool{false, true} {
			t.Run(c.name+map[bool]string{true: "-dark"}[dark], func(t *testing.T) {
				r := inspect(t, doc.HTML(load(t, c.dir), doc.Options{}), dark, c.query, "stream")
				checkBrowser(t, r)
				for _, f := range r.Frames {
					q := f.Searches[0]
					if len(q.Results) == 0 || !slices.Equal(q.Steps, []int{0, 1 % len(q.Results), 0}) {
						t.Errorf("%d: %+v", f.Width, q)
					} else if c.first != "" && (q.Results[0] != c.first || q.Hash != c.hash) {
						t.Errorf("%d: the first result is %q and leads to %s", f.Width, q.Results[0], q.Hash)
					}
					if q := f.Searches[1]; len(q.Results) < 5 || !strings.HasSuffix(q.Count, " shown") && !strings.HasSuffix(q.Count, " results") {
						t.Errorf("%d: %d results, said to be %s", f.Width, len(q.Results), q.Count)
					}
				}
			})
		}
	}
}

// TestBrowserHostile inspects a page whose comments and names try to break it.
func TestBrowserHostile(t *testing.T) {
	r := inspect(t, doc.HTML(parse(t, hostile, wit.Options{AllFeatures: true}), doc.Options{Title: hostileTitle}), false)
	checkBrowser(t, r)
}
