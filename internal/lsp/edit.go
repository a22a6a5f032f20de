package lsp

import (
	"bytes"
	"cmp"
	"maps"
	"slices"

	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"github.com/mortise-wasm/mortise/wit/syntax"
)

// edit replaces the bytes from start up to, but not including, end of a text.
type edit struct {
	start, end int
	text       string
}

// apply returns data with edits applied. The edits must not overlap.
func apply(data []byte, edits []edit) []byte {
	edits = slices.SortedFunc(slices.Values(edits), func(a, b edit) int { return cmp.Compare(a.start, b.start) })
	var out []byte
	last := 0
	for _, e := range edits {
		out = append(append(out, data[last:e.start]...), e.text...)
		last = e.end
	}
	return append(out, data[last:]...)
}

// workspaceEdit converts edits of a package's files to the form that the client supports.
func (s *server) workspaceEdit(k *pack, edits map[string][]edit) *protocol.WorkspaceEdit {
	out := &protocol.WorkspaceEdit{}
	for _, p := range slices.Sorted(maps.Keys(edits)) {
		t := k.tree(p)
		if t == nil {
			continue
		}
		var list []protocol.TextEdit
		for _, e := range edits[p] {
			list = append(list, protocol.TextEdit{Range: t.text.rng(e.start, e.end, s.enc), NewText: e.text})
		}
		if !s.caps.documentChanges {
			if out.Changes == nil {
				out.Changes = map[uri.URI][]protocol.TextEdit{}
			}
			out.Changes[s.uri(p)] = list
			continue
		}
		c := &protocol.TextDocumentEdit{}
		c.TextDocument.URI = s.uri(p)
		if d := s.docs[p]; d != nil {
			c.TextDocument.Version = ptr(d.version)
		}
		for i := range list {
			c.Edits = append(c.Edits, &list[i])
		}
		out.DocumentChanges = append(out.DocumentChanges, c)
	}
	return out
}

// formatting formats a text as `wit fmt` does. It leaves a text that cannot be parsed unchanged.
func (s *server) formatting(p *protocol.DocumentFormattingParams) ([]protocol.TextEdit, error) {
	_, t, err := s.open(p.TextDocument.URI)
	if err != nil {
		return nil, err
	}
	out := []protocol.TextEdit{}
	data := t.file.Source.Data
	want, list := syntax.Format(t.file.Source, syntax.Options{NestedNames: true})
	if list.HasErrors() || bytes.Equal(data, want) {
		return out, nil
	}
	e := difference(data, want)
	return append(out, protocol.TextEdit{Range: t.text.rng(e.start, e.end, s.enc), NewText: e.text}), nil
}

// difference returns an edit of whole lines that turns data into want.
func difference(data, want []byte) edit {
	lines := func(b []byte) [][]byte { return bytes.SplitAfter(b, []byte("\n")) }
	a, b := lines(data), lines(want)
	start, skip := 0, 0
	for skip < len(a) && skip < len(b) && bytes.Equal(a[skip], b[skip]) {
		start += len(a[skip])
		skip++
	}
	a, b = a[skip:], b[skip:]
	end := len(data)
	for len(a) > 0 && len(b) > 0 && bytes.Equal(a[len(a)-1], b[len(b)-1]) {
		end -= len(a[len(a)-1])
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	return edit{start, end, string(bytes.Join(b, nil))}
}
