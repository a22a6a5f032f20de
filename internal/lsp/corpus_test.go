package lsp_test

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var wordRE = regexp.MustCompile(`[%A-Za-z][A-Za-z0-9-]*`)

// openAll opens all texts below the client's folder.
func (c *client) openAll() (files []string) {
	c.t.Helper()
	c.marks, c.texts, c.diags = map[string]mark{}, map[string]string{}, map[string][]diagnostic{}
	err := fs.WalkDir(os.DirFS(c.dir), ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || path.Ext(p) != ".wit" {
			return err
		}
		data, err := os.ReadFile(filepath.Join(c.dir, p))
		c.texts[p] = string(data)
		files = append(files, p)
		c.open(p)
		return err
	})
	if err != nil {
		c.t.Fatal(err)
	}
	equal(c.t, "diagnostics", c.report(), "")
	return files
}

// words calls f for each word of a text outside of comments.
func words(text string, f func(at position, word, line string)) {
	for n, line := range strings.Split(text, "\n") {
		code, _, _ := strings.Cut(line, "//")
		for _, m := range wordRE.FindAllStringIndex(code, -1) {
			f(position{n, m[0]}, code[m[0]:m[1]], code)
		}
	}
}

// TestCorpus requests the hover and definition of every word of real packages.
func TestCorpus(t *testing.T) {
	for _, dir := range []string{"wasi/http-0.2", "wasi/http-0.3"} {
		t.Run(dir, func(t *testing.T) {
			c := connect(t, corpus(t, dir))
			c.initialize(map[string]any{})
			all, names, used := 0, 0, 0
			for _, f := range c.openAll() {
				words(c.texts[f], func(at position, word, line string) {
					all++
					p := c.doc(f)
					p["position"] = at
					var h *struct{ Contents struct{ Value string } }
					c.must("textDocument/hover", p, &h)
					var list []location
					c.must("textDocument/definition", p, &list)
					// The description of a keyword has no definition to show.
					named := h != nil && strings.HasPrefix(h.Contents.Value, "```wit\n")
					if named == (len(list) == 0) {
						t.Errorf("%s:%d:%d: only one of description and definition exists", f, at.Line+1, at.Character+1)
					}
					if named {
						names++
					}
					if !strings.HasPrefix(strings.TrimSpace(line), "use ") || word == "use" || word == "as" {
						return
					}
					used++
					if len(list) == 0 {
						t.Errorf("%s:%d:%d: `%s` of a use has no definition", f, at.Line+1, at.Character+1, word)
					}
				})
			}
			t.Logf("%d words, %d of them names, %d in uses", all, names, used)
			if names < 900 || used < 40 {
				t.Error("too few names")
			}
		})
	}
}

// TestCorpusRename renames names of real packages. There must be no errors afterwards. The server
// itself checks that all names keep their meaning, so the test only checks that it does not refuse.
func TestCorpusRename(t *testing.T) {
	for _, test := range []struct{ dir, pkg string }{{"wasi/http-0.2", "http"}, {"wasi/http-0.2", "filesystem"}, {"wasi/http-0.3", "sockets"}, {"wasi/http-0.3", "http"}} {
		t.Run(test.dir+" "+test.pkg, func(t *testing.T) {
			from := filepath.Join(corpus(t, test.dir), "deps")
			dir := t.TempDir()
			entries, err := os.ReadDir(from)
			if err != nil {
				t.Fatal(err)
			}
			found := false
			for _, e := range entries {
				to := filepath.Join(dir, "deps")
				if strings.Contains(e.Name(), test.pkg) {
					to, found = dir, true
				}
				data, err := os.ReadFile(filepath.Join(from, e.Name()))
				if err == nil {
					err = errors.Join(os.MkdirAll(to, 0o777), os.WriteFile(filepath.Join(to, e.Name()), data, 0o666))
				}
				if err != nil {
					t.Fatal(err)
				}
			}
			if !found {
				t.Skipf("no package %s in %s", test.pkg, test.dir)
			}
			c := connect(t, dir)
			c.initialize(map[string]any{})
			renamed, n := 0, 0
			for _, f := range c.openAll() {
				if strings.HasPrefix(f, "deps/") {
					continue
				}
				words(c.texts[f], func(at position, word, line string) {
					p := c.doc(f)
					p["position"] = at
					var can *struct{ Placeholder string }
					if n++; n%12 != 0 || c.call("textDocument/prepareRename", p, &can) != nil || can == nil {
						return
					}
					p["newName"] = "q-" + strings.ToLower(can.Placeholder)
					var edit struct{ Changes map[string][]textEdit }
					if err := c.call("textDocument/rename", p, &edit); err != nil {
						t.Errorf("%s:%d:%d: %v", f, at.Line+1, at.Character+1, err)
						return
					}
					renamed++
					for u, edits := range edit.Changes {
						c.edit(c.file(u), applied(c.texts[c.file(u)], edits))
					}
					equal(t, "diagnostics after a rename of "+word, c.report(), "")
					for u := range edit.Changes {
						c.edit(c.file(u), c.texts[c.file(u)])
					}
				})
			}
			t.Logf("%d renamed", renamed)
			if renamed < 10 {
				t.Error("too few renames")
			}
		})
	}
}
