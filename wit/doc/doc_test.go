package doc_test

import (
	"bytes"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/internal/golden"
	"github.com/mortise-wasm/mortise/wit"
	"github.com/mortise-wasm/mortise/wit/doc"
)

func parse(t testing.TB, text string, opts wit.Options) *wit.Model {
	t.Helper()
	m, list := wit.Parse(diag.NewFile("a.wit", []byte(text)), opts)
	if list.HasErrors() {
		t.Fatalf("%.2000s\n%.300s", list.Error(), text)
	}
	return m
}

func corpusDir() string {
	if dir := os.Getenv("CORPUS"); dir != "" {
		return dir
	}
	return filepath.Join("..", "..", "..", "shared", "corpus")
}

// load reads a package of the public test data. It skips the test if the data is missing.
func load(t testing.TB, dir string) *wit.Model {
	t.Helper()
	corpus := corpusDir()
	path := filepath.Join(corpus, filepath.FromSlash(dir))
	if _, err := os.Stat(path); err != nil {
		t.Skipf("SKIPPED, NOTHING IS CHECKED: no corpus of public test data at %s (set CORPUS)", corpus)
	}
	m, list := wit.Load(os.DirFS(path), ".", wit.Options{})
	if list.HasErrors() {
		t.Fatal(list)
	}
	return m
}

// body removes the parts that are the same on all pages.
func body(page []byte) string {
	_, s, _ := strings.Cut(string(page), "<nav")
	s, _, _ = strings.Cut(s, "<script>")
	return "<nav" + s
}

func TestGolden(t *testing.T) {
	golden.Corpus{
		Dir: "testdata", Exts: []string{".wit"}, Outputs: []string{".md", ".html"},
		Test: func(t *testing.T, _ string, input []byte) []string {
			m := parse(t, string(input), wit.Options{AllFeatures: true})
			return []string{string(doc.Markdown(m, doc.Options{})), body(doc.HTML(m, doc.Options{}))}
		},
	}.Run(t)
}

// packages are the packages of the public test data that the tests document.
var packages = []string{"wasi/http-0.2", "wasi/http-0.3", "wasi/wasi-keyvalue", "wasi/wasi-nn"}

func TestSameBytes(t *testing.T) {
	for _, dir := range packages {
		a, b := load(t, dir), load(t, dir)
		if !bytes.Equal(doc.HTML(a, doc.Options{}), doc.HTML(b, doc.Options{})) || !bytes.Equal(doc.Markdown(a, doc.Options{}), doc.Markdown(b, doc.Options{})) {
			t.Errorf("%s: two runs differ", dir)
		}
	}
}

var (
	idAttribute  = regexp.MustCompile(` id="([^"]*)"`)
	hrefLocal    = regexp.MustCompile(`href="#([^"]*)"`)
	hrefAny      = regexp.MustCompile(`href="([^"]*)"`)
	markdownLink = regexp.MustCompile("`\\]\\(([^)#]*)#([^)]*)\\)")
)

// checkPage fails unless every anchor is unique and every link leads to an anchor or to another
// site.
func checkPage(t *testing.T, page []byte) {
	t.Helper()
	text := body(page)
	ids := map[string]bool{}
	for _, m := range idAttribute.FindAllStringSubmatch(text, -1) {
		if ids[m[1]] {
			t.Errorf("two anchors %s", m[1])
		}
		ids[m[1]] = true
	}
	links := hrefLocal.FindAllStringSubmatch(text, -1)
	for _, m := range links {
		if !ids[m[1]] {
			t.Errorf("missing anchor #%s", m[1])
		}
	}
	for _, m := range hrefAny.FindAllStringSubmatch(text, -1) {
		if !strings.HasPrefix(m[1], "#") && !strings.HasPrefix(m[1], "https://") && !strings.HasPrefix(m[1], "http://") && !strings.HasPrefix(m[1], "mailto:") {
			t.Errorf("a link to %s", m[1])
		}
	}
	if len(ids) < 3 || len(links) < 3 {
		t.Errorf("only %d anchors and %d links: is this the page?", len(ids), len(links))
	}
}

// checkFiles does the same for Markdown files. A single file has the name "".
func checkFiles(t *testing.T, files []doc.File) {
	t.Helper()
	anchors, links := map[string]bool{}, 0
	for _, f := range files {
		for _, m := range idAttribute.FindAllSubmatch(f.Data, -1) {
			if anchors[f.Name+"#"+string(m[1])] {
				t.Errorf("%s: two anchors %s", f.Name, m[1])
			}
			anchors[f.Name+"#"+string(m[1])] = true
		}
	}
	for _, f := range files {
		for _, m := range markdownLink.FindAllSubmatch(f.Data, -1) {
			to := string(m[1])
			if to == "" {
				to = f.Name
			}
			if links++; !anchors[to+"#"+string(m[2])] {
				t.Errorf("%s: missing anchor %s#%s", f.Name, to, m[2])
			}
		}
	}
	if len(anchors) < 2 || links < 1 {
		t.Errorf("only %d anchors and %d links", len(anchors), links)
	}
}

func TestLinks(t *testing.T) {
	for _, dir := range packages {
		t.Run(dir, func(t *testing.T) {
			m := load(t, dir)
			for _, opts := range []doc.Options{{}, {NoDeps: true}} {
				checkPage(t, doc.HTML(m, opts))
				checkFiles(t, []doc.File{{Data: doc.Markdown(m, opts)}})
				checkFiles(t, doc.MarkdownFiles(m, opts))
			}
		})
	}
}

func TestNoDeps(t *testing.T) {
	m := parse(t, `package a:b;
package c:d { interface i { type t = u8; } }
interface j { use c:d/i.{t}; f: func(x: t); }`, wit.Options{})
	all, main := string(doc.Markdown(m, doc.Options{})), string(doc.Markdown(m, doc.Options{NoDeps: true}))
	if !strings.Contains(all, "x: t") || !strings.Contains(all, "[`t`](#c:d/i.t)") {
		t.Errorf("no link:\n%s", all)
	}
	if strings.Contains(main, "#c:d") || !strings.Contains(main, "`use c:d/i.{t};`") {
		t.Errorf("a link that leads nowhere:\n%s", main)
	}
}

// TestFileNames documents packages whose file names would clash.
func TestFileNames(t *testing.T) {
	m := parse(t, `package a:b-c;
package a-b:c { interface i { type t = u8; } }
interface j { use a-b:c/i.{t}; }`, wit.Options{})
	var names []string
	files := doc.MarkdownFiles(m, doc.Options{})
	for _, f := range files {
		names = append(names, f.Name)
	}
	if got := strings.Join(names, " "); got != "README.md a-b-c.md a-b-c~2.md" {
		t.Errorf("files %s", got)
	}
	checkFiles(t, files)
}

// TestCorpus documents every package of the public test data that loads, with all features.
func TestCorpus(t *testing.T) {
	n := 0
	for path, m := range corpus(t) {
		n++
		page := doc.HTML(m, doc.Options{})
		ids := map[string]bool{}
		for _, id := range idAttribute.FindAllStringSubmatch(body(page), -1) {
			if ids[id[1]] {
				t.Errorf("%s: two anchors %s", path, id[1])
			}
			ids[id[1]] = true
		}
		for _, link := range hrefLocal.FindAllStringSubmatch(body(page), -1) {
			if !ids[link[1]] {
				t.Errorf("%s: missing anchor #%s", path, link[1])
			}
		}
		for _, p := range m.Packages {
			for _, i := range p.Interfaces {
				if !ids[i.ID().String()] {
					t.Errorf("%s: interface %s is not documented", path, i.ID())
				}
				for _, f := range i.Funcs {
					if !bytes.Contains(page, []byte(`data-name="`+f.Label()+`"`)) {
						t.Errorf("%s: function %s of %s is not documented", path, f.Name, i.ID())
					}
				}
			}
		}
		doc.MarkdownFiles(m, doc.Options{})
	}
	t.Logf("%d packages", n)
	if n < 100 {
		t.Errorf("only %d packages of the corpus load", n)
	}
}

// corpus loads the files and folders of the public test data one by one.
func corpus(t *testing.T) iter.Seq2[string, *wit.Model] {
	t.Helper()
	load(t, packages[0]) // skips without the data
	root := os.DirFS(corpusDir())
	return func(yield func(string, *wit.Model) bool) {
		err := fs.WalkDir(root, ".", func(path string, d fs.DirEntry, err error) error {
			if err != nil || !d.IsDir() && !strings.HasSuffix(path, ".wit") {
				return err
			}
			if d.IsDir() {
				if names, _ := fs.Glob(root, path+"/*.wit"); len(names) == 0 {
					return nil
				}
			}
			if m, list := wit.Load(root, path, wit.Options{AllFeatures: true}); !list.HasErrors() && !yield(path, m) {
				return fs.SkipAll
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	}
}
