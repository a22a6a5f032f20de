package wit_test

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/internal/golden"
	"github.com/mortise-wasm/mortise/wit"
)

// TestMistakes shows the diagnostics for the mistakes in testdata/mistakes, and the texts after
// applying the edits of the diagnostics. An edit corrects its error: no more errors remain than had
// no edit.
func TestMistakes(t *testing.T) {
	golden.Corpus{
		Dir: "testdata/mistakes", Exts: []string{".wit"}, Outputs: []string{".out", ".fixed"},
		Test: func(t *testing.T, name string, input []byte) []string {
			fsys := files(string(input))
			list := mistakes(fsys)
			if len(list) == 0 {
				t.Fatal("no errors")
			}
			var b strings.Builder
			if err := diag.Render(&b, list, diag.RenderOptions{}); err != nil {
				t.Fatal(err)
			}
			fixed, open := applyEdits(t, fsys, list)
			if open == len(list) {
				return []string{b.String(), ""}
			}
			if rest := mistakes(files(fixed)); len(rest) > open {
				t.Errorf("%d errors had no edit, but %d remain after the edits of the others:\n%v\nin\n%s", open, len(rest), rest, fixed)
			}
			return []string{b.String(), fixed}
		},
	}.Run(t)
}

func mistakes(fsys fstest.MapFS) diag.List {
	m, list := wit.Load(fsys, ".", wit.Options{})
	if m != nil {
		list = append(list, m.Check(false)...)
		if w := m.Main.Worlds; len(list) == 0 && len(w) > 1 && len(w[0].Imports)+len(w[1].Imports) == 0 {
			// These worlds without imports are valid, but a choice between them is ambiguous.
			if _, err := m.World(""); err != nil {
				list = append(list, diag.FromError(err)...)
			}
		}
	}
	list.Sort()
	return list
}

// applyEdits returns the files with all edits applied, and the number of errors without an edit.
func applyEdits(t *testing.T, fsys fstest.MapFS, list diag.List) (text string, open int) {
	t.Helper()
	edits := map[string][]diag.Edit{}
	for _, d := range list {
		if len(d.Edits) == 0 {
			open++
		}
		for _, e := range d.Edits {
			// Two errors may have the same edit.
			if list := edits[e.Span.File.Name]; !slices.Contains(list, e) {
				edits[e.Span.File.Name] = append(list, e)
			}
		}
	}
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(fsys)) {
		data := string(fsys[name].Data)
		slices.SortStableFunc(edits[name], func(a, b diag.Edit) int { return cmp.Compare(b.Span.Start, a.Span.Start) })
		last := len(data)
		for _, e := range edits[name] {
			if e.Span.End > last {
				t.Errorf("two edits overlap at %s", e.Span)
				continue
			}
			data = data[:e.Span.Start] + e.New + data[e.Span.End:]
			last = e.Span.Start
		}
		if len(fsys) > 1 {
			b.WriteString("// file: " + name + "\n")
		}
		b.WriteString(data)
	}
	return b.String(), open
}
